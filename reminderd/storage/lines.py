"""Lines: which are due, which there are, and what a review decided about one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, delete, exists, func, select, update

from reminderd.domain.review import Review
from reminderd.domain.texts import Text
from reminderd.domain.told import Told
from reminderd.storage.engines import is_write
from reminderd.storage.epochs import to_epoch
from reminderd.storage.stored import StoredLine, UnreadableLine, load
from reminderd.storage.tables import metadata
from reminderd.storage.upserts import upsert

__all__ = [
    "NewLine",
    "StoredLine",
    "UnreadableLine",
    "add_line",
    "all_lines",
    "archive_line",
    "count_due",
    "count_lines",
    "count_reached",
    "count_told",
    "due_lines",
    "find_any",
    "find_line",
    "give_way",
    "is_any_due",
    "line_names",
    "postpone",
    "reached_lines",
    "removed_on",
    "review_all_now",
    "review_now",
    "save_review",
    "save_told",
    "update_line",
]

ASAP = 0
_BATCH = 500
_SECOND = timedelta(seconds=1)

_LINE = metadata.tables["line"]
_TOLD = metadata.tables["told"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLine:
    """A line to be added; ``declared`` is what the configuration file says of it."""

    name: str
    timezone: str
    origin: str
    added_at: datetime
    carrier: str | None = None
    number: str | None = None
    iccid: str | None = None
    tags: tuple[str, ...] = ()
    route: tuple[str, ...] | None = None
    declared: Mapping[str, Any] | None = None
    plan: Mapping[str, Any] | None = None
    snoozed_until: datetime | None = None


def is_any_due(tx: Connection, now: datetime) -> bool:
    """Tell whether any line is to be reviewed at *now*."""
    return bool(tx.execute(select(exists(_due(now)))).scalar())


def count_due(tx: Connection, now: datetime) -> int:
    """Return how many lines are to be reviewed at *now*."""
    return _count(tx, _due(now))


def count_lines(tx: Connection, at_most: int | None = None) -> int:
    """Return how many lines there are; from *at_most* on they are not counted."""
    return _count(tx, _live().limit(at_most))


def count_told(tx: Connection, item: str) -> int:
    """Return how many lines have been told of *item*."""
    told = exists().where(_TOLD.c.line_id == _LINE.c.id, _TOLD.c.item == item)
    return _count(tx, _live().where(told))


def count_reached(tx: Connection, since: datetime, until: datetime) -> int:
    """Return how many lines were to be reviewed after *since* and up to *until*."""
    return _count(tx, _reached(since, until))


def reached_lines(
    tx: Connection, since: datetime, until: datetime
) -> Iterator[StoredLine]:
    """Yield the lines that were to be reviewed after *since* and up to *until*."""
    found = load(tx, _reached(since, until))
    yield from (line for line in found if isinstance(line, StoredLine))


def due_lines(
    tx: Connection, now: datetime, limit: int
) -> Sequence[StoredLine | UnreadableLine]:
    """Return the lines to be reviewed at *now*, the longest due first.

    They are locked until the end of *tx*; those that another process has locked are
    left out.
    """
    wanted = _due(now).order_by(_LINE.c.review_at).limit(limit)
    return load(tx, wanted.with_for_update(skip_locked=True))


def find_line(tx: Connection, name: str) -> StoredLine | None:
    """Return the line called *name* unless it is archived; None where there is none.

    Also None where its row cannot be read. A transaction that writes keeps others
    from changing the line until its end.
    """
    found = find_any(tx, name)
    return found if isinstance(found, StoredLine) else None


def find_any(tx: Connection, name: str) -> StoredLine | UnreadableLine | None:
    """Return what :func:`find_line` does, and a line whose row cannot be read."""
    wanted = _live().where(_LINE.c.name == name)
    if is_write(tx):
        wanted = wanted.with_for_update()
    return next(iter(load(tx, wanted)), None)


def removed_on(tx: Connection, name: str) -> tuple[int, datetime] | None:
    """Return the id of the archived line called *name*, and when it was archived."""
    wanted = select(_LINE.c.id, _LINE.c.archived_at).where(
        _LINE.c.name == name, _LINE.c.archived_at.is_not(None)
    )
    row = tx.execute(wanted).one_or_none()
    return None if row is None else (row.id, row.archived_at)


def all_lines(tx: Connection, *, archived: bool = False) -> Iterator[StoredLine]:
    """Yield every line in the order of adding, *archived* ones only if asked for."""
    every = select(*_LINE.columns) if archived else _live()
    last = 0
    while found := load(
        tx, every.where(_LINE.c.id > last).order_by(_LINE.c.id).limit(_BATCH)
    ):
        last = found[-1].id
        yield from (line for line in found if isinstance(line, StoredLine))


def line_names(tx: Connection) -> list[str]:
    """Return the names of all lines that are not archived, in alphabetical order."""
    names = select(_LINE.c.name).where(_LINE.c.archived_at.is_(None))
    return list(tx.execute(names.order_by(_LINE.c.name)).scalars())


def add_line(tx: Connection, new: NewLine) -> int:
    """Add a line and return its id; it is reviewed as soon as possible.

    An archived line of that name gives way: it keeps its history under another name,
    so that nothing said about it counts as said about the new one.

    Raises:
        ValueError: There is a line of that name.
    """
    taken = exists().where(_LINE.c.name == new.name, _LINE.c.archived_at.is_(None))
    if tx.execute(select(taken)).scalar():
        raise ValueError(Text("there is a line {name} already", name=new.name))
    give_way(tx, [new.name])
    columns = asdict(new) | {"tags": list(new.tags)}
    added = _LINE.insert().values(**columns, review_at=ASAP).returning(_LINE.c.id)
    return int(tx.execute(added).scalar_one())


def give_way(tx: Connection, names: Sequence[str]) -> None:
    """Rename the archived lines of these *names*, so that others can have them."""
    # No more than is needed: one that is removed may be so since it is unreadable.
    archived = select(_LINE.c.id, _LINE.c.name).where(
        _LINE.c.name.in_(names), _LINE.c.archived_at.is_not(None)
    )
    for same in tx.execute(archived).all():
        # Two blanks: no name that somebody has chosen has them.
        update_line(tx, same.id, name=f"{same.name}  (removed, line {same.id})")


def update_line(tx: Connection, line_id: int, **columns: object) -> None:
    """Set *columns* of a line as given."""
    tx.execute(update(_LINE).where(_LINE.c.id == line_id).values(**columns))


def archive_line(tx: Connection, line_id: int, now: datetime) -> None:
    """Take a line out of every list and pass; its history stays."""
    update_line(tx, line_id, archived_at=now, review_at=None)


def save_review(
    tx: Connection, stored: StoredLine, review: Review, now: datetime
) -> None:
    """Write what a review at *now* decided about a line, but for its reminder.

    Whatever was wrong with the line before, it is well again.
    """
    told = {known.item: known for known in review.told}
    _write_told(tx, stored.id, stored.told, told)
    next_at = review.next_review_at
    if next_at is not None:
        # A line that is due again at once would keep the pass from ending.
        next_at = max(next_at, now + _SECOND)
    update_line(
        tx,
        stored.id,
        snoozed_until=review.snoozed_until,
        review_at=None if next_at is None else to_epoch(next_at),
        fault=None,
        fault_at=None,
    )


def save_told(
    tx: Connection, line_id: int, before: Mapping[str, Told], told: Mapping[str, Told]
) -> None:
    """Put *told* in the place of what was told *before*, and have the line reviewed."""
    _write_told(tx, line_id, before, told)
    update_line(tx, line_id, review_at=ASAP)


def _write_told(
    tx: Connection, line_id: int, before: Mapping[str, Told], told: Mapping[str, Told]
) -> None:
    gone = before.keys() - told.keys()
    if gone:
        of_line = _TOLD.c.line_id == line_id
        tx.execute(delete(_TOLD).where(of_line, _TOLD.c.item.in_(sorted(gone))))
    changed = [known for item, known in told.items() if before.get(item) != known]
    upsert(tx, _TOLD, [{"line_id": line_id, **asdict(known)} for known in changed])


def postpone(tx: Connection, line_id: int, until: datetime) -> None:
    """Leave a line alone until an instant, at which it is reviewed."""
    update_line(tx, line_id, review_at=to_epoch(until))


def review_now(tx: Connection, line_id: int) -> None:
    """Have a line reviewed as soon as possible, unless it is archived."""
    live = (_LINE.c.id == line_id) & _LINE.c.archived_at.is_(None)
    tx.execute(update(_LINE).where(live).values(review_at=ASAP))


def review_all_now(tx: Connection) -> None:
    """Have every line reviewed as soon as possible."""
    live = _LINE.c.archived_at.is_(None)
    tx.execute(update(_LINE).where(live).values(review_at=ASAP))


def _live() -> Select[Any]:
    return select(*_LINE.columns).where(_LINE.c.archived_at.is_(None))


def _due(now: datetime) -> Select[Any]:
    # Rounded down: an instant within this second has not come yet.
    return _live().where(_LINE.c.review_at <= int(now.timestamp()))


def _reached(since: datetime, until: datetime) -> Select[Any]:
    return _due(until).where(_LINE.c.review_at > int(since.timestamp()))


def _count(tx: Connection, which: Select[Any]) -> int:
    ids = which.with_only_columns(_LINE.c.id).subquery()
    return int(tx.execute(select(func.count()).select_from(ids)).scalar_one())
