"""Reminders and deliveries of the past, with every attempt."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    Table,
    func,
    select,
)

from reminderd.domain.ladders import Severity
from reminderd.storage.contents import StoredContent, line_columns
from reminderd.storage.epochs import from_epoch
from reminderd.storage.past import (
    OneDelivery,
    PastAttempt,
    PastDelivery,
    PastReminder,
    Wanted,
)
from reminderd.storage.tables import metadata

_LINE = metadata.tables["line"]
_REMINDER = metadata.tables["reminder"]
_DELIVERY = metadata.tables["delivery"]
_ATTEMPT = metadata.tables["attempt"]

_COLUMNS = (
    *_REMINDER.columns,
    _LINE.c.name,
    _LINE.c.carrier,
    _LINE.c.number,
    _LINE.c.plan,
    _LINE.c.timezone,
)


def reminders(
    tx: Connection, wanted: Wanted, limit: int, ids: Collection[int] | None = None
) -> list[PastReminder]:
    """Return the last *limit* reminders, of *ids* alone if given, the latest first."""
    query = select(*_COLUMNS).select_from(_REMINDER.outerjoin(_LINE))
    query = wanted.narrow(query, _REMINDER.c.created_at)
    if wanted.channel is not None:
        via = select(_DELIVERY.c.id).where(
            _DELIVERY.c.reminder_id == _REMINDER.c.id,
            _DELIVERY.c.channel == wanted.channel,
        )
        query = query.where(via.exists())
    if ids is not None:
        query = query.where(_REMINDER.c.id.in_(ids))
    rows = tx.execute(query.order_by(_REMINDER.c.id.desc()).limit(limit)).mappings()
    found = rows.all()
    sent = _deliveries(tx, [row["id"] for row in found], wanted.channel)
    return [_reminder(row, sent.get(row["id"], ())) for row in found]


def deliveries(
    tx: Connection, wanted: Wanted, limit: int, ids: Collection[int] | None = None
) -> list[OneDelivery]:
    """Return the *limit* deliveries that are the newest, of *ids* alone if given.

    They are at the instant of what happened to them last.
    """
    at = _last_at()
    query: Select[Any] = select(
        *_COLUMNS,
        at.label("last_at"),
        *(column.label(f"delivery_{column.name}") for column in _DELIVERY.columns),
    ).select_from(_DELIVERY.join(_REMINDER).outerjoin(_LINE))
    query = wanted.narrow(query, at)
    if wanted.channel is not None:
        query = query.where(_DELIVERY.c.channel == wanted.channel)
    if ids is not None:
        query = query.where(_DELIVERY.c.id.in_(ids))
    rows = tx.execute(query.order_by(_DELIVERY.c.id.desc()).limit(limit)).mappings()
    found = rows.all()
    attempts = _grouped(
        tx, _ATTEMPT, "delivery_id", [row["delivery_id"] for row in found]
    )
    return [_one(row, attempts.get(row["delivery_id"], ())) for row in found]


def _one(row: RowMapping, attempts: Sequence[RowMapping]) -> OneDelivery:
    columns = {name: row[f"delivery_{name}"] for name in _DELIVERY.columns.keys()}  # noqa: SIM118 - a collection of SQLAlchemy, not a mapping
    delivery = _delivery(columns, attempts)
    return OneDelivery(
        delivery=delivery, at=row["last_at"], of=_reminder(row, [delivery])
    )


def _last_at() -> ColumnElement[datetime]:
    """Return when a delivery was settled, else last tried, else made."""
    tried = (
        select(func.max(func.coalesce(_ATTEMPT.c.finished_at, _ATTEMPT.c.started_at)))
        .where(_ATTEMPT.c.delivery_id == _DELIVERY.c.id)
        .scalar_subquery()
    )
    return func.coalesce(_DELIVERY.c.settled_at, tried, _DELIVERY.c.created_at)


def _reminder(row: RowMapping, sent: Sequence[PastDelivery]) -> PastReminder:
    return PastReminder(
        id=row["id"],
        line=row["name"],
        at=row["created_at"],
        severity=Severity(row["severity"]),
        late=row["late"],
        content=StoredContent(
            line=line_columns(row), record=row["content"], created_at=row["created_at"]
        ),
        deliveries=tuple(sent),
    )


def _deliveries(
    tx: Connection, reminder_ids: Sequence[int], channel: str | None
) -> Mapping[int, Sequence[PastDelivery]]:
    rows = _grouped(tx, _DELIVERY, "reminder_id", reminder_ids)
    shown = {
        reminder_id: [row for row in group if channel in {None, row["channel"]}]
        for reminder_id, group in rows.items()
    }
    ids = [row["id"] for group in shown.values() for row in group]
    attempts = _grouped(tx, _ATTEMPT, "delivery_id", ids)
    return {
        reminder_id: [_delivery(row, attempts.get(row["id"], ())) for row in group]
        for reminder_id, group in shown.items()
    }


def _grouped(
    tx: Connection, table: Table, column: str, ids: Sequence[int]
) -> Mapping[int, Sequence[RowMapping]]:
    found: dict[int, list[RowMapping]] = defaultdict(list)
    wanted = select(*table.columns).where(table.c[column].in_(ids))
    for row in tx.execute(wanted.order_by(*table.primary_key)).mappings():
        found[row[column]].append(row)
    return found


def _delivery(
    row: Mapping[str, Any] | RowMapping, attempts: Sequence[RowMapping]
) -> PastDelivery:
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
