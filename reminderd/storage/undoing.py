"""What a renewal found, kept with its event, so that it can be taken back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from reminderd.domain.activities import Outcome
from reminderd.domain.lines import Line, Reading
from reminderd.storage import events, readings
from reminderd.storage.lines import StoredLine
from reminderd.storage.stored import allowance_of, deadline_of
from reminderd.storage.tables import metadata

RENEWAL = "renewal"
UNDONE = "undone"
_SOURCE = "cli"

_ALLOWANCE = metadata.tables["allowance"]
_DEADLINE = metadata.tables["deadline"]
_EVENT = metadata.tables["event"]
_READING = metadata.tables["reading"]
_DATES = ("due_on", "last_activity_on", "expires_on", "refills_on")
_INSTANTS = ("due_at", "observed_at", "expires_at", "filled_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A renewal that was recorded at an instant, and what was known before it.

    ``items`` are those that it changed; ``before`` has no entry for what was unknown,
    ``after`` none for what it made so.
    """

    event_id: int
    at: datetime
    items: tuple[str, ...]
    before: tuple[Reading, ...]
    after: tuple[Reading, ...]


def changes(line: Line, outcome: Outcome) -> dict[str, Any]:
    """Return what *outcome* changes of *line* as JSON values, kept with its event."""
    items = {*(reading.item for reading in outcome.readings), *outcome.forgotten}
    before = [known for known in line.readings if known.item in items]
    return {
        "items": sorted(items),
        "before": _snapshot(before),
        "after": _snapshot(outcome.readings),
    }


def _snapshot(known: Iterable[Reading]) -> list[dict[str, Any]]:
    return [
        {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in readings.columns_of(reading).items()
            if value is not None
        }
        for reading in known
    ]


def last_renewal(tx: Connection, line_id: int) -> Done | None:
    """Return the last renewal of a line unless it was taken back; None without one.

    Also None where it was recorded by a release that kept nothing of what was before.
    """
    wanted = select(*_EVENT.columns).where(
        _EVENT.c.line_id == line_id, _EVENT.c.kind.in_((RENEWAL, UNDONE))
    )
    undone = set()
    for row in tx.execute(wanted.order_by(_EVENT.c.id.desc())):
        detail = row.detail or {}
        if row.kind == UNDONE:
            undone.add(detail.get("event"))
        elif row.id not in undone:
            return _done(row.id, row.at, detail)
    return None


def undo(tx: Connection, stored: StoredLine, renewal: Done, now: datetime) -> list[str]:
    """Put back what *renewal* changed; return the items that it could not be done for.

    What has been learnt since then stays.
    """
    known = {reading.item: reading for reading in stored.line.readings}
    after = {reading.item: reading for reading in renewal.after}
    newer = [
        item
        for item in renewal.items
        if item in known and known[item] != after.get(item)
    ]
    of_renewal = (
        (_READING.c.line_id == stored.id)
        & (_READING.c.observed_at == renewal.at)
        & (_READING.c.source == _SOURCE)
    )
    # It is no observation of anything, and would count as a refill.
    tx.execute(delete(_READING).where(of_renewal))
    before = [reading for reading in renewal.before if reading.item not in newer]
    again = {reading.item for reading in before}
    readings.forget_items(
        tx, stored.id, [each for each in renewal.items if each not in {*again, *newer}]
    )
    readings.write_readings(tx, stored.id, before, _SOURCE)
    detail = {"event": renewal.event_id, "items": sorted(again)}
    events.add_event(tx, stored.id, UNDONE, now, detail)
    return newer


def _done(event_id: int, at: datetime, detail: Mapping[str, Any]) -> Done | None:
    if not {"before", "after"} <= detail.keys():
        return None
    return Done(
        event_id=event_id,
        at=at,
        items=tuple(detail["items"]),
        before=tuple(_reading(row) for row in detail["before"]),
        after=tuple(_reading(row) for row in detail["after"]),
    )


def _reading(row: Mapping[str, Any]) -> Reading:
    known = {name: _parsed(name, value) for name, value in row.items()}
    if "bucket" in known:
        return allowance_of(dict.fromkeys(_ALLOWANCE.columns.keys()) | known)
    return deadline_of(dict.fromkeys(_DEADLINE.columns.keys()) | known)


def _parsed(name: str, value: Any) -> Any:  # noqa: ANN401 - a JSON value
    if name in _DATES:
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if name in _INSTANTS else value
