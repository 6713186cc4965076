"""What waits in the outbox: for a line to be looked at again, for a channel to work."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    Connection,
    Select,
    and_,
    exists,
    func,
    or_,
    select,
    update,
)

from reminderd.domain.deliveries import DeliveryState
from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import Reminder
from reminderd.storage.brakes import IS_BRAKED
from reminderd.storage.contents import decode_reminder, encode_reminder
from reminderd.storage.epochs import epoch_or_none, to_epoch
from reminderd.storage.outbox import (
    PROVES_ITS_CHANNEL,
    UNDELIVERED,
    WAITING,
    supersede,
)
from reminderd.storage.tables import metadata

_REMINDER = metadata.tables["reminder"]
_DELIVERY = metadata.tables["delivery"]
_LINE = metadata.tables["line"]


def undelivered(tx: Connection, line_id: int) -> dict[str, Severity]:
    """Return the channels on which a reminder of the line has not arrived yet.

    Each with the worst severity of what has not.
    """
    known = (
        select(_DELIVERY.c.channel, func.max(_REMINDER.c.worst))
        .join_from(_DELIVERY, _REMINDER)
        .where(_REMINDER.c.line_id == line_id, _DELIVERY.c.state.in_(UNDELIVERED))
        .group_by(_DELIVERY.c.channel)
    )
    return {channel: Severity(worst) for channel, worst in tx.execute(known)}


@dataclass(frozen=True, slots=True)
class Written:
    """A reminder that waits to be sent; ``arrived`` tells of another channel."""

    reminder_id: int
    reminder: Reminder
    arrived: bool


def waiting_reminders(tx: Connection, line_id: int) -> list[Written]:
    """Return the reminders of the line that wait to be sent on some channel."""
    other = _DELIVERY.alias()
    arrived = exists().where(
        other.c.reminder_id == _REMINDER.c.id, other.c.state == DeliveryState.SENT
    )
    waits = exists().where(
        _DELIVERY.c.reminder_id == _REMINDER.c.id, _DELIVERY.c.state.in_(WAITING)
    )
    rows = tx.execute(
        select(_REMINDER.c.id, _REMINDER.c.content, arrived.label("arrived"))
        .where(_REMINDER.c.line_id == line_id, waits)
        .order_by(_REMINDER.c.id)
    )
    return [Written(row.id, decode_reminder(row.content), row.arrived) for row in rows]


def replace_reminder(
    tx: Connection, reminder_id: int, reminder: Reminder | None, now: datetime
) -> None:
    """Put *reminder* in the place of one that waits; None takes it back."""
    of_it = _DELIVERY.c.reminder_id == reminder_id
    if reminder is None:
        supersede(tx, of_it, now)
        return
    useful_until = epoch_or_none(reminder.useful_until)
    tx.execute(
        update(_REMINDER)
        .where(_REMINDER.c.id == reminder_id)
        .values(
            severity=int(reminder.severity),
            worst=int(reminder.worst),
            content=encode_reminder(reminder),
            useful_until=useful_until,
        )
    )
    waiting = update(_DELIVERY).where(of_it, _DELIVERY.c.state.in_(WAITING))
    tx.execute(waiting.values(useful_until=useful_until))


def free_key(tx: Connection, reminder_id: int) -> None:
    """Let the decision that a reminder was written for be made once more.

    It goes out with something milder: what it stood for has still to be said.
    """
    rewritten = update(_REMINDER).where(_REMINDER.c.id == reminder_id)
    tx.execute(rewritten.values(key=f"rewritten {reminder_id}|" + _REMINDER.c["key"]))


def overdue(
    tx: Connection, channel: str, fallback: str, patience: timedelta, now: datetime
) -> list[int]:
    """Return the reminders that wait for *channel* and should go to its *fallback* too.

    Those have waited for *patience*, or will be of no use after as long, and have not
    been given to the fallback yet.
    """
    is_urgent = or_(
        _DELIVERY.c.created_at <= now - patience,
        _DELIVERY.c.useful_until <= to_epoch(now + patience),
    )
    waiting = _without_fallback(channel, fallback).where(is_urgent)
    return list(tx.execute(waiting).scalars())


def has_pending(tx: Connection, channel: str) -> bool:
    """Tell whether anything waits to be sent on *channel*."""
    pending = select(_DELIVERY.c.id).where(
        _DELIVERY.c.channel == channel, _DELIVERY.c.state == DeliveryState.PENDING
    )
    return tx.execute(pending.limit(1)).first() is not None


def hold(tx: Connection, channel: str) -> int:
    """Hold what is pending for *channel* until it is mended; return how many."""
    pending = and_(
        _DELIVERY.c.channel == channel, _DELIVERY.c.state == DeliveryState.PENDING
    )
    held = update(_DELIVERY).where(pending)
    return tx.execute(
        held.values(state=DeliveryState.HELD, next_attempt_at=None)
    ).rowcount


def let_go(tx: Connection, channel: str, now: datetime) -> int:
    """Make what is held for *channel* pending, to be sent now; return how many.

    What a brake holds goes on waiting: it has nothing to do with the channel.
    """
    pending = update(_DELIVERY).where(
        _DELIVERY.c.channel == channel,
        _DELIVERY.c.state == DeliveryState.HELD,
        ~IS_BRAKED,
    )
    return tx.execute(
        pending.values(state=DeliveryState.PENDING, next_attempt_at=to_epoch(now))
    ).rowcount


def revive(tx: Connection, ahead_of: datetime, now: datetime) -> None:
    """Send after all what expired later than *ahead_of*: the clock was wrong then."""
    expired = update(_DELIVERY).where(
        _DELIVERY.c.state == DeliveryState.EXPIRED, _DELIVERY.c.settled_at > ahead_of
    )
    tx.execute(
        expired.values(
            state=DeliveryState.PENDING,
            next_attempt_at=to_epoch(now),
            settled_at=None,
            reason=None,
        )
    )


def hasten(tx: Connection, channel: str, now: datetime) -> None:
    """Send what waits for its next attempt on *channel* now: it works again."""
    later = and_(
        _DELIVERY.c.channel == channel,
        _DELIVERY.c.state == DeliveryState.PENDING,
        _DELIVERY.c.next_attempt_at > to_epoch(now),
    )
    tx.execute(update(_DELIVERY).where(later).values(next_attempt_at=to_epoch(now)))


def _without_fallback(channel: str, fallback: str) -> Select[int]:
    other = _DELIVERY.alias()
    given = exists(
        select(other.c.id).where(
            other.c.reminder_id == _DELIVERY.c.reminder_id, other.c.channel == fallback
        )
    )
    return (
        select(_DELIVERY.c.reminder_id)
        .join(_REMINDER)
        .where(
            _DELIVERY.c.channel == channel,
            _DELIVERY.c.state.in_(WAITING),
            ~IS_BRAKED,
            ~given,
            ~PROVES_ITS_CHANNEL,
        )
    )
