"""What people did with lines, and what was read of them, in the past."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, and_, case, select

from reminderd.domain.lines import GENERAL
from reminderd.domain.quantities import DECIMAL, Money
from reminderd.storage.past import EVENT, Figure, PastEvent, PastReading, Wanted
from reminderd.storage.tables import metadata

_LINE = metadata.tables["line"]
_EVENT = metadata.tables["event"]
_READING = metadata.tables["reading"]
_ALLOWANCE = metadata.tables["allowance"]

_FIGURE = ("observed_at", "remaining", "total", "unlimited", "currency", "due")


def events(
    tx: Connection, wanted: Wanted, limit: int, ids: Collection[int] | None = None
) -> list[PastEvent]:
    """Return the last *limit* events, of *ids* alone if given, the latest first."""
    query: Select[Any] = select(*_EVENT.columns, _LINE.c.name.label("line")).join(_LINE)
    query = wanted.narrow(query, _EVENT.c.at)
    if EVENT not in wanted.kinds:
        query = query.where(_EVENT.c.kind.in_(wanted.kinds))
    if ids is not None:
        query = query.where(_EVENT.c.id.in_(ids))
    rows = tx.execute(query.order_by(_EVENT.c.id.desc()).limit(limit)).mappings()
    return [
        PastEvent(
            id=row["id"],
            line=row["line"],
            at=row["at"],
            kind=row["kind"],
            detail=row["detail"] if isinstance(row["detail"], dict) else {},
            money=_money(row),
        )
        for row in rows
    ]


def _money(row: RowMapping) -> Money | None:
    """Return what was paid, None also where that cannot be read."""
    if row["amount"] is None:
        return None
    try:
        return Money(row["amount"], row["currency"])
    except (ValueError, TypeError):
        return None


def readings(
    tx: Connection, wanted: Wanted, limit: int, ids: Collection[int] | None = None
) -> list[PastReading]:
    """Return the *limit* readings that were recorded last, the latest first.

    Of *ids* alone if given. They are at the instant at which the figure was so.
    """
    query: Select[Any] = select(*_READING.columns, _LINE.c.name).join(_LINE)
    query = wanted.narrow(query, _READING.c.observed_at)
    if ids is not None:
        query = query.where(_READING.c.id.in_(ids))
    rows = tx.execute(_with_before(query.order_by(_READING.c.id.desc()).limit(limit)))
    return [_reading(row) for row in rows.mappings()]


def _with_before(query: Select[Any]) -> Select[Any]:
    """Return *query* with the reading before each, and how its sizes are counted.

    One index leads from a reading to those of its line before it.
    """
    found = query.subquery("found")
    before, older = _READING.alias("before"), _READING.alias("older")
    last = (
        select(older.c.id)
        .where(
            older.c.line_id == found.c.line_id,
            older.c.item == found.c.item,
            older.c.id < found.c.id,
        )
        .order_by(older.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    item = case(
        (_ALLOWANCE.c.bucket == GENERAL, _ALLOWANCE.c.kind),
        else_=_ALLOWANCE.c.kind + "/" + _ALLOWANCE.c.bucket,
    )
    of_line = and_(_ALLOWANCE.c.line_id == found.c.line_id, item == found.c.item)
    joined = found.outerjoin(before, before.c.id == last).outerjoin(_ALLOWANCE, of_line)
    return (
        select(
            *found.columns,
            *(before.c[name].label(f"before_{name}") for name in ("id", *_FIGURE)),
            _ALLOWANCE.c.size_base,
        )
        .select_from(joined)
        .order_by(found.c.id.desc())
    )


def _reading(row: RowMapping) -> PastReading:
    return PastReading(
        id=row["id"],
        line=row["name"],
        item=row["item"],
        source=row["source"],
        size_base=row["size_base"] or DECIMAL,
        figure=_figure(row, ""),
        before=None if row["before_id"] is None else _figure(row, "before_"),
    )


def _figure(row: RowMapping, prefix: str) -> Figure:
    at, *figures = (row[f"{prefix}{name}"] for name in _FIGURE)
    return Figure(at=at, **dict(zip(_FIGURE[1:], figures, strict=True)))
