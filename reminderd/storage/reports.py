"""The notices that say how a channel is, and what an outage of it came to."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, and_, func, or_, select

from reminderd.domain.deliveries import DeliveryState
from reminderd.storage.outbox import WAITING, notice_key, supersede
from reminderd.storage.tables import metadata

_REMINDER = metadata.tables["reminder"]
_DELIVERY = metadata.tables["delivery"]

_ON_ITS_WAY = (DeliveryState.SENT, DeliveryState.SENDING)


@dataclass(frozen=True, slots=True)
class Aftermath:
    """How many reminders an outage has kept back, and where some arrived instead."""

    late: int
    elsewhere: int
    channels: tuple[str, ...]


def report_key(channel: str, since: datetime | None, text: str) -> str:
    """Return the key of a report on the trouble of *channel* that began at *since*."""
    return f"{_prefix(channel)}{since and since.isoformat()}|{text}"


def take_back(tx: Connection, channel: str, since: datetime, now: datetime) -> None:
    """Take back the reports on the trouble of *channel* that nobody has read yet.

    Not if it has made a reminder of *since* or later be given up: of that somebody
    has to hear.
    """
    given_up = _of_lines(channel).where(
        _DELIVERY.c.state == DeliveryState.DEAD, _DELIVERY.c.settled_at >= since
    )
    if tx.execute(given_up.limit(1)).first() is not None:
        return
    supersede(tx, _DELIVERY.c.reminder_id.in_(_notices(_prefix(channel))), now)


def has_arrived(tx: Connection, channel: str, since: datetime) -> bool:
    """Tell whether a report on the trouble of *channel* that began at *since* has."""
    reports = _notices(report_key(channel, since, ""))
    arrived = select(_DELIVERY.c.id).where(
        _DELIVERY.c.reminder_id.in_(reports), _DELIVERY.c.state.in_(_ON_ITS_WAY)
    )
    return tx.execute(arrived.limit(1)).first() is not None


def count_waiting(tx: Connection, channel: str) -> int:
    """Return how many reminders of lines wait for *channel*."""
    waiting = _of_lines(channel).where(_DELIVERY.c.state.in_(WAITING))
    return tx.execute(waiting.with_only_columns(func.count())).scalar_one()


def aftermath(tx: Connection, channel: str, since: datetime) -> Aftermath:
    """Return what an outage of *channel* came to that lasted from *since* until now.

    Nothing was delivered through it in that time: what has been is late.
    """
    is_late = or_(
        _DELIVERY.c.state.in_(WAITING),
        and_(_DELIVERY.c.state == DeliveryState.SENT, _DELIVERY.c.settled_at >= since),
    )
    late = _of_lines(channel).where(is_late).with_only_columns(func.count())
    other = _DELIVERY.alias()
    elsewhere = (
        _of_lines(channel)
        .join(other, other.c.reminder_id == _DELIVERY.c.reminder_id)
        .where(
            other.c.channel != channel,
            other.c.state == DeliveryState.SENT,
            other.c.settled_at >= since,
        )
        .with_only_columns(other.c.channel, other.c.reminder_id)
    )
    rows = tx.execute(elsewhere).all()
    return Aftermath(
        late=tx.execute(late).scalar_one(),
        elsewhere=len({row.reminder_id for row in rows}),
        channels=tuple(sorted({row.channel for row in rows})),
    )


def _of_lines(channel: str) -> Select[int]:
    return (
        select(_DELIVERY.c.id)
        .join_from(_DELIVERY, _REMINDER)
        .where(_DELIVERY.c.channel == channel, _REMINDER.c.line_id.is_not(None))
    )


def _prefix(channel: str) -> str:
    return f"channel-down|{channel}|"


def _notices(prefix: str) -> Select[int]:
    """Select the notices whose keys begin with *prefix*."""
    # Notices have no line, of which there is an index.
    return select(_REMINDER.c.id).where(
        _REMINDER.c.line_id.is_(None),
        _REMINDER.c.key.startswith(notice_key(prefix), autoescape=True),
    )
