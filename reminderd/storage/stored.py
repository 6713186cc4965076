"""From rows to lines of the domain, many at a time."""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, RowMapping, Select, Table, select

from reminderd.domain.lines import Allowance, Deadline, DeadlineKind, Line
from reminderd.domain.periods import parse_period
from reminderd.domain.quantities import DECIMAL, AllowanceKind
from reminderd.domain.reminders import LineCard
from reminderd.domain.texts import Text
from reminderd.domain.told import Told
from reminderd.storage.epochs import from_epoch
from reminderd.storage.plans import decode_plan
from reminderd.storage.tables import metadata

_LINE = metadata.tables["line"]
_ALLOWANCE = metadata.tables["allowance"]
_DEADLINE = metadata.tables["deadline"]
_TOLD = metadata.tables["told"]

# How columns and the domain refuse a value; LookupError and OSError are zoneinfo's.
_IMPOSSIBLE = (ValueError, TypeError, LookupError, OSError, ArithmeticError)

log = logging.getLogger(__name__)

_Known = Mapping[int, Sequence[RowMapping]]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLine:
    """A line, what has been told about it, and what only people want to know of it.

    ``route`` names the channels it goes to, None stands for all of them; ``origin``
    is ``config`` or ``cli``.
    """

    id: int
    line: Line
    told: Mapping[str, Told]
    card: LineCard
    carrier: str | None
    number: str | None
    iccid: str | None
    tags: tuple[str, ...]
    route: tuple[str, ...] | None
    origin: str
    archived_at: datetime | None

    @property
    def name(self) -> str:
        """The owner's name for it."""
        return self.card.name


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableLine:
    """A line whose row holds something impossible, such as an unknown time zone.

    ``fault`` says so without any value.
    """

    id: int
    name: str
    origin: str
    fault: str


def load(tx: Connection, wanted: Select[Any]) -> Sequence[StoredLine | UnreadableLine]:
    """Return the lines that *wanted* selects, with everything known of them.

    A value that its column cannot hold would keep all rows beside it from being read:
    then each line is read by itself.
    """
    try:
        return _load(tx, wanted)
    except _IMPOSSIBLE:
        columns = (_LINE.c.id, _LINE.c.name, _LINE.c.origin)
        alone: Select[Any] = wanted.with_only_columns(*columns)
        rows = tx.execute(alone).all()
    return [_load_alone(tx, row) for row in rows]


def _load(tx: Connection, wanted: Select[Any]) -> Sequence[StoredLine | UnreadableLine]:
    rows = tx.execute(wanted).all()
    ids = [row.id for row in rows]
    known = [_by_line(tx, table, ids) for table in (_ALLOWANCE, _DEADLINE, _TOLD)]
    return [_stored_or_not(row, *known) for row in rows]


def _load_alone(tx: Connection, row: Row[Any]) -> StoredLine | UnreadableLine:
    try:
        (line,) = _load(tx, select(*_LINE.columns).where(_LINE.c.id == row.id))
    except _IMPOSSIBLE as error:
        return _unreadable(row, error)
    return line


def _stored_or_not(
    row: Row[Any], allowances: _Known, deadlines: _Known, told: _Known
) -> StoredLine | UnreadableLine:
    try:
        return _stored(row, allowances, deadlines, told)
    except _IMPOSSIBLE as error:
        return _unreadable(row, error)


def _unreadable(row: Row[Any], error: Exception) -> UnreadableLine:
    log.error("unreadable line_id=%d: %s", row.id, error)
    return UnreadableLine(
        id=row.id,
        name=row.name,
        origin=row.origin,
        fault=Text("its row cannot be read ({name})", name=type(error).__name__),
    )


def _by_line(tx: Connection, table: Table, ids: Sequence[int]) -> _Known:
    found: dict[int, list[RowMapping]] = defaultdict(list)
    if ids:
        wanted = select(*table.columns).where(table.c.line_id.in_(ids))
        for row in tx.execute(wanted.order_by(*table.primary_key)).mappings():
            found[row["line_id"]].append(row)
    return found


def _stored(
    row: Row[Any], allowances: _Known, deadlines: _Known, told: _Known
) -> StoredLine:
    zone = ZoneInfo(row.timezone)
    plan = decode_plan(row.plan)
    line = Line(
        name=row.name,
        zone=zone,
        added_at=row.added_at,
        allowances=tuple(map(allowance_of, allowances.get(row.id, ()))),
        deadlines=tuple(map(deadline_of, deadlines.get(row.id, ()))),
        plan=plan,
        snoozed_until=row.snoozed_until,
        # 0 asks for a review as soon as possible: it is no time to be late for
        review_at=from_epoch(row.review_at) if row.review_at else None,
    )
    return StoredLine(
        id=row.id,
        line=line,
        told={known["item"]: _told(known) for known in told.get(row.id, ())},
        card=LineCard(
            name=row.name,
            zone=zone,
            carrier=row.carrier,
            number=row.number,
            plan=plan,
        ),
        carrier=row.carrier,
        number=row.number,
        iccid=row.iccid,
        tags=tuple(row.tags),
        route=None if row.route is None else tuple(row.route),
        origin=row.origin,
        archived_at=row.archived_at,
    )


def allowance_of(row: RowMapping | Mapping[str, Any]) -> Allowance:
    """Return the allowance in a *row*."""
    return Allowance(
        kind=AllowanceKind(row["kind"]),
        bucket=row["bucket"],
        remaining=row["remaining"],
        total=row["total"],
        unlimited=row["unlimited"],
        currency=row["currency"],
        size_base=row["size_base"] or DECIMAL,
        daily=bool(row["daily"]),
        throttled=bool(row["throttled"]),
        expires=row["expires_on"] or row["expires_at"],
        refills_on=row["refills_on"],
        refill_to=row["refill_to"],
        filled_at=row["filled_at"],
        per_day=row["per_day"],
        observed_at=row["observed_at"],
    )


def deadline_of(row: RowMapping | Mapping[str, Any]) -> Deadline:
    """Return the deadline in a *row*."""
    return Deadline(
        kind=DeadlineKind(row["kind"]),
        due=row["due_on"] or row["due_at"],
        period=None if row["period"] is None else parse_period(row["period"]),
        last_activity_on=row["last_activity_on"],
        anchor_day=row["anchor_day"],
        observed_at=row["observed_at"],
    )


def _told(row: RowMapping) -> Told:
    return Told(
        item=row["item"],
        cycle=row["cycle"],
        step=row["step"],
        said_at=row["said_at"],
        count=row["count"],
        due_at=row["due_at"],
        acknowledged_at=row["acknowledged_at"],
    )
