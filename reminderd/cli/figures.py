"""Figures of a line as ``KEY=VALUE`` words: the keys of the configuration file."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from reminderd.cli.figure_keys import (
    COLUMN_OF_KEY,
    DATES,
    LISTS,
    PLAN_FIELDS,
    clean_key,
    is_about,
    is_key,
    item_of,
    split_key,
    whole_of,
)
from reminderd.cli.known_figures import completed, merged
from reminderd.cli.sections import readings_of
from reminderd.config.amounts import amount
from reminderd.config.effective import plan_of, zone_of
from reminderd.config.lines import check_line
from reminderd.config.settings import LineSettings, Settings
from reminderd.domain.lines import GENERAL, Reading
from reminderd.domain.plans import UNSAID, Plan
from reminderd.domain.quantities import AllowanceKind, Bytes
from reminderd.domain.texts import Text, said
from reminderd.errors import UsageError
from reminderd.storage.lines import StoredLine
from reminderd.storage.plans import encode_plan

_NEVER_ALONE = {
    "observed_on": Text("write what was read on that day too"),
    "data_base": Text("write what is left too, such as data_remaining=1.2GB"),
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What was given on the command line: new values, and items to forget.

    ``columns`` are those of the line itself, ``readings`` what is left on it.
    """

    columns: dict[str, Any]
    readings: tuple[Reading, ...]
    forgotten: tuple[str, ...]


def parse_figures(
    name: str,
    words: Iterable[str],
    settings: Settings,
    stored: StoredLine | None,
    now: datetime,
) -> Figures:
    """Return what *words* say of the line *name*, completed by what is *stored* of it.

    Raises:
        UsageError: A word is no ``KEY=VALUE``, or a key or value is wrong.
    """
    return figures_of(name, _values(words), settings, stored, now)


def figures_of(
    name: str,
    values: Mapping[str, Any],
    settings: Settings,
    stored: StoredLine | None,
    now: datetime,
) -> Figures:
    """Return what *values* say of a line, by clean keys; "" forgets an item.

    Raises:
        UsageError: A value is wrong, or does not go with another one.
    """
    _refuse_half(values)
    items = (item_of(key) for key, value in values.items() if not value)
    given = {key: value for key, value in values.items() if value}
    line = None if stored is None else stored.line
    known = {} if stored is None else completed(given, settings, stored)
    # What is forgotten is not known any more.
    section = check_line(settings, name, _nested({**known, **values}), now)
    columns: dict[str, Any] = {
        column: getattr(section, key)
        for key, column in COLUMN_OF_KEY.items()
        if key in given
    }
    if values.keys() & PLAN_FIELDS.keys():
        columns["plan"] = encode_plan(_plan(section, values.keys(), stored))
    if stored is None or given.keys() & {"timezone", "carrier"}:
        columns["timezone"] = zone_of(settings, section).key
    readings = tuple(
        merged(reading, given.keys(), line)
        for reading in readings_of(section, settings, now)
        if stored is None or is_about(given, reading)
    )
    return Figures(columns, readings, tuple(item for item in items if item))


def parse_data(text: str) -> Bytes:
    """Return the size in *text*, the argument of ``--data``.

    Raises:
        UsageError: It is no size, too much, or none at all.
    """
    try:
        size = amount(AllowanceKind.DATA, text)
    except ValueError as error:
        raise UsageError(
            Text("{place}: {problem}", place="--data", problem=said(error))
        ) from error
    if not isinstance(size, Bytes) or not size:
        raise UsageError(Text("--data: is nothing; write the new data, such as 10GB"))
    return size


def _values(words: Iterable[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in map(_pair, words):
        if key in values:
            raise UsageError(
                Text("{key}: is given twice; keep one of the two", key=key)
            )
        values[key] = value
    if len(values) == 1 and not values.keys().isdisjoint(_NEVER_ALONE):
        (key,) = values
        raise UsageError(
            Text("{place}: {problem}", place=key, problem=_NEVER_ALONE[key])
        )
    return values


def _refuse_half(values: Mapping[str, Any]) -> None:
    """Refuse to write one half of what is forgotten."""
    for half in values:
        whole = whole_of(half)
        if whole is not None and values.get(whole) == "":
            raise UsageError(
                Text(
                    "{half}: {whole}= forgets it too; write a value for {whole}, "
                    "or leave out one of the two",
                    half=half,
                    whole=whole,
                )
            )


def _pair(word: str) -> tuple[str, Any]:
    key, separator, value = word.partition("=")
    if not separator:
        raise UsageError(
            Text("{word} is no KEY=VALUE; write data_remaining=1.2GB", word=repr(word))
        )
    key = clean_key(key)
    if not value.strip() and item_of(key) is None and key not in PLAN_FIELDS:
        known = is_key(split_key(key)[1])
        problem = Text("write a value") if known else Text("unknown key")
        raise UsageError(Text("{place}: {problem}", place=key, problem=problem))
    if key in LISTS:
        return key, [part.strip() for part in value.split(",")]
    if (key in DATES or split_key(key)[1] == "until") and value.strip():
        _require_date(key, value.strip())
    return key, value.strip()


def _nested(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return *given* with the keys of buckets as the tables that they are in a file."""
    nested: dict[str, Any] = {}
    for key, value in given.items():
        bucket, last = split_key(key)
        if value == "":
            continue
        if bucket == GENERAL:
            nested[last] = value
        else:
            nested.setdefault("buckets", {}).setdefault(bucket, {})[last] = value
    return nested


def _plan(
    section: LineSettings, keys: Collection[str], stored: StoredLine | None
) -> Plan:
    """Return the plan of a line once what was given, or forgotten, takes effect."""
    known = UNSAID if stored is None else stored.line.plan
    unsaid = {field: None for key in keys for field in PLAN_FIELDS.get(key, ())}
    return plan_of(section).over(replace(known, **unsaid))


def _require_date(key: str, value: str) -> None:
    """Refuse what is no date before the file's rules advise on quotes around it."""
    try:
        datetime.fromisoformat(value)
    except ValueError as error:
        raise UsageError(
            Text(
                "{key}: {value} is not a date; write 2027-01-31",
                key=key,
                value=repr(value),
            )
        ) from error
