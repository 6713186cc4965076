"""Findings, and the reminder that carries them to a line's owner."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from reminderd.domain.ladders import Severity
from reminderd.domain.plans import UNSAID, Plan
from reminderd.domain.quantities import DECIMAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One item of a line at or below a limit, as it was when the review saw it.

    ``new`` marks what this reminder is about; ``count`` is the number of its repeat.
    ``per_day`` is the use that a forecast goes by. ``renewed_until`` is where the plan
    would end if it were renewed now.
    """

    item: str
    step: str
    severity: Severity
    cycle: str
    new: bool = False
    count: int = 0
    due: date | datetime | None = None
    due_at: datetime | None = None
    remaining: int | None = None
    total: int | None = None
    currency: str | None = None
    size_base: int = DECIMAL
    daily: bool = False
    throttled: bool = False
    per_day: int | None = None
    renews_itself: bool = False
    renewed_until: date | None = None
    observed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """An item that had been reported and has been renewed or refilled since.

    ``next_at`` is the instant of its next limit, None where only a reading can
    bring one about.
    """

    item: str
    cycle: str
    due: date | datetime | None = None
    due_at: datetime | None = None
    remaining: int | None = None
    total: int | None = None
    unlimited: bool = False
    currency: str | None = None
    size_base: int = DECIMAL
    next_at: datetime | None = None


class GapKind(StrEnum):
    """Why nobody looked at the lines for a while."""

    DOWN = "down"
    ASLEEP = "asleep"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A time in which nobody looked; so many lines reached a limit in it."""

    kind: GapKind
    start: datetime
    end: datetime
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """The decision to tell a line's owner: all its findings, worst first.

    ``severity`` is that of the worst new finding. ``key`` names the new findings
    and recoveries by item, cycle, step and repeat, and never the day of sending.
    ``late_since`` is when it should have been said, if that is over a day ago; past
    ``useful_until`` another message takes its place. ``gap`` is the one before the
    pass that decided it.
    """

    findings: tuple[Finding, ...]
    recoveries: tuple[Recovery, ...] = ()
    severity: Severity
    late_since: datetime | None = None
    useful_until: datetime | None = None
    gap: Gap | None = None
    key: str

    @property
    def worst(self) -> Severity:
        """The severity of the worst finding, new or not."""
        return max((known.severity for known in self.findings), default=self.severity)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCard:
    """What a message says about a line besides its findings; ``number`` is E.164.

    ``plan`` is what its owner says of how it is renewed.
    """

    name: str
    zone: ZoneInfo
    carrier: str | None = None
    number: str | None = None
    plan: Plan = UNSAID


@dataclass(frozen=True, slots=True, kw_only=True)
class LineReminder:
    """A reminder and the line it is about."""

    line: LineCard
    reminder: Reminder
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something about reminderd itself, such as a broken channel or a refused edit.

    ``code`` names the text in the message catalogues, ``details`` fills it in.
    """

    code: str
    severity: Severity
    details: Mapping[str, str]
    created_at: datetime


Content = LineReminder | Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Plain text for one channel; ``table`` is a CSV file to attach, if any."""

    title: str
    body: str
    severity: Severity
    table: str | None = None
