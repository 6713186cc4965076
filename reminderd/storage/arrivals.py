"""What comes into the history while somebody looks on, whoever writes it.

Entries are found by their ids. The last ids are looked at again each time: with
PostgreSQL a lower one may be committed after a higher one, and SQLite gives the id of
a row that was deleted last to the next one.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, Table, func, select

from reminderd.domain.deliveries import DeliveryState
from reminderd.storage.past import DELIVERY, READING, REMINDER, Past, Wanted
from reminderd.storage.past_changes import events, readings
from reminderd.storage.past_reminders import deliveries, reminders
from reminderd.storage.tables import metadata

_DELIVERY = metadata.tables["delivery"]
_LOOK_BACK = 200
_BATCH = 500
_OPEN = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.HELD)

_Standing = tuple[str, str | None, int]
_FRESH: _Standing = (DeliveryState.PENDING, None, 0)


class _Tail:
    """The end of an append-only table."""

    def __init__(self, tx: Connection, table: Table, at: str) -> None:
        self._id, self._at = table.c.id, table.c[at]
        self._last = tx.execute(select(func.max(self._id))).scalar() or 0
        self._seen = set(self._rows(tx))

    def _rows(self, tx: Connection) -> list[tuple[int, datetime]]:
        rows = select(self._id, self._at).where(self._id > self._last - _LOOK_BACK)
        rows = rows.order_by(self._id).limit(_LOOK_BACK + _BATCH)
        return [(row[0], row[1]) for row in tx.execute(rows)]

    def news(self, tx: Connection) -> list[int]:
        """Return the ids of some rows that have come since the last call, or of none.

        When there are none, all of them have been returned.
        """
        rows = self._rows(tx)
        unseen = [row for row in rows if row not in self._seen]
        self._last = max((row[0] for row in rows), default=self._last)
        kept = (*self._seen, *unseen)
        self._seen = {row for row in kept if row[0] > self._last - _LOOK_BACK}
        return [row[0] for row in unseen]


class Arrivals:
    """What is *wanted* of what comes in from the making of this object on."""

    def __init__(self, tx: Connection, wanted: Wanted) -> None:
        """Take note of what is there."""
        self._wanted = wanted
        self._reminders = _Tail(tx, metadata.tables["reminder"], "created_at")
        self._deliveries = _Tail(tx, _DELIVERY, "created_at")
        self._events = _Tail(tx, metadata.tables["event"], "at")
        self._readings = _Tail(tx, metadata.tables["reading"], "observed_at")
        self._standings = _standings(tx, {})

    def news(self, tx: Connection) -> Iterator[Past]:
        """Yield what has come since the last call, each table's in its order.

        A delivery comes whenever an attempt at it has ended, and when it is settled.
        What has become of it by the time its reminder comes is told with that.
        """
        wanted, kinds = self._wanted, self._wanted.kinds
        while ids := self._readings.news(tx):
            if READING in kinds and wanted.channel is None:
                yield from reversed(readings(tx, wanted, len(ids), ids))
        while ids := self._events.news(tx):
            if kinds - {REMINDER, DELIVERY, READING} and wanted.channel is None:
                yield from reversed(events(tx, wanted, len(ids), ids))
        told: set[int] = set()
        while ids := self._reminders.news(tx):
            if REMINDER in kinds:
                found = reminders(tx, wanted, len(ids), ids)
                told.update(known.id for known in found)
                yield from reversed(found)
        changed = self._changed(tx)
        if DELIVERY in kinds:
            yield from self._without(tx, changed, told)

    def _without(
        self, tx: Connection, ids: Sequence[int], told: Collection[int]
    ) -> Iterator[Past]:
        for start in range(0, len(ids), _BATCH):
            part = ids[start : start + _BATCH]
            for known in reversed(deliveries(tx, self._wanted, len(part), part)):
                if known.of.id not in told:
                    yield known

    def _changed(self, tx: Connection) -> list[int]:
        before, now = self._standings, _standings(tx, self._standings)
        self._standings = now
        changed = before.keys() - now.keys()
        changed |= {each for each in now if now[each] != before.get(each, _FRESH)}
        while ids := self._deliveries.news(tx):
            changed |= {*ids} - now.keys()
        return sorted(changed)


def _standings(tx: Connection, before: dict[int, _Standing]) -> dict[int, _Standing]:
    """Return how each open delivery stands; one that is being sent, as it stood."""
    wanted = select(
        _DELIVERY.c.id, _DELIVERY.c.state, _DELIVERY.c.reason, _DELIVERY.c.attempts
    ).where(_DELIVERY.c.state.in_(_OPEN))
    return {
        row.id: before.get(row.id, _FRESH)
        if row.state == DeliveryState.SENDING
        else (row.state, row.reason, row.attempts)
        for row in tx.execute(wanted)
    }
