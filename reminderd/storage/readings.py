"""What is known of a line: the latest readings, and all of them as a series."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from reminderd.domain.forecasts import LOOK_BACK, Sample, usage_of
from reminderd.domain.lines import Allowance, Deadline, Reading
from reminderd.domain.quantities import DECIMAL
from reminderd.storage.lines import ASAP, update_line
from reminderd.storage.tables import metadata
from reminderd.storage.upserts import upsert

_ALLOWANCE = metadata.tables["allowance"]
_DEADLINE = metadata.tables["deadline"]
_READING = metadata.tables["reading"]
_TOLD = metadata.tables["told"]

# A source that is asked every half hour, in the five weeks that are looked at.
_MOST_SAMPLES = 2000


def save_readings(
    tx: Connection,
    line_id: int,
    readings: Sequence[Reading],
    source: str,
    now: datetime,
) -> None:
    """Put *readings* in the place of what was known, and have the line reviewed.

    One from after *now* counts as of now: a clock that runs ahead must not keep the
    line from going stale. A plan that is queued fills an allowance up all the same.
    """
    known = [
        replace(reading, observed_at=min(reading.observed_at, now))
        for reading in readings
    ]
    write_readings(tx, line_id, _with_queued(tx, line_id, known), source)


def write_readings(
    tx: Connection, line_id: int, known: Sequence[Reading], source: str
) -> None:
    """Do what :func:`save_readings` does, to the letter: what was queued is gone."""
    if not known:
        return
    series = [reading_row(line_id, reading, source) for reading in known]
    tx.execute(insert(_READING), series)
    allowances = [
        _with_use(tx, line_id, item) for item in known if isinstance(item, Allowance)
    ]
    deadlines = [item for item in known if isinstance(item, Deadline)]
    of_line = {"line_id": line_id}
    upsert(tx, _ALLOWANCE, [of_line | _allowance(item) for item in allowances])
    upsert(tx, _DEADLINE, [of_line | _deadline(item) for item in deadlines])
    update_line(tx, line_id, review_at=ASAP)


def samples_of(
    tx: Connection, line_id: int, item: str, since: datetime
) -> list[Sample]:
    """Return what was left of an allowance from *since* on, the oldest first."""
    wanted = (
        select(_READING.c.observed_at, _READING.c.remaining)
        .where(
            _READING.c.line_id == line_id,
            _READING.c.item == item,
            _READING.c.remaining.is_not(None),
            _READING.c.observed_at >= since,
        )
        .order_by(_READING.c.id.desc())
        .limit(_MOST_SAMPLES)
    )
    rows = tx.execute(wanted).all()
    return [Sample(row.observed_at, row.remaining) for row in reversed(rows)]


def forget_items(tx: Connection, line_id: int, items: Iterable[str]) -> None:
    """Make allowances and deadlines unknown, and have the line reviewed.

    The series of what they were stays.
    """
    for item in items:
        kind, _, bucket = item.partition("/")
        tx.execute(
            delete(_ALLOWANCE).where(
                _ALLOWANCE.c.line_id == line_id,
                _ALLOWANCE.c.kind == kind,
                _ALLOWANCE.c.bucket == (bucket or "general"),
            )
        )
        tx.execute(
            delete(_DEADLINE).where(
                _DEADLINE.c.line_id == line_id, _DEADLINE.c.kind == kind
            )
        )
        update_line(tx, line_id, review_at=ASAP)


def _with_queued(
    tx: Connection, line_id: int, known: Sequence[Reading]
) -> list[Reading]:
    """Return *known* with the refills that are still ahead of them."""
    wanted = select(
        _ALLOWANCE.c.kind,
        _ALLOWANCE.c.bucket,
        _ALLOWANCE.c.refills_on,
        _ALLOWANCE.c.refill_to,
    ).where(_ALLOWANCE.c.line_id == line_id, _ALLOWANCE.c.refills_on.is_not(None))
    queued = {(row.kind, row.bucket): row for row in tx.execute(wanted)}
    if not queued:
        return list(known)
    return [
        _queued(tx, line_id, each, queued.get((each.kind.value, each.bucket)))
        if isinstance(each, Allowance)
        else each
        for each in known
    ]


def _queued(
    tx: Connection,
    line_id: int,
    known: Allowance,
    queued: Row[Any, Any, Any, Any] | None,
) -> Allowance:
    """Return *known* with the refill that is *queued*, unless that is behind it."""
    if queued is None:
        return known
    if known.observed_at.date() < queued.refills_on:
        to = queued.refill_to
        return replace(known, refills_on=queued.refills_on, refill_to=to)
    # A new plan has begun: what was said of the old one was not said of it.
    said = (_TOLD.c.line_id == line_id) & (_TOLD.c.item == known.item)
    tx.execute(delete(_TOLD).where(said))
    return known


def _with_use(tx: Connection, line_id: int, known: Allowance) -> Allowance:
    """Return *known* with the use that its series shows."""
    if known.remaining is None or known.unlimited or known.daily:
        return replace(known, filled_at=None, per_day=None)
    since = known.observed_at - LOOK_BACK
    samples = samples_of(tx, line_id, known.item, since)
    usage = usage_of(samples)
    if usage is None:
        return known
    filled_at = usage.filled_at
    if filled_at == min(sample.observed_at for sample in samples):
        # No refill for as long as readings are looked at: it was before.
        filled_at = _filled_at(tx, line_id, known) or filled_at
    return replace(known, filled_at=filled_at, per_day=usage.per_day)


def _filled_at(tx: Connection, line_id: int, known: Allowance) -> datetime | None:
    wanted = select(_ALLOWANCE.c.filled_at).where(
        _ALLOWANCE.c.line_id == line_id,
        _ALLOWANCE.c.kind == known.kind.value,
        _ALLOWANCE.c.bucket == known.bucket,
    )
    filled_at: datetime | None = tx.execute(wanted).scalar()
    return filled_at


def columns_of(known: Reading) -> dict[str, Any]:
    """Return *known* as the columns of its row, but for the line's."""
    return _allowance(known) if isinstance(known, Allowance) else _deadline(known)


