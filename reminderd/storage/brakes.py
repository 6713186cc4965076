"""What a brake holds: written into the outbox, and not to be sent yet.

It is held like what waits for a broken channel, but has a time at which it is let
go: only the one is released by an hour or a command, only the other by a channel
that works again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    func,
    or_,
    select,
    true,
    update,
)

from reminderd.domain.brakes import HOLD, LAST_CHANCE
from reminderd.domain.deliveries import DeliveryState
from reminderd.storage.epochs import from_epoch, to_epoch
from reminderd.storage.tables import metadata

_DELIVERY = metadata.tables["delivery"]
_PART = 10_000
_SECOND = timedelta(seconds=1)

IS_BRAKED = and_(
    _DELIVERY.c.state == DeliveryState.HELD, _DELIVERY.c.next_attempt_at.is_not(None)
)


@dataclass(frozen=True, slots=True)
class Held:
    """How many reminders a brake holds, and when the first and the last are let go."""

    reminders: int
    first_at: datetime
    until: datetime

    def is_over(self, now: datetime) -> bool:
        """Tell whether :func:`release_over` has anything to do."""
        return self.first_at <= now

    def is_too_long(self, now: datetime) -> bool:
        """Tell whether no brake holds anything that long: the clock was wrong."""
        return self.until > now + HOLD + _SECOND


def hold(tx: Connection, reminder_ids: Sequence[int], now: datetime) -> None:
    """Hold what is pending of *reminder_ids*, but for what soon loses its use."""
    until = to_epoch(now + HOLD)
    last = _DELIVERY.c.useful_until - int(LAST_CHANCE.total_seconds())
    can_wait = or_(_DELIVERY.c.useful_until.is_(None), last > to_epoch(now))
    for ids in _parts(reminder_ids):
        pending = update(_DELIVERY).where(
            _DELIVERY.c.reminder_id.in_(ids),
            _DELIVERY.c.state == DeliveryState.PENDING,
            can_wait,
        )
        at = case((last < until, last), else_=until)
        tx.execute(pending.values(state=DeliveryState.HELD, next_attempt_at=at))


def let_go(tx: Connection, reminder_ids: Sequence[int], now: datetime) -> None:
    """Make what is held of *reminder_ids* pending, to be sent now."""
    for ids in _parts(reminder_ids):
        _let_go(tx, _DELIVERY.c.reminder_id.in_(ids), now)


def release(tx: Connection, now: datetime) -> int:
    """Make everything that is held pending; return how many deliveries that are."""
    return _let_go(tx, true(), now)


def release_over(tx: Connection, now: datetime) -> int:
    """Make pending what was to be held until *now*; return how many deliveries."""
    return _let_go(tx, _DELIVERY.c.next_attempt_at <= to_epoch(now), now)


def shorten(tx: Connection, now: datetime) -> None:
    """Hold nothing for longer than a brake does that begins at *now*."""
    latest = to_epoch(now + HOLD)
    too_long = and_(IS_BRAKED, _DELIVERY.c.next_attempt_at > latest)
    tx.execute(update(_DELIVERY).where(too_long).values(next_attempt_at=latest))


def held(tx: Connection) -> Held | None:
    """Return what is held by a brake, None where nothing is."""
    at = _DELIVERY.c.next_attempt_at
    count = func.count(_DELIVERY.c.reminder_id.distinct())
    found = select(count, func.min(at), func.max(at)).where(IS_BRAKED)
    reminders, first, last = tx.execute(found).one()
    if not reminders:
        return None
    return Held(reminders, from_epoch(first), from_epoch(last))


def _let_go(tx: Connection, which: ColumnElement[bool], now: datetime) -> int:
    pending = update(_DELIVERY).where(IS_BRAKED, which)
    values = {"state": DeliveryState.PENDING, "next_attempt_at": to_epoch(now)}
    return tx.execute(pending.values(values)).rowcount


def _parts(ids: Sequence[int]) -> list[Sequence[int]]:
    """Cut *ids* into what fits into one statement."""
    return [ids[start : start + _PART] for start in range(0, len(ids), _PART)]
