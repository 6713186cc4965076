"""What goes into the outbox, what is taken back, what moves to another channel.

Everything here runs in the transaction of the caller: the decision to remind and
the deliveries that follow from it are committed together, or not at all.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    or_,
    select,
    update,
)

from reminderd.domain.deliveries import DeliveryState
from reminderd.domain.reminders import Notice, Reminder
from reminderd.domain.told import CLOCK_WAS_AHEAD
from reminderd.failpoints import reach
from reminderd.storage.contents import (
    encode_notice,
    encode_reminder,
)
from reminderd.storage.epochs import epoch_or_none, to_epoch
from reminderd.storage.tables import metadata
from reminderd.storage.upserts import insert_new

_REMINDER = metadata.tables["reminder"]
_DELIVERY = metadata.tables["delivery"]
_LINE = metadata.tables["line"]

# A test or a proof of life says something of the channel that brings it.
PROVES_ITS_CHANNEL = or_(
    _REMINDER.c.key.startswith("notice|test|"),
    _REMINDER.c.key.startswith("notice|proof|"),
)
# A delivery that is being sent is neither: what becomes of it is known soon.
WAITING = (DeliveryState.PENDING, DeliveryState.HELD)
UNDELIVERED = (*WAITING, DeliveryState.SENDING)


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
    key = _free_key(tx, line_id, reminder.key, now)
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
        useful_until=epoch_or_none(reminder.useful_until),
    )
    if reminder_id is None:
        return None
    reach("pass.inside-decision")
    supersede(tx, _of_line(line_id), now)
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
        key=notice_key(key),
        severity=int(notice.severity),
        worst=int(notice.severity),
        content=encode_notice(notice),
        created_at=now,
    )
    if reminder_id is not None:
        _insert_deliveries(tx, reminder_id, channels, now)
    return reminder_id


def notice_key(key: str) -> str:
    """Return the key under which a notice of *key* is kept."""
    return f"notice|{key}"


def supersede_line(tx: Connection, line_id: int, now: datetime) -> None:
    """Take back what waits for the line: it has been renewed or archived."""
    supersede(tx, _of_line(line_id), now)


def supersede_reminders(
    tx: Connection, reminder_ids: Collection[int], now: datetime
) -> None:
    """Take back what waits of *reminder_ids*."""
    supersede(tx, _DELIVERY.c.reminder_id.in_(reminder_ids), now)


def give_to(tx: Connection, reminder_id: int, channel: str, now: datetime) -> bool:
    """Put a delivery to *channel* into the outbox; tell whether there was none yet.

    What proves another channel is of no use on this one.
    """
    key = select(_REMINDER.c.id).where(
        _REMINDER.c.id == reminder_id, PROVES_ITS_CHANNEL
    )
    if tx.execute(key).first() is not None:
        return False
    return _insert_deliveries(tx, reminder_id, [channel], now) > 0


def _free_key(tx: Connection, line_id: int, key: str, now: datetime) -> str | None:
    """Return the key for a decision about a line, None if it is the last one again.

    The same decision after another one is no repetition: a date that was corrected
    and corrected back has been confirmed in between, and is worth its word again. So
    is what was said too early, by a clock that ran ahead.
    """
    wanted = f"{line_id}|{key}"
    of_line = select(_REMINDER.c.id, _REMINDER.c.key, _REMINDER.c.created_at).where(
        _REMINDER.c.line_id == line_id
    )
    known = tx.execute(of_line.where(_REMINDER.c.key == wanted)).first()
    if known is None:
        return wanted
    last = tx.execute(of_line.order_by(_REMINDER.c.id.desc()).limit(1)).one()
    is_same = last.key == wanted or last.key.startswith(f"{wanted}|after ")
    if is_same and last.created_at - now <= CLOCK_WAS_AHEAD:
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


def supersede(tx: Connection, which: ColumnElement[bool], now: datetime) -> None:
    """Settle those of *which* that wait, so that nobody gets last week's numbers."""
    waiting = update(_DELIVERY).where(which, _DELIVERY.c.state.in_(WAITING))
    tx.execute(
        waiting.values(
            state=DeliveryState.SUPERSEDED, settled_at=now, next_attempt_at=None
        )
    )


def _of_line(line_id: int) -> ColumnElement[bool]:
    reminders = select(_REMINDER.c.id).where(_REMINDER.c.line_id == line_id)
    return _DELIVERY.c.reminder_id.in_(reminders)
