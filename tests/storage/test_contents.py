import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import (
    Finding,
    Gap,
    GapKind,
    LineCard,
    LineReminder,
    Notice,
    Recovery,
    Reminder,
)
from reminderd.storage.contents import (
    LineColumns,
    StoredContent,
    encode_notice,
    encode_reminder,
)
from tests.builders import LONDON, NOW

CARD = LineCard(name="uk-travel", zone=LONDON, number="+447700900123")
LINE = LineColumns(
    name="uk-travel",
    timezone="Europe/London",
    carrier=None,
    number="+447700900123",
    plan=None,
)
FULL = Reminder(
    findings=(
        Finding(
            item="validity",
            step="3d",
            severity=Severity.CRITICAL,
            cycle="2026-12-04",
            new=True,
            count=2,
            due=date(2026, 12, 4),
            due_at=datetime(2026, 12, 5, tzinfo=UTC),
            observed_at=NOW,
        ),
        Finding(
            item="balance",
            step="20%",
            severity=Severity.WARNING,
            cycle="1",
            due=datetime(2026, 12, 4, 12, tzinfo=UTC),
            remaining=0,
            total=1000,
            currency="GBP",
            observed_at=NOW,
        ),
    ),
    recoveries=(
        Recovery(item="data", cycle="2", remaining=10, unlimited=True, next_at=NOW),
    ),
    severity=Severity.CRITICAL,
    late_since=NOW,
    useful_until=NOW,
    gap=Gap(kind=GapKind.ASLEEP, start=NOW, end=NOW, lines=4),
    key="k",
)


@pytest.mark.parametrize(
    "reminder",
    [
        pytest.param(FULL, id="everything known"),
        pytest.param(
            Reminder(findings=(), severity=Severity.INFO, key="k"), id="nothing known"
        ),
    ],
)
def test_reminder_comes_back_as_it_was(reminder: Reminder) -> None:
    record = json.loads(json.dumps(encode_reminder(reminder)))

    content = StoredContent(line=LINE, record=record, created_at=NOW).decoded()

    assert content == LineReminder(line=CARD, reminder=reminder, created_at=NOW)


def test_number_of_the_line_is_not_stored_twice() -> None:
    assert "447700" not in json.dumps(encode_reminder(FULL))


def test_notice_comes_back_as_it_was() -> None:
    notice = Notice(
        code="channel-broken",
        severity=Severity.CRITICAL,
        details={"channel": "phone", "reason": "the service answered 401"},
        created_at=NOW,
    )
    record = json.loads(json.dumps(encode_notice(notice)))

    assert StoredContent(line=None, record=record, created_at=NOW).decoded() == notice


def test_row_of_somebody_else_is_refused_only_when_it_is_looked_into() -> None:
    stored = StoredContent(line=LINE, record={"what": "ever"}, created_at=NOW)

    with pytest.raises((KeyError, TypeError, ValueError)):
        stored.decoded()


def test_zone_that_is_not_known_here_is_refused_only_when_it_is_looked_into() -> None:
    lost = replace(LINE, timezone="Mars/Olympus")
    stored = StoredContent(line=lost, record=encode_reminder(FULL), created_at=NOW)

    with pytest.raises((KeyError, ValueError)):
        stored.decoded()
