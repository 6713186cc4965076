"""Reminders as the review decides them, of lines that show what matters to a test."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from reminderd.config.known_carriers import KnownCarriers
from reminderd.domain.ladders import Severity
from reminderd.domain.lines import Allowance, Deadline, DeadlineKind
from reminderd.domain.quantities import AllowanceKind
from reminderd.domain.reminders import (
    Content,
    LineCard,
    LineReminder,
    Message,
    Notice,
)
from reminderd.domain.review import review
from reminderd.domain.told import Told
from reminderd.messages.compose import Reader, compose
from tests.builders import (
    LONDON,
    SHANGHAI,
    a_deadline,
    a_line,
    a_policy,
    an_allowance,
)

# Eleven in the evening in London, when nobody wants to think.
TONIGHT = datetime(2026, 11, 22, 23, tzinfo=UTC)
ENGLISH = Reader(language="en", zone=LONDON)
CHINESE = Reader(language="zh_CN", zone=LONDON)
IN_SHANGHAI = Reader(language="zh_CN", zone=SHANGHAI)
IN_SHANGHAI_ENGLISH = Reader(language="en", zone=SHANGHAI)
NUMBER = "+447700900123"


def a_reminder(
    *readings: Allowance | Deadline,
    name: str = "uk-travel",
    zone: ZoneInfo = LONDON,
    told: Sequence[Told] = (),
    due_since: datetime | None = None,
) -> LineReminder:
    """Return tonight's reminder of a giffgaff line with *readings*.

    ``told`` is what was said before; ``due_since`` when it should have been said.
    """
    line = a_line(
        *readings,
        name=name,
        zone=zone,
        added_at=TONIGHT - timedelta(days=400),
        review_at=due_since,
    )
    reminder = review(
        line, a_policy(), {item.item: item for item in told}, TONIGHT
    ).reminder
    assert reminder is not None
    card = LineCard(name=name, zone=zone, carrier="giffgaff", number=NUMBER)
    return LineReminder(line=card, reminder=reminder, created_at=TONIGHT)


def a_date(
    due: date | datetime, kind: DeadlineKind = DeadlineKind.VALIDITY
) -> Deadline:
    return a_deadline(due, kind=kind, observed_at=TONIGHT)


def an_amount(
    kind: AllowanceKind, remaining: int | None, total: int | None, *, days_old: int = 3
) -> Allowance:
    observed_at = TONIGHT - timedelta(days=days_old)
    return an_allowance(
        remaining,
        total,
        kind=kind,
        unlimited=remaining is None,
        observed_at=observed_at,
    )


def a_notice(
    code: str, *, severity: Severity = Severity.WARNING, **details: str
) -> Notice:
    return Notice(code=code, severity=severity, details=details, created_at=TONIGHT)


def said(item: str, step: str, due_at: datetime | None = None) -> Told:
    """Return that *step* was said ten days ago."""
    at = TONIGHT - timedelta(days=10)
    return Told(item=item, cycle="1", step=step, said_at=at, due_at=due_at)


def composed(
    *contents: Content,
    reader: Reader = ENGLISH,
    now: datetime = TONIGHT,
    short: bool = False,
) -> Message:
    return compose(contents, reader, KnownCarriers({}), now, short=short)


def text_of(*contents: Content, reader: Reader = ENGLISH) -> str:
    """Return title, empty line and body of the message."""
    message = composed(*contents, reader=reader)
    return f"{message.title}\n\n{message.body}\n"
