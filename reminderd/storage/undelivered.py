"""What has not arrived yet, and what has lately: the deliveries a check shows."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    exists,
    func,
    or_,
    select,
    update,
)

from reminderd.domain.deliveries import DeliveryState
from reminderd.storage.channels import try_now
from reminderd.storage.contents import StoredContent
from reminderd.storage.epochs import from_epoch, to_epoch
from reminderd.storage.lines import review_now
from reminderd.storage.tables import metadata

_LINE = metadata.tables["line"]
_REMINDER = metadata.tables["reminder"]
_DELIVERY = metadata.tables["delivery"]

_WAITING = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.HELD)
_GIVEN_UP = (DeliveryState.DEAD, DeliveryState.EXPIRED)
_ENDED = (DeliveryState.SENT, *_GIVEN_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDelivery:
    """One delivery as it stands: of a reminder of ``line``, or of a ``notice``.

    ``arrived`` tells whether its reminder, or a later one of the line, has arrived
    through any channel; or, after a notice, anything through its own. ``since`` is
    when it was put into the outbox.
    """

    line: str | None
    channel: str
    state: DeliveryState
    reason: str | None
    attempts: int
    next_attempt_at: datetime | None
    useful_until: datetime | None
    arrived: bool
    since: datetime
    notice: StoredContent | None = None


def open_deliveries(tx: Connection, since: datetime) -> Iterator[OpenDelivery]:
    """Yield what has not been delivered, and what was settled at *since* or later.

    What was given up is left out once a later message has arrived in its place, and
    once its line has been archived.
    """
    is_missed = and_(
        _DELIVERY.c.state.in_(_GIVEN_UP),
        _LINE.c.archived_at.is_(None),
        ~_has_arrived(),
    )
    is_recent = and_(_DELIVERY.c.state.in_(_ENDED), _DELIVERY.c.settled_at >= since)
    is_waiting = _DELIVERY.c.state.in_(_WAITING)
    yield from _read(tx, or_(is_waiting, is_missed, is_recent))


def retry(tx: Connection, channels: Collection[str], now: datetime) -> None:
    """Have what has not arrived through *channels* tried again at *now*.

    Also what was given up, if nothing has come after it for its line and it is of use
    still; whether all of it holds is for the review of its line, which comes first.
    """
    for name in channels:
        try_now(tx, name, now)
    given_up = (
        select(_DELIVERY.c.id, _REMINDER.c.line_id)
        .select_from(_DELIVERY.join(_REMINDER).join(_LINE))
        .where(
            _DELIVERY.c.state == DeliveryState.DEAD,
            _DELIVERY.c.channel.in_(channels),
            func.coalesce(_DELIVERY.c.useful_until, to_epoch(now)) >= to_epoch(now),
            _LINE.c.archived_at.is_(None),
            ~_has_arrived(),
            ~_is_overtaken(),
        )
    )
    for row in tx.execute(given_up).all():
        again = update(_DELIVERY).where(_DELIVERY.c.id == row.id)
        tx.execute(
            again.values(
                state=DeliveryState.PENDING,
                next_attempt_at=to_epoch(now),
                settled_at=None,
                unknowns=0,
                short=False,
            )
        )
        review_now(tx, row.line_id)


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
            _DELIVERY.c.useful_until,
            _DELIVERY.c.created_at.label("since"),
            _REMINDER.c.created_at,
            case((_REMINDER.c.line_id.is_(None), _REMINDER.c.content)).label("notice"),
            _has_arrived().label("arrived"),
        )
        .select_from(_DELIVERY.join(_REMINDER).outerjoin(_LINE))
        .where(which)
        .order_by(_DELIVERY.c.id)
    )
    for row in rows:
        next_at, useful_until = row.next_attempt_at, row.useful_until
        yield OpenDelivery(
            line=row.name,
            channel=row.channel,
            state=DeliveryState(row.state),
            reason=row.reason,
            attempts=row.attempts,
            next_attempt_at=None if next_at is None else from_epoch(next_at),
            useful_until=None if useful_until is None else from_epoch(useful_until),
            arrived=row.arrived,
            since=row.since,
            notice=_notice(row.notice, row.created_at),
        )


def _notice(record: Any, created_at: datetime) -> StoredContent | None:  # noqa: ANN401 - JSON
    if record is None:
        return None
    return StoredContent(line=None, record=record, created_at=created_at)


def _is_overtaken() -> ColumnElement[bool]:
    """Return the condition: another reminder of the line has been written since."""
    later = _REMINDER.alias()
    return exists().where(
        later.c.line_id == _REMINDER.c.line_id, later.c.id > _REMINDER.c.id
    )


def _has_arrived() -> ColumnElement[bool]:
    """Return the condition: said by now, through any channel, or by a later message.

    Three questions of their own, since each of them finds its answer by an index.
    """
    other = _DELIVERY.alias()
    later = _REMINDER.alias()
    is_sent = other.c.state == DeliveryState.SENT
    # As an expression, so that SQLite looks by reminder: most rows have that state.
    is_one_sent = func.coalesce(other.c.state, "") == DeliveryState.SENT
    by_itself = exists().where(other.c.reminder_id == _REMINDER.c.id, is_one_sent)
    by_later_reminder = exists().where(
        later.c.line_id == _REMINDER.c.line_id,
        later.c.id > _REMINDER.c.id,
        other.c.reminder_id == later.c.id,
        is_one_sent,
    )
    by_later_notice = and_(
        _REMINDER.c.line_id.is_(None),
        exists().where(
            other.c.channel == _DELIVERY.c.channel,
            other.c.reminder_id > _REMINDER.c.id,
            is_sent,
        ),
    )
    return or_(by_itself, by_later_reminder, by_later_notice)
