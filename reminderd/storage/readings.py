"""What is known of a line: the latest readings, and all of them as a series."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert

from reminderd.domain.lines import Allowance, Deadline, Reading
from reminderd.storage.lines import ASAP, update_line
from reminderd.storage.tables import metadata
from reminderd.storage.upserts import upsert

_ALLOWANCE = metadata.tables["allowance"]
_DEADLINE = metadata.tables["deadline"]
_READING = metadata.tables["reading"]


def save_readings(
    tx: Connection,
    line_id: int,
    readings: Sequence[Reading],
    source: str,
    now: datetime,
) -> None:
    """Put *readings* in the place of what was known, and have the line reviewed.

    One from after *now* counts as of now: a clock that runs ahead must not keep the
    line from going stale.
    """
    known = [
        replace(reading, observed_at=min(reading.observed_at, now))
        for reading in readings
    ]
    if not known:
        return
    allowances = [item for item in known if isinstance(item, Allowance)]
    deadlines = [item for item in known if isinstance(item, Deadline)]
    upsert(tx, _ALLOWANCE, [_allowance_row(line_id, item) for item in allowances])
    upsert(tx, _DEADLINE, [_deadline_row(line_id, item) for item in deadlines])
    series = [_reading_row(line_id, reading, source) for reading in known]
    tx.execute(insert(_READING), series)
    update_line(tx, line_id, review_at=ASAP)


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


def _allowance_row(line_id: int, known: Allowance) -> dict[str, Any]:
    return {
        "line_id": line_id,
        "kind": known.kind.value,
        "bucket": known.bucket,
        "remaining": known.remaining,
        "total": known.total,
        "unlimited": known.unlimited,
        "currency": known.currency,
        "observed_at": known.observed_at,
    }


def _deadline_row(line_id: int, known: Deadline) -> dict[str, Any]:
    is_instant = isinstance(known.due, datetime)
    return {
        "line_id": line_id,
        "kind": known.kind.value,
        "due_on": None if is_instant else known.due,
        "due_at": known.due if is_instant else None,
        "period": None if known.period is None else str(known.period),
        "last_activity_on": known.last_activity_on,
        "observed_at": known.observed_at,
    }


def _reading_row(line_id: int, known: Reading, source: str) -> dict[str, Any]:
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
