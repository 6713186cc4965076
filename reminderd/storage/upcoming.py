"""What comes next: of all lines, and in the outbox."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, func, select, true

from reminderd.storage.epochs import from_epoch, to_epoch
from reminderd.storage.outbox import WAITING
from reminderd.storage.tables import metadata

_LINE = metadata.tables["line"]
_DEADLINE = metadata.tables["deadline"]
_DELIVERY = metadata.tables["delivery"]
_CHANNEL = metadata.tables["channel"]


def next_deadline(
    tx: Connection, day: date, now: datetime
) -> tuple[str, date | datetime] | None:
    """Return the first deadline from *day* or *now* on and its line, None for none.

    Both of its forms are looked at: dates from *day* on, instants from *now* on.
    """
    dates, instants = _DEADLINE.c.due_on, _DEADLINE.c.due_at
    found: list[tuple[str, date | datetime]] = []
    for column, since in ((dates, day), (instants, now)):
        wanted = (
            select(_LINE.c.name, column)
            .join_from(_DEADLINE, _LINE)
            .where(_LINE.c.archived_at.is_(None), column >= since)
        )
        row = tx.execute(wanted.order_by(column).limit(1)).one_or_none()
        if row is not None:
            found.append((row[0], row[1]))
    return min(found, key=lambda known: str(known[1]), default=None)


def stored_instants(
    tx: Connection, now: datetime, silent: Collection[str] = ()
) -> Iterator[datetime]:
    """Yield the first instant after *now* of each kind at which something is due.

    A line is reviewed, a delivery tried or let go, a channel has rested. What is only
    tried in vain, as it is for the *silent* channels, is left out.
    """
    tries = _DELIVERY.c.channel.not_in(silent)
    rests = _CHANNEL.c.name.not_in(silent)
    for column, wanted in (
        (_LINE.c.review_at, true()),
        (_DELIVERY.c.next_attempt_at, tries),
        (_CHANNEL.c.retry_at, rests),
    ):
        later = select(func.min(column)).where(column > to_epoch(now), wanted)
        found = tx.execute(later).scalar()
        if found is not None:
            yield from_epoch(found)


def running_out(
    tx: Connection, channels: Collection[str], patience: timedelta, now: datetime
) -> Iterator[datetime]:
    """Yield when the first that waits for one of *channels* has lost its patience.

    That has waited for *patience*, or will lose its use after as long.
    """
    waits = (_DELIVERY.c.channel.in_(channels), _DELIVERY.c.state.in_(WAITING))
    since, until = _DELIVERY.c.created_at, _DELIVERY.c.useful_until
    oldest = select(func.min(since)).where(*waits, since > now - patience)
    first = tx.execute(oldest).scalar()
    if first is not None:
        yield first + patience
    urgent = select(func.min(until)).where(*waits, until > to_epoch(now + patience))
    nearest = tx.execute(urgent).scalar()
    if nearest is not None:
        yield from_epoch(nearest) - patience
