"""What has not arrived yet, and what has lately: the deliveries a check shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select

from reminderd.domain.deliveries import DeliveryState
from reminderd.storage.epochs import from_epoch
from reminderd.storage.tables import metadata

_LINE = metadata.tables["line"]
_REMINDER = metadata.tables["reminder"]
_DELIVERY = metadata.tables["delivery"]

_OPEN = (
    DeliveryState.PENDING,
    DeliveryState.SENDING,
    DeliveryState.HELD,
    DeliveryState.DEAD,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDelivery:
    """One delivery as it stands; ``line`` is None for a notice.

    ``arrived`` tells whether its reminder, or a later one of the line, has arrived
    through any channel.
    """

    line: str | None
    channel: str
    state: DeliveryState
    reason: str | None
    attempts: int
    next_attempt_at: datetime | None
    arrived: bool


def open_deliveries(tx: Connection, since: datetime) -> Iterator[OpenDelivery]:
    """Yield what has not been delivered, and what was delivered at *since* or later."""
    sent_lately = and_(
        _DELIVERY.c.state == DeliveryState.SENT, _DELIVERY.c.settled_at >= since
    )
    yield from _read(tx, or_(_DELIVERY.c.state.in_(_OPEN), sent_lately))


def deliveries_of(tx: Connection, reminder_id: int) -> Iterator[OpenDelivery]:
    """Yield every delivery of one reminder."""
    yield from _read(tx, _DELIVERY.c.reminder_id == reminder_id)


def _read(tx: Connection, which: ColumnElement[bool]) -> Iterator[OpenDelivery]:
    rows = tx.execute(
        select(
            _LINE.c.name,
            _DELIVERY.c.channel,
            _DELIVERY.c.state,
            _DELIVERY.c.reason,
            _DELIVERY.c.attempts,
            _DELIVERY.c.next_attempt_at,
            _has_arrived().label("arrived"),
        )
        .select_from(_DELIVERY.join(_REMINDER).outerjoin(_LINE))
        .where(which)
        .order_by(_DELIVERY.c.id)
    )
    for row in rows:
        next_at = row.next_attempt_at
        yield OpenDelivery(
            line=row.name,
            channel=row.channel,
            state=DeliveryState(row.state),
            reason=row.reason,
            attempts=row.attempts,
            next_attempt_at=None if next_at is None else from_epoch(next_at),
            arrived=row.arrived,
        )


def _has_arrived() -> ColumnElement[bool]:
    other = _DELIVERY.alias()
    reminder = _REMINDER.alias()
    return exists(
        select(other.c.id)
        .select_from(other.join(reminder, other.c.reminder_id == reminder.c.id))
        .where(
            other.c.state == DeliveryState.SENT,
            or_(
                reminder.c.id == _REMINDER.c.id,
                and_(
                    reminder.c.line_id == _REMINDER.c.line_id,
                    reminder.c.id > _REMINDER.c.id,
                ),
            ),
        )
    )
