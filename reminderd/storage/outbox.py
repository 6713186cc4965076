"""What goes into the outbox, what is taken back, what moves to another channel.

Everything here runs in the transaction of the caller: the decision to remind and
the deliveries that follow from it are committed together, or not at all.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    exists,
    or_,
    select,
    update,
)

from reminderd.domain.deliveries import DeliveryState
from reminderd.domain.reminders import Notice, Reminder
from reminderd.storage.contents import encode_notice, encode_reminder
from reminderd.storage.epochs import to_epoch
from reminderd.storage.tables import metadata
from reminderd.storage.upserts import insert_new

_REMINDER = metadata.tables["reminder"]
_DELIVERY = metadata.tables["delivery"]

# A delivery that is being sent is neither: what becomes of it is known soon.
_WAITING = (DeliveryState.PENDING, DeliveryState.HELD)
_UNDELIVERED = (*_WAITING, DeliveryState.SENDING)


def enqueue_reminder(
    tx: Connection,
    line_id: int,
    reminder: Reminder,
    channels: Sequence[str],
    now: datetime,
) -> int | None:
    """Put *reminder* into the outbox; return its id, or None if it is there already.

    It takes the place of the line's older reminders on every channel: where it does
    not go although an older one waits, nothing that concerns that channel is left.
    """
    key = _free_key(tx, line_id, reminder.key)
    if key is None:
        return None
    reminder_id = _insert_reminder(
        tx,
        line_id=line_id,
        key=key,
        severity=int(reminder.severity),
        worst=int(reminder.worst),
        late=reminder.late_since is not None,
        content=encode_reminder(reminder),
        created_at=now,
        useful_until=_epoch_or_none(reminder.useful_until),
    )
    if reminder_id is None:
        return None
    _supersede(tx, _of_line(line_id), now)
    _insert_deliveries(tx, reminder_id, channels, now)
    return reminder_id


def enqueue_notice(
    tx: Connection, notice: Notice, key: str, channels: Sequence[str], now: datetime
) -> int | None:
    """Put *notice* into the outbox; return its id, or None if it is there already.

    *key* says what makes two notices the same one, such as a channel and its outage.
    """
    reminder_id = _insert_reminder(
        tx,
        key=f"notice|{key}",
        severity=int(notice.severity),
        worst=int(notice.severity),
        content=encode_notice(notice),
        created_at=now,
    )
    if reminder_id is not None:
        _insert_deliveries(tx, reminder_id, channels, now)
    return reminder_id


def undelivered_channels(tx: Connection, line_id: int) -> set[str]:
    """Return the channels on which a reminder of the line has not arrived yet."""
    known = select(_DELIVERY.c.channel).where(
        _of_line(line_id), _DELIVERY.c.state.in_(_UNDELIVERED)
    )
    return set(tx.execute(known.distinct()).scalars())


def supersede_line(tx: Connection, line_id: int, now: datetime) -> None:
    """Take back what waits for the line: it has been renewed or archived."""
    _supersede(tx, _of_line(line_id), now)


def reroute(tx: Connection, channels: Collection[str], now: datetime) -> int:
    """Give what waits for a channel that is no longer configured to *channels*.

    Returns:
        The number of deliveries that were taken away from such a channel.
    """
    lost = _DELIVERY.c.channel.not_in(channels)
    waiting = select(_DELIVERY.c.reminder_id).where(
        lost, _DELIVERY.c.state.in_(_WAITING)
    )
    reminders = tx.execute(waiting).scalars().all()
    for reminder_id in sorted(set(reminders)):
        _insert_deliveries(tx, reminder_id, sorted(channels), now)
    if reminders:
        _supersede(tx, lost, now)
    return len(reminders)


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


def give_to(tx: Connection, reminder_id: int, channel: str, now: datetime) -> bool:
    """Put a delivery to *channel* into the outbox; tell whether there was none yet."""
    return _insert_deliveries(tx, reminder_id, [channel], now) > 0


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
    """Make what is held for *channel* pending, to be sent now; return how many."""
    held = and_(_DELIVERY.c.channel == channel, _DELIVERY.c.state == DeliveryState.HELD)
    pending = update(_DELIVERY).where(held)
    return tx.execute(
        pending.values(state=DeliveryState.PENDING, next_attempt_at=to_epoch(now))
    ).rowcount


def hasten(tx: Connection, channel: str, now: datetime) -> None:
    """Send what waits for its next attempt on *channel* now: it works again."""
    later = and_(
        _DELIVERY.c.channel == channel,
        _DELIVERY.c.state == DeliveryState.PENDING,
        _DELIVERY.c.next_attempt_at > to_epoch(now),
    )
    tx.execute(update(_DELIVERY).where(later).values(next_attempt_at=to_epoch(now)))


def _free_key(tx: Connection, line_id: int, key: str) -> str | None:
    """Return the key for a decision about a line, None if it is the last one again.

    The same decision after another one is no repetition: a date that was corrected
    and corrected back has been confirmed in between, and is worth its word again.
    """
    wanted = f"{line_id}|{key}"
    of_line = select(_REMINDER.c.id, _REMINDER.c.key).where(
        _REMINDER.c.line_id == line_id
    )
    known = tx.execute(of_line.where(_REMINDER.c.key == wanted)).first()
    if known is None:
        return wanted
    last = tx.execute(of_line.order_by(_REMINDER.c.id.desc()).limit(1)).one()
    if last.key == wanted or last.key.startswith(f"{wanted}|after "):
        return None
    return f"{wanted}|after {last.id}"


def _insert_reminder(tx: Connection, **values: Any) -> int | None:  # noqa: ANN401 - columns
    inserted = insert_new(tx, _REMINDER, {"late": False, **values})
    return None if inserted is None else int(inserted["id"])


def _insert_deliveries(
    tx: Connection, reminder_id: int, channels: Iterable[str], now: datetime
) -> int:
    useful_until = tx.execute(
        select(_REMINDER.c.useful_until).where(_REMINDER.c.id == reminder_id)
    ).scalar_one()
    values = {
        "reminder_id": reminder_id,
        "state": DeliveryState.PENDING,
        "fence": 0,
        "attempts": 0,
        "unknowns": 0,
        "short": False,
        "created_at": now,
        "next_attempt_at": to_epoch(now),
        "useful_until": useful_until,
    }
    inserted = [
        insert_new(tx, _DELIVERY, {**values, "channel": channel})
        for channel in channels
    ]
    return sum(known is not None for known in inserted)


def _supersede(tx: Connection, which: ColumnElement[bool], now: datetime) -> None:
    """Settle those of *which* that wait, so that nobody gets last week's numbers."""
    waiting = update(_DELIVERY).where(which, _DELIVERY.c.state.in_(_WAITING))
    tx.execute(
        waiting.values(
            state=DeliveryState.SUPERSEDED, settled_at=now, next_attempt_at=None
        )
    )


def _of_line(line_id: int) -> ColumnElement[bool]:
    reminders = select(_REMINDER.c.id).where(_REMINDER.c.line_id == line_id)
    return _DELIVERY.c.reminder_id.in_(reminders)


def _without_fallback(channel: str, fallback: str) -> Select[int]:
    other = _DELIVERY.alias()
    given = exists(
        select(other.c.id).where(
            other.c.reminder_id == _DELIVERY.c.reminder_id, other.c.channel == fallback
        )
    )
    return select(_DELIVERY.c.reminder_id).where(
        _DELIVERY.c.channel == channel, _DELIVERY.c.state.in_(_WAITING), ~given
    )


def _epoch_or_none(instant: datetime | None) -> int | None:
    return None if instant is None else to_epoch(instant)
