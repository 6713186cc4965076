from dataclasses import replace

import pytest

from reminderd.domain.findings import open_again
from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import Finding, Reminder
from reminderd.domain.told import Told
from tests.builders import NOW

FOUND = Finding(
    item="data",
    step="20%",
    severity=Severity.WARNING,
    cycle="c",
    new=False,
    observed_at=NOW,
)
TOLD = Told(item="data", cycle="c", step="20%", said_at=NOW)


def missed(*, new: bool = True) -> Reminder:
    return Reminder(
        findings=(replace(FOUND, new=new),), severity=Severity.INFO, key="k"
    )


def test_what_a_missed_reminder_was_for_is_open_as_bad_as_it_is_now() -> None:
    worse = replace(FOUND, severity=Severity.CRITICAL)

    assert open_again(missed(), [worse], [TOLD]) is Severity.CRITICAL


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(replace(FOUND, step="10%"), id="another limit"),
        pytest.param(replace(FOUND, cycle="d"), id="another cycle"),
        pytest.param(replace(FOUND, item="voice"), id="another item"),
    ],
)
def test_what_stands_elsewhere_now_is_not_open_again(found: Finding) -> None:
    assert open_again(missed(), [found], [TOLD]) is None


def test_what_was_only_mentioned_in_it_is_not_open_again() -> None:
    assert open_again(missed(new=False), [FOUND], [TOLD]) is None


def test_what_has_been_answered_is_not_open_again() -> None:
    answered = replace(TOLD, acknowledged_at=NOW)

    assert open_again(missed(), [FOUND], [answered]) is None
