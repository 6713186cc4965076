"""What was said, where it went, and what people did: for people to look at."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, Table, select

from reminderd.domain.ladders import Severity
from reminderd.domain.quantities import Money
from reminderd.storage.contents import StoredContent, line_columns
from reminderd.storage.epochs import from_epoch
from reminderd.storage.tables import metadata

_LINE = metadata.tables["line"]
_REMINDER = metadata.tables["reminder"]
_DELIVERY = metadata.tables["delivery"]
_ATTEMPT = metadata.tables["attempt"]
_EVENT = metadata.tables["event"]

_Groups = Mapping[int, Sequence[RowMapping]]


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
class PastEvent:
    """Something that somebody did with a line."""

    id: int
    line: str
    at: datetime
    kind: str
    detail: Mapping[str, Any]
    money: Money | None


Past = PastReminder | PastEvent


REMINDER = "reminder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries are looked for, in UTC; None for whichever.

    ``kind`` is that of an event, or ``REMINDER``; only reminders have a ``channel``.
    """

    channel: str | None = None
    kind: str | None = None
    since: datetime | None = None
    until: datetime | None = None


ANY = Wanted()


def recent(
    tx: Connection, line: str | None, limit: int, wanted: Wanted = ANY
) -> list[Past]:
    """Return at most *limit* reminders and events, the latest first.

    Those of one *line*, or with None those of all lines and the notices too.
    """
    past: list[Past] = []
    if wanted.kind in {None, REMINDER}:
        past += _reminders(tx, line, limit, wanted)
    if wanted.kind != REMINDER and wanted.channel is None:
        past += _events(tx, line, limit, wanted)
    return sorted(past, key=lambda known: known.at, reverse=True)[:limit]


def _reminders(
    tx: Connection, line: str | None, limit: int, wanted: Wanted
) -> list[PastReminder]:
    query: Select[Any] = select(
        *_REMINDER.columns,
        _LINE.c.name,
        _LINE.c.carrier,
        _LINE.c.number,
        _LINE.c.plan,
        _LINE.c.timezone,
    ).select_from(_REMINDER.outerjoin(_LINE))
    query = _between(query, _REMINDER.c.created_at, wanted)
    if wanted.channel is not None:
        via = select(_DELIVERY.c.reminder_id).where(
            _DELIVERY.c.reminder_id == _REMINDER.c.id,
            _DELIVERY.c.channel == wanted.channel,
        )
        query = query.where(via.exists())
    found = _latest(tx, query, _REMINDER, line, limit)
    deliveries = _deliveries(tx, [row["id"] for row in found])
    return [
        PastReminder(
            id=row["id"],
            line=row["name"],
            at=row["created_at"],
            severity=Severity(row["severity"]),
            late=row["late"],
            content=_content(row),
            deliveries=tuple(deliveries.get(row["id"], ())),
        )
        for row in found
    ]


def _content(row: RowMapping) -> StoredContent:
    return StoredContent(
        line=line_columns(row), record=row["content"], created_at=row["created_at"]
    )


def _between(
    query: Select[Any], at: ColumnElement[datetime], wanted: Wanted
) -> Select[Any]:
    """Return *query* for what was *at* an instant that is *wanted*."""
    if wanted.since is not None:
        query = query.where(at >= wanted.since)
    if wanted.until is not None:
        query = query.where(at < wanted.until)
    return query


def _events(
    tx: Connection, line: str | None, limit: int, wanted: Wanted
) -> list[PastEvent]:
    query: Select[Any] = select(*_EVENT.columns, _LINE.c.name.label("line")).join(_LINE)
    query = _between(query, _EVENT.c.at, wanted)
    if wanted.kind is not None:
        query = query.where(_EVENT.c.kind == wanted.kind)
    return [
        PastEvent(
            id=row["id"],
            line=row["line"],
            at=row["at"],
            kind=row["kind"],
            detail=row["detail"],
            money=None
            if row["amount"] is None
            else Money(row["amount"], row["currency"]),
        )
        for row in _latest(tx, query, _EVENT, line, limit)
    ]


def _latest(
    tx: Connection, wanted: Select[Any], table: Table, line: str | None, limit: int
) -> Sequence[RowMapping]:
    """Return the last rows of an append-only *table*, which are those of highest id."""
    if line is not None:
        wanted = wanted.where(_LINE.c.name == line)
    return tx.execute(wanted.order_by(table.c.id.desc()).limit(limit)).mappings().all()


def _deliveries(
    tx: Connection, reminder_ids: Sequence[int]
) -> Mapping[int, Sequence[PastDelivery]]:
    rows = _grouped(tx, _DELIVERY, "reminder_id", reminder_ids)
    ids = [row["id"] for group in rows.values() for row in group]
    attempts = _grouped(tx, _ATTEMPT, "delivery_id", ids)
    return {
        reminder_id: [_delivery(row, attempts.get(row["id"], ())) for row in group]
        for reminder_id, group in rows.items()
    }


def _grouped(tx: Connection, table: Table, column: str, ids: Sequence[int]) -> _Groups:
    found: dict[int, list[RowMapping]] = defaultdict(list)
    wanted = select(*table.columns).where(table.c[column].in_(ids))
    for row in tx.execute(wanted.order_by(*table.primary_key)).mappings():
        found[row[column]].append(row)
    return found


def _delivery(row: RowMapping, attempts: Sequence[RowMapping]) -> PastDelivery:
    next_at = row["next_attempt_at"]
    return PastDelivery(
        id=row["id"],
        channel=row["channel"],
        state=row["state"],
        reason=row["reason"],
        next_attempt_at=None if next_at is None else from_epoch(next_at),
        settled_at=row["settled_at"],
        attempts=tuple(
            PastAttempt(
                started_at=attempt["started_at"],
                finished_at=attempt["finished_at"],
                outcome=attempt["outcome"],
                reason=attempt["reason"],
            )
            for attempt in attempts
        ),
    )
