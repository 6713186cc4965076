"""The details of readings that no plain key can say: ``details.ITEM.FIELD``."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from reminderd.cli.line_records import DETAILS
from reminderd.domain.lines import (
    GENERAL,
    Allowance,
    Deadline,
    DeadlineKind,
    Reading,
)
from reminderd.domain.periods import parse_period
from reminderd.domain.quantities import AllowanceKind
from reminderd.domain.texts import Text
from reminderd.errors import UsageError

Details = Mapping[str, Mapping[str, Any]]

_HEAD = f"{DETAILS}."


def details_of(values: Mapping[str, Any]) -> Details:
    """Return the fields that *values* have for each item.

    Raises:
        UsageError: One of them makes no sense.
    """
    found: dict[str, dict[str, Any]] = {}
    for key, value in values.items():
        if not key.startswith(_HEAD):
            continue
        item, _, name = key.removeprefix(_HEAD).rpartition(".")
        try:
            read = None if value is None else _READERS[name](value)
        except (ValueError, TypeError, AttributeError):
            why = Text("{column}: makes no sense; leave it empty", column=key)
            raise UsageError(why) from None
        found.setdefault(item, {})[name] = read
    return found


def with_details(
    readings: Mapping[str, Reading], details: Details, known: Iterable[Reading]
) -> dict[str, Reading]:
    """Return *readings* by item, with *details* of them and of what is *known*.

    Raises:
        UsageError: There is no such item, or the details do not go together.
    """
    bases = {each.item: each for each in known} | dict(readings)
    whole = dict(readings)
    for item, said in details.items():
        try:
            base = bases.get(item)
            whole[item] = _new(item, said) if base is None else replace(base, **said)
        except (ValueError, TypeError):
            why = Text("{column}: makes no sense; leave it empty", column=_HEAD + item)
            raise UsageError(why) from None
    return whole


def _new(item: str, said: Mapping[str, Any]) -> Reading:
    if item in set(DeadlineKind):
        return Deadline(kind=DeadlineKind(item), **said)
    kind, _, bucket = item.partition("/")
    return Allowance(kind=AllowanceKind(kind), bucket=bucket or GENERAL, **said)


def instant(text: str) -> datetime:
    """Return the instant in *text*, in UTC.

    Raises:
        ValueError: It is none, or has no offset from UTC.
    """
    parsed = datetime.fromisoformat(text)
    if parsed.utcoffset() is None:
        raise ValueError
    return parsed.astimezone(UTC)


def _date_or_instant(text: str) -> date | datetime:
    return instant(text) if "T" in text else date.fromisoformat(text)


def _switch(value: str | bool) -> bool:
    return {"true": True, "false": False}[str(value).lower()]


def _currency(text: str) -> str:
    return text.strip()


_READERS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("remaining", "total", "size_base", "refill_to"), int),
    **dict.fromkeys(("unlimited", "daily", "throttled"), _switch),
    **dict.fromkeys(("expires", "due"), _date_or_instant),
    **dict.fromkeys(("refills_on", "last_activity_on"), date.fromisoformat),
    "currency": _currency,
    "period": parse_period,
    "anchor_day": int,
    "observed_at": instant,
}
