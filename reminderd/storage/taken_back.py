"""What was taken back before it arrived, and waits again should it be so again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, select, update

from reminderd.domain.deliveries import DeliveryState
from reminderd.domain.reminders import Reminder
from reminderd.storage.contents import decode_reminder
from reminderd.storage.epochs import to_epoch
from reminderd.storage.tables import metadata

_REMINDER = metadata.tables["reminder"]
_DELIVERY = metadata.tables["delivery"]


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A delivery that was superseded, and the reminder as it was written last."""

    delivery_id: int
    reminder_id: int
    channel: str
    reminder: Reminder


def taken_back(tx: Connection, line_id: int) -> list[TakenBack]:
    """Return what a channel has missed of a line, the newest first.

    That is what was superseded there and followed by nothing that went out, or will.
    """
    later, of_later = _DELIVERY.alias(), _REMINDER.alias()
    followed = exists(
        select(later.c.id)
        .join(of_later, later.c.reminder_id == of_later.c.id)
        .where(
            of_later.c.line_id == line_id,
            of_later.c.id > _DELIVERY.c.reminder_id,
            later.c.channel == _DELIVERY.c.channel,
            later.c.state != DeliveryState.SUPERSEDED,
        )
    )
    rows = tx.execute(
        select(
            _DELIVERY.c.id,
            _DELIVERY.c.reminder_id,
            _DELIVERY.c.channel,
            _REMINDER.c.content,
        )
        .join_from(_DELIVERY, _REMINDER)
        .where(
            _REMINDER.c.line_id == line_id,
            _DELIVERY.c.state == DeliveryState.SUPERSEDED,
            ~followed,
        )
        .order_by(_REMINDER.c.id.desc())
    )
    return [
        TakenBack(row.id, row.reminder_id, row.channel, decode_reminder(row.content))
        for row in rows
    ]


def put_back(tx: Connection, delivery_ids: Collection[int], now: datetime) -> None:
    """Let deliveries that were superseded wait again, to be sent now."""
    superseded = update(_DELIVERY).where(_DELIVERY.c.id.in_(delivery_ids))
    tx.execute(
        superseded.values(
            state=DeliveryState.PENDING, next_attempt_at=to_epoch(now), settled_at=None
        )
    )
