"""What a row of a table changes on a line, before anything is written."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from reminderd.cli.columns import cell_of
from reminderd.cli.figure_keys import (
    COLUMN_OF_KEY,
    OF_THE_LINE,
    PLAN_FIELDS,
    item_of,
)
from reminderd.cli.figures import figures_of
from reminderd.cli.line_changes import LineChange, columns_of
from reminderd.cli.line_details import Details, details_of, instant, with_details
from reminderd.cli.line_records import DETAILS, INSTANTS, Record, record_of
from reminderd.config.labels import line_name
from reminderd.config.settings import Settings
from reminderd.domain.lines import Allowance, Reading
from reminderd.domain.texts import Text, said
from reminderd.errors import UsageError
from reminderd.storage import declarations
from reminderd.storage.lines import StoredLine

# These change what other figures in the same row mean.
_OF_ALL_FIGURES = frozenset({"observed_at", "observed_on", "data_base"})
_UNSET: Mapping[str, Any] = {"tags": ()}


def row_name(values: Mapping[str, Any]) -> str:
    """Return the name of the line that a row is about.

    Raises:
        UsageError: There is none, or it is no name.
    """
    name = values.get("name")
    if not isinstance(name, str):
        raise UsageError(Text("{column}: is missing", column="name"))
    try:
        return line_name(name)
    except ValueError as error:
        raise UsageError(
            Text("{place}: {problem}", place="name", problem=said(error))
        ) from error


def change_of(
    name: str,
    values: Mapping[str, Any],
    stored: StoredLine | None,
    settings: Settings,
    now: datetime,
) -> LineChange:
    """Return what *values*, the row of the line *name*, change on what is *stored*.

    Without ``observed_at`` or ``observed_on`` a figure that is the same is not seen
    again; one that differs counts as of *now*.

    Raises:
        UsageError: They make no sense; each line of its text begins with a column.
    """
    given = _news(values, stored)
    added_at = _instant("added_at", values) or now
    change = LineChange(
        name=name, stored=stored, keys=tuple(given), added_at=min(added_at, now)
    )
    if stored is not None and not given:
        return change
    try:
        return _with_figures(change, values, settings, now)
    except (ValueError, OverflowError) as error:
        raise UsageError(str(error)) from error


def _news(values: Mapping[str, Any], stored: StoredLine | None) -> Record:
    """Return what *values* say that is not known already."""
    given = {key: value for key, value in values.items() if key != "name"}
    if stored is None:
        return {key: value for key, value in given.items() if value is not None}
    given.pop("added_at", None)
    known = record_of(stored)
    news = {
        key: value
        for key, value in given.items()
        if not _is_same(key, value, known.get(key))
    }
    if news.keys() & _OF_ALL_FIGURES:
        return {
            key: value
            for key, value in given.items()
            if key in news or key not in OF_THE_LINE
        }
    return news


def _is_same(key: str, value: object, known: object) -> bool:
    if value == known:
        return True
    if value is None or known is None:
        return False
    return cell_of(key, value) == cell_of(key, known)


def _with_figures(
    change: LineChange, values: Mapping[str, Any], settings: Settings, now: datetime
) -> LineChange:
    stored = change.stored
    known = () if stored is None else stored.line.readings
    given = {key: values[key] for key in change.keys}
    plain, forgotten = _plain(given)
    owed = _overused(plain)
    figures = figures_of(change.name, plain, settings, stored, now)
    seen_at = _instant("observed_at", values)
    readings = {
        each.item: _seen(_owed(each, owed), seen_at) for each in figures.readings
    }
    details = details_of(given)
    whole_row = details_of(values)
    details = {
        **details,
        **{item: whole_row[item] for item in whole_row.keys() & readings.keys()},
    }
    columns = _changed(figures.columns | forgotten, stored)
    _refuse_declared(columns, given, stored)
    if "snoozed_until" in given:
        columns["snoozed_until"] = _instant("snoozed_until", given)
    is_dated = seen_at is not None or "observed_on" in given
    whole = with_details(readings, details, known)
    return replace(
        change,
        columns=columns,
        readings=tuple(_news_of(whole, details, known, is_dated=is_dated)),
        forgotten=tuple(
            item for item in figures.forgotten if item in {each.item for each in known}
        ),
    )


def _plain(given: Record) -> tuple[Record, Record]:
    """Return what a command could record, and the columns that are to be empty."""
    plain = {
        key: "" if value is None else value
        for key, value in given.items()
        if not key.startswith(f"{DETAILS}.") and key not in INSTANTS
    }
    if plain.get("timezone") == "":
        raise UsageError(Text("{column}: write a value", column="timezone"))
    nothing = {key for key in COLUMN_OF_KEY if plain.get(key) == ""}
    unset = {COLUMN_OF_KEY[key]: _UNSET.get(key) for key in nothing}
    wanted = {key: value for key, value in plain.items() if key not in nothing}
    for key, value in wanted.items():
        if value == "" and key not in PLAN_FIELDS and item_of(key) is None:
            raise UsageError(Text("{column}: write a value", column=key))
    return wanted, unset


def _overused(plain: Record) -> frozenset[str]:
    """Take the minus from what is below zero; return the items that are."""
    found = set()
    for key, value in plain.items():
        text = str(value)
        if not (text.startswith("-") and text[1:2].isdigit()):
            continue
        item = item_of(key)
        if item is not None and key.endswith("_remaining"):
            plain[key] = text[1:]
            found.add(item)
    return frozenset(found)


def _owed(reading: Reading, owed: frozenset[str]) -> Reading:
    if reading.item not in owed or not isinstance(reading, Allowance):
        return reading
    return replace(reading, remaining=-(reading.remaining or 0))


def _seen(reading: Reading, seen_at: datetime | None) -> Reading:
    return reading if seen_at is None else replace(reading, observed_at=seen_at)


def _instant(key: str, values: Mapping[str, Any]) -> datetime | None:
    value = values.get(key)
    if value is None:
        return None
    try:
        return instant(value)
    except (ValueError, TypeError):
        why = Text(
            "{column}: is no instant; write 2027-01-31T12:00:00Z, with the offset",
            column=key,
        )
        raise UsageError(why) from None


def _changed(columns: Record, stored: StoredLine | None) -> Record:
    if stored is None:
        return columns
    known = columns_of(stored)
    return {key: value for key, value in columns.items() if value != known[key]}


def _refuse_declared(columns: Record, given: Record, stored: StoredLine | None) -> None:
    """Refuse to change what the configuration file says of a line."""
    if not columns or stored is None or stored.origin != declarations.CONFIG:
        return
    keys = ", ".join(key for key in given if key in OF_THE_LINE)
    raise UsageError(
        Text(
            "{column}: {line} is described in the configuration file; change it there",
            column=keys,
            line=stored.name,
        )
    )


def _news_of(
    readings: Mapping[str, Reading],
    details: Details,
    known: Iterable[Reading],
    *,
    is_dated: bool,
) -> Iterator[Reading]:
    """Yield the readings that say something new; an old moment alone is new, too."""
    before = {each.item: each for each in known}
    for item, reading in readings.items():
        said = details.get(item, {})
        old = before.get(item)
        new = reading if "refills_on" in said else _queued(reading, old)
        if old is not None and not (is_dated or "observed_at" in said):
            old = replace(old, observed_at=new.observed_at)
        if new != old:
            yield new


def _queued(reading: Reading, old: Reading | None) -> Reading:
    """Return *reading* with the plan that is queued: nobody took that away by it."""
    if not isinstance(reading, Allowance) or not isinstance(old, Allowance):
        return reading
    return replace(reading, refills_on=old.refills_on, refill_to=old.refill_to)
