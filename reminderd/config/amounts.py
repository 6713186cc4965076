"""The types of settings that are amounts, and the limits of ladders."""

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, PlainValidator

from reminderd.config.texts import items, quantity_text, severity
from reminderd.config.times import period
from reminderd.config.wording import SettingError, did_you_mean
from reminderd.domain.ladders import Limit, Severity
from reminderd.domain.periods import Period
from reminderd.domain.quantities import (
    AllowanceKind,
    Money,
    Share,
    parse_quantity,
    parse_share,
)
from reminderd.domain.texts import Text

UNLIMITED = "unlimited"
Amount = int | Money
Remaining = Amount | Literal["unlimited"]

_EXAMPLES = {
    AllowanceKind.DATA: '"500MB"',
    AllowanceKind.VOICE: '"100min"',
    AllowanceKind.SMS: "50",
    AllowanceKind.BALANCE: '"5.00 GBP"',
}
# What a database keeps in a column of 64 bits.
_LARGEST = 2**63 - 1


def amount(kind: AllowanceKind, value: object) -> Amount:
    """Return *value* as an amount of *kind*, never negative, in base units."""
    if kind is AllowanceKind.SMS and isinstance(value, int):
        value = _count(value)
    text = quantity_text(value, _EXAMPLES[kind])
    if text.lstrip().startswith("-"):
        raise SettingError(Text("cannot be negative; write what is left, or 0 of it"))
    parsed = parse_quantity(kind, text)
    if _minor(parsed) > _LARGEST:
        raise SettingError(
            Text(
                "is too much; write an amount such as {example}",
                example=_EXAMPLES[kind],
            )
        )
    return parsed


def _count(value: int) -> object:
    """Return a whole number as text; true and numbers of absurd length stay."""
    return value if isinstance(value, bool) or value > _LARGEST else str(value)


def _minor(parsed: Amount) -> int:
    return parsed.minor if isinstance(parsed, Money) else parsed


def _total_of(kind: AllowanceKind) -> Callable[[object], Amount]:
    return lambda value: amount(kind, value)


def _remaining_of(kind: AllowanceKind) -> Callable[[object], Remaining]:
    return lambda value: "unlimited" if value == UNLIMITED else amount(kind, value)


def _allowance_point(kind: AllowanceKind) -> Callable[[object], Share | Amount]:
    def parse(value: object) -> Share | Amount:
        if isinstance(value, str) and value.rstrip().endswith("%"):
            return parse_share(value)
        parsed = amount(kind, value)
        if not _minor(parsed):
            raise SettingError(
                Text("is a limit of 0; that nothing is left is always reported")
            )
        return parsed

    return parse


def _limit(
    point: Callable[[object], Share | Amount | Period],
) -> Callable[[object], Limit]:
    """Return the parser of one entry: a point, or { at = point, severity = word }."""

    def parse(value: object) -> Limit:
        if not isinstance(value, dict):
            return Limit(point(value))
        for key in value:
            if key not in {"at", "severity"}:
                hint = did_you_mean(key, ("at", "severity"))
                raise SettingError(Text("has an unknown key{hint}", hint=hint))
        if "at" not in value:
            raise SettingError(
                Text('has no limit; write {{ at = "7d", severity = "critical" }}')
            )
        level: Severity | None = None
        if "severity" in value:
            level = severity(value["severity"])
        return Limit(point(value["at"]), level)

    return parse


def _without_repeats(limits: tuple[Limit, ...]) -> tuple[Limit, ...]:
    seen: set[str] = set()
    for limit in limits:
        if limit.text in seen:
            raise SettingError(Text("lists one limit twice; keep one of the two"))
        seen.add(limit.text)
    return limits


_in_list = BeforeValidator(items)
_distinct = AfterValidator(_without_repeats)
_DateLimit = Annotated[Limit, PlainValidator(_limit(period))]
_DataLimit = Annotated[
    Limit, PlainValidator(_limit(_allowance_point(AllowanceKind.DATA)))
]
_VoiceLimit = Annotated[
    Limit, PlainValidator(_limit(_allowance_point(AllowanceKind.VOICE)))
]
_SmsLimit = Annotated[
    Limit, PlainValidator(_limit(_allowance_point(AllowanceKind.SMS)))
]
_BalanceLimit = Annotated[
    Limit, PlainValidator(_limit(_allowance_point(AllowanceKind.BALANCE)))
]

DateLimits = Annotated[tuple[_DateLimit, ...], _in_list, _distinct]
DataLimits = Annotated[tuple[_DataLimit, ...], _in_list, _distinct]
VoiceLimits = Annotated[tuple[_VoiceLimit, ...], _in_list, _distinct]
SmsLimits = Annotated[tuple[_SmsLimit, ...], _in_list, _distinct]
BalanceLimits = Annotated[tuple[_BalanceLimit, ...], _in_list, _distinct]

DataTotal = Annotated[int, PlainValidator(_total_of(AllowanceKind.DATA))]
VoiceTotal = Annotated[int, PlainValidator(_total_of(AllowanceKind.VOICE))]
SmsTotal = Annotated[int, PlainValidator(_total_of(AllowanceKind.SMS))]
BalanceTotal = Annotated[Money, PlainValidator(_total_of(AllowanceKind.BALANCE))]

_Unlimited = Literal["unlimited"]
DataLeft = Annotated[
    int | _Unlimited, PlainValidator(_remaining_of(AllowanceKind.DATA))
]
VoiceLeft = Annotated[
    int | _Unlimited, PlainValidator(_remaining_of(AllowanceKind.VOICE))
]
SmsLeft = Annotated[int | _Unlimited, PlainValidator(_remaining_of(AllowanceKind.SMS))]
BalanceLeft = Annotated[
    Money | _Unlimited, PlainValidator(_remaining_of(AllowanceKind.BALANCE))
]
