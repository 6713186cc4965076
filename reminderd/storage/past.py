"""What has been: reminders and where they went, what people did, and readings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select

from reminderd.domain.ladders import Severity
from reminderd.domain.quantities import Money
from reminderd.storage.contents import StoredContent
from reminderd.storage.tables import metadata

REMINDER = "reminder"
DELIVERY = "delivery"
EVENT = "event"
READING = "reading"

_LINE = metadata.tables["line"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAttempt:
    """One try at a delivery; ``outcome`` is None while it lasts."""

    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDelivery:
    """One reminder for one channel, and every try at it, the first one first."""

    id: int
    channel: str
    state: str
    reason: str | None
    next_attempt_at: datetime | None
    settled_at: datetime | None
    attempts: tuple[PastAttempt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastReminder:
    """One decision to tell somebody; ``line`` is None for a notice.

    ``content`` is what the message was made from.
    """

    id: int
    line: str | None
    at: datetime
    severity: Severity
    late: bool
    content: StoredContent
    deliveries: tuple[PastDelivery, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OneDelivery:
    """A delivery on its own; ``of`` is its reminder, without the other channels."""

    delivery: PastDelivery
    at: datetime
    of: PastReminder

    @property
    def line(self) -> str | None:
        """The line that its reminder is about, None for a notice."""
        return self.of.line


@dataclass(frozen=True, slots=True, kw_only=True)
class PastEvent:
    """Something that somebody did with a line."""

    id: int
    line: str
    at: datetime
    kind: str
    detail: Mapping[str, Any]
    money: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What an allowance or a deadline was at an instant; None stands for unknown."""

    at: datetime
    remaining: int | None
    total: int | None
    unlimited: bool
    currency: str | None
    due: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastReading:
    """What was read, and what was known ``before``; None for the first reading."""

    id: int
    line: str
    item: str
    source: str
    size_base: int
    figure: Figure
    before: Figure | None

    @property
    def at(self) -> datetime:
        """When it was so, as far as is known."""
        return self.figure.at


Past = PastReminder | OneDelivery | PastEvent | PastReading


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries are looked for, in UTC; None for whichever.

    ``kinds`` are REMINDER, DELIVERY (each on its own), READING, EVENT, or the kinds
    of single events. Only reminders and deliveries have a ``channel``.
    """

    line: str | None = None
    channel: str | None = None
    kinds: frozenset[str] = frozenset({REMINDER, EVENT})
    since: datetime | None = None
    until: datetime | None = None

    def narrow(self, query: Select[Any], at: ColumnElement[datetime]) -> Select[Any]:
        """Return *query* for the wanted line and for what was *at* a wanted instant."""
        if self.line is not None:
            query = query.where(_LINE.c.name == self.line)
        if self.since is not None:
            query = query.where(at >= self.since)
        if self.until is not None:
            query = query.where(at < self.until)
        return query
