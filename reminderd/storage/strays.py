"""What waits for a channel that is not configured any more, and where it goes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    select,
    update,
)

from reminderd.domain.deliveries import DeliveryState
from reminderd.domain.ladders import Severity
from reminderd.storage.brakes import IS_BRAKED
from reminderd.storage.epochs import to_epoch
from reminderd.storage.outbox import WAITING, give_to
from reminderd.storage.tables import metadata

_REMINDER = metadata.tables["reminder"]
_DELIVERY = metadata.tables["delivery"]
_LINE = metadata.tables["line"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """A delivery that waits for a channel to which its line does not go any more.

    ``route`` names the channels that its line goes to, None stands for all.
    """

    delivery_id: int
    reminder_id: int
    severity: Severity
    is_notice: bool
    route: Sequence[str] | None


def has_strays(tx: Connection, channels: Collection[str]) -> bool:
    """Tell whether anything waits for another channel than *channels*."""
    return tx.execute(_strays(channels).limit(1)).first() is not None


def find_strays(tx: Connection, channels: Collection[str]) -> list[Stray]:
    """Return what waits for other channels than *channels*."""
    return [_stray(row) for row in tx.execute(_strays(channels))]


def find_strays_of(
    tx: Connection, line_id: int, channels: Collection[str]
) -> list[Stray]:
    """Return what waits for other channels than *channels* and is of that line."""
    of_line = _strays(channels).where(_REMINDER.c.line_id == line_id)
    return [_stray(row) for row in tx.execute(of_line)]


def reroute(
    tx: Connection, stray: Stray, channels: Collection[str], now: datetime
) -> None:
    """Give *stray* to *channels* instead; with none of them it is given up."""
    for channel in channels:
        if not give_to(tx, stray.reminder_id, channel, now):
            _revive(tx, stray.reminder_id, channel, now)
    state = DeliveryState.SUPERSEDED if channels else DeliveryState.DEAD
    tx.execute(
        update(_DELIVERY)
        .where(_DELIVERY.c.id == stray.delivery_id)
        .values(
            state=state,
            settled_at=now,
            next_attempt_at=None,
            reason="it does not go to that channel any more",
        )
    )


def _stray(row: Row[Any]) -> Stray:
    return Stray(
        delivery_id=row.id,
        reminder_id=row.reminder_id,
        severity=Severity(row.severity),
        is_notice=row.line_id is None,
        route=row.route,
    )


def _strays(channels: Collection[str]) -> Select[Any]:
    return (
        select(
            _DELIVERY.c.id,
            _DELIVERY.c.reminder_id,
            _REMINDER.c.severity,
            _REMINDER.c.line_id,
            _LINE.c.route,
        )
        .join_from(_DELIVERY, _REMINDER)
        .outerjoin(_LINE, _REMINDER.c.line_id == _LINE.c.id)
        .where(
            _DELIVERY.c.state.in_(WAITING),
            # It goes on waiting where it is: elsewhere it would be sent.
            ~IS_BRAKED,
            _DELIVERY.c.channel.not_in(channels),
        )
    )


def _revive(tx: Connection, reminder_id: int, channel: str, now: datetime) -> None:
    """Send again what was taken from *channel* while that was not configured."""
    taken = update(_DELIVERY).where(
        _DELIVERY.c.reminder_id == reminder_id,
        _DELIVERY.c.channel == channel,
        _DELIVERY.c.state == DeliveryState.SUPERSEDED,
    )
    # The line may have been reviewed in between.
    useful_until = select(_REMINDER.c.useful_until).where(_REMINDER.c.id == reminder_id)
    tx.execute(
        taken.values(
            state=DeliveryState.PENDING,
            settled_at=None,
            next_attempt_at=to_epoch(now),
            useful_until=useful_until.scalar_subquery(),
        )
    )
