from dataclasses import replace

import pytest

from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import Finding, Reminder
from tests.builders import NOW


@pytest.mark.parametrize(
    ("severities", "worst"),
    [
        ([], Severity.INFO),
        ([Severity.CRITICAL], Severity.CRITICAL),
        ([Severity.WARNING, Severity.CRITICAL, Severity.INFO], Severity.CRITICAL),
    ],
)
def test_the_worst_of_a_reminder_counts_old_findings_too(
    severities: list[Severity], worst: Severity
) -> None:
    finding = Finding(
        item="data", step="20%", severity=Severity.INFO, cycle="", observed_at=NOW
    )
    findings = tuple(replace(finding, severity=severity) for severity in severities)
    reminder = Reminder(findings=findings, severity=Severity.INFO, key="key")

    assert reminder.worst is worst
