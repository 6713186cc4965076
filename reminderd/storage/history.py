"""The latest of what was said, where it went, what people did, and what was read."""

from sqlalchemy import Connection, select

from reminderd.storage.past import (
    DELIVERY,
    READING,
    REMINDER,
    Past,
    Wanted,
)
from reminderd.storage.past_changes import events, readings
from reminderd.storage.past_reminders import deliveries, reminders
from reminderd.storage.tables import metadata

_LINE = metadata.tables["line"]
_DELIVERY = metadata.tables["delivery"]
_NO_EVENTS = frozenset({REMINDER, DELIVERY, READING})


def recent(tx: Connection, wanted: Wanted, limit: int) -> list[Past]:
    """Return at most *limit* of the entries that are *wanted*, the latest first.

    Where no line is wanted, there are the notices too.
    """
    past: list[Past] = []
    if REMINDER in wanted.kinds:
        past += reminders(tx, wanted, limit)
    if DELIVERY in wanted.kinds:
        past += deliveries(tx, wanted, limit)
    if wanted.channel is None and wanted.kinds - _NO_EVENTS:
        past += events(tx, wanted, limit)
    if wanted.channel is None and READING in wanted.kinds:
        past += readings(tx, wanted, limit)
    # What was said comes first, then what was done, then what came of that.
    return sorted(past, key=lambda known: known.at, reverse=True)[:limit]


def has_past(tx: Connection, line: str) -> bool:
    """Tell whether there is, or was, a line of that name."""
    known = select(_LINE.c.id).where(_LINE.c.name == line)
    return tx.execute(known).first() is not None


def channels_used(tx: Connection) -> list[str]:
    """Return every channel that anything was ever meant for, in alphabetical order."""
    used = select(_DELIVERY.c.channel).distinct().order_by(_DELIVERY.c.channel)
    return list(tx.execute(used).scalars())
