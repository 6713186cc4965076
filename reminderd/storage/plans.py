"""How a line is renewed, as JSON in its row, and back."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from reminderd.domain.periods import Period, parse_period
from reminderd.domain.plans import LastDay, Leftover, Plan, Start, Tier, Way
from reminderd.domain.quantities import BINARY, DECIMAL, Bytes, Money


def encode_plan(plan: Plan) -> dict[str, Any] | None:
    """Return *plan* as JSON values, None where nothing is said of it."""
    said = {
        name: _plain(value)
        for name, value in _values_of(plan).items()
        if value is not None
    }
    return said or None


def decode_plan(stored: Mapping[str, Any] | None) -> Plan:
    """Return the plan that was encoded as *stored*.

    Raises:
        ValueError, TypeError, KeyError: It was not written by this code.
    """
    known = stored or {}
    return Plan(**{name: _READERS[name](value) for name, value in known.items()})


def _values_of(plan: Plan) -> dict[str, Any]:
    return {field.name: getattr(plan, field.name) for field in fields(plan)}


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of a plan
    if isinstance(value, Money):
        return [value.minor, value.currency]
    if isinstance(value, Period):
        return str(value)
    if isinstance(value, Bytes):
        return [value.counted_by(DECIMAL), value.counted_by(BINARY)]
    if isinstance(value, tuple):
        return [[_plain(tier.least), _plain(tier.period)] for tier in value]
    return value


def _money(stored: list[Any]) -> Money:
    minor, currency = stored
    return Money(int(minor), currency)


def _cap(stored: int | list[int]) -> int:
    return stored if isinstance(stored, int) else Bytes(*stored)


def _tiers(stored: list[Any]) -> tuple[Tier, ...]:
    return tuple(Tier(_money(least), parse_period(span)) for least, span in stored)


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "period": parse_period,
    "tiers": _tiers,
    "start": Start,
    "leftover": Leftover,
    "cap": _cap,
    "last_day": LastDay,
    "price": _money,
    "auto_renews": bool,
    "way": Way,
}
