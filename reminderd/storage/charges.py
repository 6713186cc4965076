"""What was paid for lines: the events with an amount of money."""

import logging
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, RowMapping, Select, select

from reminderd.domain.calendar import local_date
from reminderd.domain.charges import Charge, ChargeKind
from reminderd.domain.names import clean_name
from reminderd.domain.periods import parse_period
from reminderd.domain.quantities import Money
from reminderd.storage.tables import metadata

Value = TypeVar("Value")

_KINDS = {"renewal": ChargeKind.RENEWAL, "activity": ChargeKind.TOP_UP}
_UNDONE = "undone"

_EVENT = metadata.tables["event"]
_LINE = metadata.tables["line"]

log = logging.getLogger(__name__)


def charges(
    tx: Connection, zone: ZoneInfo, line_id: int | None = None
) -> tuple[Charge, ...]:
    """Return what was paid for a line, or with None for all, also removed ones.

    What was undone was not paid. A charge of which no day was recorded is of the
    day in *zone* on which it was.
    """
    columns = (_LINE.c.name, _LINE.c.carrier, _LINE.c.archived_at)
    paid = select(*_EVENT.columns, *columns).join(_LINE).order_by(_EVENT.c.id)
    paid = paid.where(_EVENT.c.kind.in_(_KINDS), _EVENT.c.amount.is_not(None))
    undone = _undone(tx, line_id)
    rows = tx.execute(_of_line(paid, line_id)).mappings()
    known = (_charge(row, zone) for row in rows if row["id"] not in undone)
    return tuple(charge for charge in known if charge is not None)


def _undone(tx: Connection, line_id: int | None) -> set[object]:
    wanted = select(_EVENT.c.detail).where(_EVENT.c.kind == _UNDONE)
    details = tx.execute(_of_line(wanted, line_id)).scalars()
    return {_read(_object(detail), "event", int) for detail in details}


def _of_line(wanted: Select[Any], line_id: int | None) -> Select[Any]:
    return wanted if line_id is None else wanted.where(_EVENT.c.line_id == line_id)


def _charge(row: RowMapping, zone: ZoneInfo) -> Charge | None:
    """Return the charge of an event, None where its currency is none."""
    try:
        money = Money(row["amount"], row["currency"])
    except (ValueError, TypeError) as error:
        log.error("unreadable amount event_id=%d: %s", row["id"], error)  # noqa: TRY400 - one line is enough
        return None
    detail = _object(row["detail"])
    return Charge(
        event_id=row["id"],
        line=row["name"],
        carrier=row["carrier"],
        at=row["at"],
        on=_read(detail, "on", date.fromisoformat) or local_date(row["at"], zone),
        money=money,
        kind=_KINDS[row["kind"]],
        until=_read(detail, "until", date.fromisoformat),
        before_until=_read(detail, "before_until", date.fromisoformat),
        period=_read(detail, "period", parse_period),
        start=_read(detail, "start", clean_name),
        removed_at=row["archived_at"],
        way=_read(detail, "way", clean_name),
        receipt=_read(detail, "receipt", clean_name),
    )


def _object(detail: object) -> Mapping[str, Any]:
    return detail if isinstance(detail, dict) else {}


def _read(
    detail: Mapping[str, Any], key: str, parse: Callable[[Any], Value]
) -> Value | None:
    """Return a value of *detail*, None where an older event has none or another."""
    try:
        return None if detail.get(key) is None else parse(detail[key])
    except (ValueError, TypeError, AttributeError):
        return None
