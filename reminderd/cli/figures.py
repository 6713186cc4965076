"""Figures of a line as ``KEY=VALUE`` words: the keys of the configuration file."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from reminderd.cli.sections import readings_of
from reminderd.config.amounts import amount
from reminderd.config.effective import carriers_of, plan_of, zone_of
from reminderd.config.lines import check_line
from reminderd.config.settings import LineSettings, Settings
from reminderd.domain.lines import GENERAL, Allowance, DeadlineKind, Reading
from reminderd.domain.plans import UNSAID, Plan
from reminderd.domain.quantities import AllowanceKind, Bytes
from reminderd.errors import UsageError
from reminderd.storage.lines import StoredLine
from reminderd.storage.plans import encode_plan

_LISTS = frozenset({"tags", "channels"})
# What steers reminders belongs into the file; commands record what is known.
_FILE_ONLY = frozenset({"thresholds"})
_DATES = frozenset(
    {
        "valid_until",
        "credit_until",
        "number_until",
        "start_by",
        "last_activity",
        "last_top_up",
        "renewed_on",
        "bought_on",
        "observed_on",
    }
)
_ITEM_OF_KEY = {
    "valid_until": "validity",
    "credit_until": "credit",
    "number_until": "number",
    "start_by": "start_by",
    "last_activity": "keep_alive",
    "last_top_up": "credit",
    "renewed_on": "validity",
    "bought_on": "start_by",
    "data_remaining": "data",
    "voice_remaining": "voice",
    "sms_remaining": "sms",
    "balance_remaining": "balance",
}
# One half of an item, and the key that stands for all of it.
_WHOLE_OF_HALF = {
    "data_total": "data_remaining",
    "data_used": "data_remaining",
    "voice_used": "voice_remaining",
    "sms_used": "sms_remaining",
    "voice_total": "voice_remaining",
    "sms_total": "sms_remaining",
    "balance_total": "balance_remaining",
    "keep_alive_every": "last_activity",
}
_PLAN_KEYS = {
    "renew_every": ("period",),
    "renew_from": ("start",),
    "renew_leftover": ("leftover", "cap"),
    "renew_price": ("price",),
    "renew_via": ("way",),
    "auto_renew": ("auto_renews",),
}
_COLUMN_OF_KEY = {
    "carrier": "carrier",
    "number": "number",
    "iccid": "iccid",
    "tags": "tags",
    "channels": "route",
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
    values = _values(words)
    forgotten = tuple(
        _ITEM_OF_KEY[key]
        for key, value in values.items()
        if not value and key in _ITEM_OF_KEY
    )
    given = {key: value for key, value in values.items() if value}
    completed = given | _completed(given, settings, stored)
    section = check_line(settings, name, _nested(completed), now)
    columns: dict[str, Any] = {
        column: getattr(section, key)
        for key, column in _COLUMN_OF_KEY.items()
        if key in given
    }
    if values.keys() & _PLAN_KEYS.keys():
        columns["plan"] = encode_plan(_plan(section, values.keys(), stored))
    if stored is None or given.keys() & {"timezone", "carrier"}:
        columns["timezone"] = zone_of(settings, section).key
    readings = tuple(
        _merged(reading, given.keys(), stored)
        for reading in readings_of(section, settings, now)
        if stored is None or _is_given(reading, given.keys())
    )
    return Figures(columns, readings, forgotten)


def parse_data(text: str) -> Bytes:
    """Return the size in *text*, the argument of ``--data``.

    Raises:
        UsageError: It is no size, too much, or none at all.
    """
    try:
        size = amount(AllowanceKind.DATA, text)
    except ValueError as error:
        raise UsageError(f"--data: {error}") from error
    if not isinstance(size, Bytes) or not size:
        raise UsageError("--data: is nothing; write the new data, such as 10GB")
    return size


def _values(words: Iterable[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in map(_pair, words):
        if key in values:
            raise UsageError(f"{key}: is given twice; keep one of the two")
        values[key] = value
    if values.keys() == {"observed_on"}:
        raise UsageError("observed_on: write what was read on that day too")
    for half, whole in _WHOLE_OF_HALF.items():
        if half in values and values.get(whole) == "":
            raise UsageError(
                f"{half}: {whole}= forgets it too; write a value for {whole}, "
                "or leave out one of the two"
            )
    return values


def _pair(word: str) -> tuple[str, Any]:
    key, separator, value = word.partition("=")
    key = key.strip().replace("-", "_")
    if not separator:
        raise UsageError(f"{word!r} is no KEY=VALUE; write data_remaining=1.2GB")
    if key in _FILE_ONLY:
        raise UsageError(f"{key} can only be set in the configuration file")
    if not value.strip() and key not in {*_ITEM_OF_KEY, *_PLAN_KEYS}:
        known = key in LineSettings.model_fields
        raise UsageError(f"{key}: {'write a value' if known else 'unknown key'}")
    if key in _LISTS:
        return key, [part.strip() for part in value.split(",")]
    if key in _DATES and value.strip():
        _require_date(key, value.strip())
    return key, value.strip()


def _nested(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return *given* with the keys of buckets as the tables that they are in a file."""
    nested: dict[str, Any] = {}
    for key, value in given.items():
        *tables, last = key.split(".")
        table = nested
        for name in tables:
            table = table.setdefault(name, {})
        table[last] = value
    return nested


