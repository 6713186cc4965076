"""Many lines at a time: with few statements, each for all of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from reminderd.domain.lines import Allowance, Reading
from reminderd.storage.engines import is_write
from reminderd.storage.lines import (
    ASAP,
    NewLine,
    StoredLine,
    UnreadableLine,
    give_way,
)
from reminderd.storage.readings import columns_of, reading_row
from reminderd.storage.stored import load
from reminderd.storage.tables import metadata

_LINE = metadata.tables["line"]
_READING = metadata.tables["reading"]
_ALLOWANCE = metadata.tables["allowance"]
_DEADLINE = metadata.tables["deadline"]
_EVENT = metadata.tables["event"]
# `asdict` copies every value, which takes longer than to write it.
_COLUMNS = tuple(field.name for field in fields(NewLine))


def lines_called(
    tx: Connection, names: Sequence[str]
) -> Mapping[str, StoredLine | UnreadableLine]:
    """Return the lines of these *names*, by name; archived ones are left out.

    In a transaction that writes, nobody else changes them until its end.
    """
    wanted = select(*_LINE.columns).where(
        _LINE.c.name.in_(names), _LINE.c.archived_at.is_(None)
    )
    if is_write(tx):
        wanted = wanted.with_for_update()
    return {known.name: known for known in load(tx, wanted)}


def lines_after(
    tx: Connection, last_id: int, limit: int
) -> Sequence[StoredLine | UnreadableLine]:
    """Return the lines that were added next after the one with *last_id*."""
    live = select(*_LINE.columns).where(
        _LINE.c.archived_at.is_(None), _LINE.c.id > last_id
    )
    return load(tx, live.order_by(_LINE.c.id).limit(limit))


def add_lines(
    tx: Connection,
    new: Sequence[tuple[NewLine, Sequence[Reading]]],
    source: str,
    now: datetime,
) -> None:
    """Add lines with what is known of them, to be reviewed as soon as possible.

    There may be no line of one of their names; archived ones give way. A reading from
    after *now* counts as of now.
    """
    if not new:
        return
    give_way(tx, [line.name for line, _ in new])
    rows = [
        {name: getattr(line, name) for name in _COLUMNS}
        | {"tags": list(line.tags), "review_at": ASAP}
        for line, _ in new
    ]
    added = insert(_LINE).returning(_LINE.c.id, sort_by_parameter_order=True)
    ids = tx.execute(added, rows).scalars().all()
    known = [
        (line_id, reading)
        if reading.observed_at <= now
        else (line_id, replace(reading, observed_at=now))
        for line_id, (_, readings) in zip(ids, new, strict=True)
        for reading in readings
    ]
    series = (reading_row(line_id, each, source) for line_id, each in known)
    for table, values in (
        (_READING, list(series)),
        (_ALLOWANCE, list(_rows(known, of_allowances=True))),
        (_DEADLINE, list(_rows(known, of_allowances=False))),
        (_EVENT, [_added(line_id, now) for line_id in ids]),
    ):
        if values:
            tx.execute(insert(table), values)


def _rows(
    known: Sequence[tuple[int, Reading]], *, of_allowances: bool
) -> Iterator[dict[str, Any]]:
    for line_id, reading in known:
        if isinstance(reading, Allowance) is of_allowances:
            yield {"line_id": line_id, **columns_of(reading)}


def _added(line_id: int, now: datetime) -> dict[str, Any]:
    return {"line_id": line_id, "kind": "added", "at": now, "detail": {}}