def _allowance(known: Allowance) -> dict[str, Any]:
    is_instant = isinstance(known.expires, datetime)
    return {
        "kind": known.kind.value,
        "bucket": known.bucket,
        "remaining": known.remaining,
        "total": known.total,
        "unlimited": known.unlimited,
        "currency": known.currency,
        "observed_at": known.observed_at,
        "size_base": None if known.size_base == DECIMAL else known.size_base,
        "daily": known.daily or None,
        "throttled": known.throttled or None,
        "expires_on": None if is_instant else known.expires,
        "expires_at": known.expires if is_instant else None,
        "refills_on": known.refills_on,
        "refill_to": known.refill_to,
        "filled_at": known.filled_at,
        "per_day": known.per_day,
    }


def _deadline(known: Deadline) -> dict[str, Any]:
    is_instant = isinstance(known.due, datetime)
    return {
        "kind": known.kind.value,
        "due_on": None if is_instant else known.due,
        "due_at": known.due if is_instant else None,
        "period": None if known.period is None else str(known.period),
        "last_activity_on": known.last_activity_on,
        "observed_at": known.observed_at,
        "anchor_day": known.anchor_day,
    }


def reading_row(line_id: int, known: Reading, source: str) -> dict[str, Any]:
    """Return *known* as one row of the series."""
    allowance = known if isinstance(known, Allowance) else None
    return {
        "line_id": line_id,
        "item": known.item,
        "remaining": allowance.remaining if allowance else None,
        "total": allowance.total if allowance else None,
        "unlimited": allowance is not None and allowance.unlimited,
        "currency": allowance.currency if allowance else None,
        "due": known.due.isoformat() if isinstance(known, Deadline) else None,
        "observed_at": known.observed_at,
        "source": source,
    }