def _plan(
    section: LineSettings, keys: Collection[str], stored: StoredLine | None
) -> Plan:
    """Return the plan of a line once what was given, or forgotten, takes effect."""
    known = UNSAID if stored is None else stored.line.plan
    unsaid = {
        field: None for key in keys if key in _PLAN_KEYS for field in _PLAN_KEYS[key]
    }
    return plan_of(section).over(replace(known, **unsaid))


def _require_date(key: str, value: str) -> None:
    """Refuse what is no date before the file's rules advise on quotes around it."""
    try:
        datetime.fromisoformat(value)
    except ValueError as error:
        raise UsageError(f"{key}: {value!r} is not a date; write 2027-01-31") from error


def _completed(
    given: dict[str, Any], settings: Settings, stored: StoredLine | None
) -> dict[str, Any]:
    """Return what a section needs to be read, from what is known of the line.

    A carrier that is described no longer is nothing that was typed just now.
    """
    if stored is None:
        return {}
    known: dict[str, Any] = {}
    if "carrier" not in given:
        is_described = stored.carrier in carriers_of(settings)
        known["carrier"] = stored.carrier if is_described else None
        known["timezone"] = stored.line.zone.key
    data = stored.line.allowance(AllowanceKind.DATA)
    if data is not None and any(key.startswith("data_") for key in given):
        known["data_base"] = data.size_base
        known["data_daily"] = data.daily or None
        known["data_throttled"] = data.throttled or None
    if "data_used" in given and data is not None and data.total is not None:
        known["data_total"] = f"{data.total}B"
    keep_alive = stored.line.deadline(DeadlineKind.KEEP_ALIVE)
    if keep_alive is not None and given.keys() & {"last_activity", "keep_alive_every"}:
        known["last_activity"] = keep_alive.last_activity_on
        known["keep_alive_every"] = str(keep_alive.period)
    return {
        key: value
        for key, value in known.items()
        if value is not None and key not in given
    }


def _is_given(reading: Reading, keys: Iterable[str]) -> bool:
    if isinstance(reading, Allowance):
        is_general = reading.bucket == GENERAL
        table = "" if is_general else f"buckets.{reading.bucket}."
        prefix = f"{table}{reading.kind}_" if is_general else table
        return any(key.startswith(prefix) for key in keys)
    # What was paid for may move several dates.
    moves = {"last_top_up", "renewed_on"}
    if reading.kind is DeadlineKind.KEEP_ALIVE:
        moves.add("keep_alive_every")
    return any(key in moves or _ITEM_OF_KEY.get(key) == reading.item for key in keys)


def _merged(
    reading: Reading, keys: Iterable[str], stored: StoredLine | None
) -> Reading:
    """Return *reading* with the half of an allowance that was not given."""
    if stored is None or not isinstance(reading, Allowance):
        return reading
    if reading.bucket != GENERAL:
        return reading
    known = stored.line.allowance(reading.kind)
    is_left_given = not {
        f"{reading.kind}_remaining",
        f"{reading.kind}_used",
    }.isdisjoint(keys)
    if known is None or (is_left_given and known.currency != reading.currency):
        return reading
    if known.currency != reading.currency:
        raise UsageError(
            f"{reading.kind}_total: is in {reading.currency}, but what is left in "
            f"{known.currency}; write {reading.kind}_remaining too"
        )
    if f"{reading.kind}_total" not in keys:
        return replace(reading, total=known.total)
    if not is_left_given:
        # Nobody has looked at what is left: it stays as old as it is.
        return replace(
            reading,
            remaining=known.remaining,
            unlimited=known.unlimited,
            observed_at=known.observed_at,
        )
    return reading
