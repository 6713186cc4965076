"""Reminders as the review decides them, of lines that show what matters to a test."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from reminderd.domain.ladders import Policy, Severity
from reminderd.domain.lines import Allowance, Deadline, DeadlineKind
from reminderd.domain.periods import parse_period
from reminderd.domain.plans import UNSAID, Plan
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
from tests.messages.carriers import CARRIERS

# Eleven in the evening in London, when nobody wants to think.
TONIGHT = datetime(2026, 11, 22, 23, tzinfo=UTC)
ENGLISH = Reader(language="en", zone=LONDON)
CHINESE = Reader(language="zh_CN", zone=LONDON)
IN_SHANGHAI = Reader(language="zh_CN", zone=SHANGHAI)
IN_SHANGHAI_ENGLISH = Reader(language="en", zone=SHANGHAI)
NUMBER = "+447700900123"


# Beside the built-in limits those of what follows from a line.
_LADDERS = {
    "validity": "30d 7d 3d 1d",
    "credit": "30d 7d 3d 1d",
    "start_by": "30d 7d 3d 1d",
    "keep_alive": "30d 14d 7d 3d 1d",
    "number": "30d 14d 7d 3d 1d",
    "grace": "30d 14d 7d 3d 1d",
    "expiry": "3d",
    "runs_out": "7d 3d",
    "data": "20% 500MB",
    "daily_data": "20%",
    "voice": "20%",
    "sms": "20%",
    "balance": "20%",
}


def a_card(
    name: str = "uk-travel",
    *,
    zone: ZoneInfo = LONDON,
    carrier: str = "giffgaff",
    plan: Plan = UNSAID,
) -> LineCard:
    return LineCard(name=name, zone=zone, carrier=carrier, number=NUMBER, plan=plan)


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
    card = a_card(name, zone=zone)
    return reminder_about(card, *readings, told=told, due_since=due_since)


def reminder_about(
    card: LineCard,
    *readings: Allowance | Deadline,
    told: Sequence[Told] = (),
    due_since: datetime | None = None,
) -> LineReminder:
    """Return tonight's reminder of a line under the terms of its carrier."""
    line = a_line(
        *readings,
        name=card.name,
        zone=card.zone,
        added_at=TONIGHT - timedelta(days=400),
        review_at=due_since,
    )
    line = replace(line, plan=card.plan)
    said_before = {item.item: item for item in told}
    reminder = review(line, policy_of(card), said_before, TONIGHT).reminder
    assert reminder is not None
    return LineReminder(line=card, reminder=reminder, created_at=TONIGHT)


def policy_of(card: LineCard) -> Policy:
    """Return the built-in limits, and the terms of the carrier of *card*."""
    policy = a_policy(ladders=_LADDERS)
    terms = CARRIERS[card.carrier or ""].terms
    return replace(policy, terms=terms, within=parse_period("14d"))


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
    return compose(contents, reader, CARRIERS, now, short=short)


def text_of(*contents: Content, reader: Reader = ENGLISH) -> str:
    """Return title, empty line and body of the message."""
    message = composed(*contents, reader=reader)
    return f"{message.title}\n\n{message.body}\n"
