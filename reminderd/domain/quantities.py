"""Sizes, talk time, counts, money and shares, and the way to write them.

Every parser refuses what it does not fully understand and says what to write
instead; none guesses a unit.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import ceil
from typing import Self

from reminderd.domain.periods import parse_period
from reminderd.domain.texts import Text

# ISO 4217: the currencies whose minor unit is not one hundredth.
_NO_DECIMALS = re.compile(
    "BIF|CLP|DJF|GNF|ISK|JPY|KMF|KRW|PYG|RWF|UGX|UYI|VND|VUV|XAF|XOF|XPF"
)
_THREE_DECIMALS = re.compile("BHD|IQD|JOD|KWD|LYD|OMR|TND")

# What a carrier calls a kilobyte: most say 1000 bytes, some 1024.
DECIMAL = 1000
BINARY = 1024

_SIZE_UNITS = {
    "B": 1,
    "kB": 1000,
    "KB": 1000,
    "MB": 1000**2,
    "GB": 1000**3,
    "TB": 1000**4,
    "KiB": 1024,
    "MiB": 1024**2,
    "GiB": 1024**3,
    "TiB": 1024**4,
}
_BINARY_NAMES = {"kB": "KiB", "KB": "KiB", "MB": "MiB", "GB": "GiB", "TB": "TiB"}
_SIZE = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)\s?([A-Za-z]+)")
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)\s?%")
_MONEY = re.compile(r"(-?)(\d{1,12})(?:\.(\d{1,3}))?\s?([A-Z]{3})")
_COUNT = re.compile(r"\d{1,12}")
_TALK_TIME = re.compile(r"(?:\d{1,12}(?:h|min|s))+")


class AllowanceKind(StrEnum):
    """What can be left on a line, as a quantity."""

    DATA = "data"
    VOICE = "voice"
    SMS = "sms"
    BALANCE = "balance"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (pence, cents, fen) of an ISO 4217 currency."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Z]{3}", self.currency):
            raise ValueError(
                Text(
                    "{currency} is not an ISO currency such as GBP",
                    currency=repr(self.currency),
                )
            )

    @property
    def major(self) -> Decimal:
        """The amount in whole units of the currency, such as pounds."""
        return Decimal(self.minor).scaleb(-minor_digits(self.currency))


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a total, in per cent: more than 0, at most 100."""

    percent: Decimal

    def __post_init__(self) -> None:
        if not 0 < self.percent <= 100:  # noqa: PLR2004 - 100 per cent
            raise ValueError(Text("a share is more than 0% and at most 100%"))

    def of(self, total: int) -> int:
        """Return the share of *total* in the same unit, rounded up.

        Then a whole number is below it if, and only if, it is below the exact share.
        """
        return ceil(total * self.percent / 100)

    def __str__(self) -> str:
        return f"{self.percent.normalize():f}%"


class Bytes(int):
    """A size as it was written, read with units of 1000.

    Where a carrier's units are of 1024, the same text means ``counted_by`` that.
    """

    _binary: int

    def __new__(cls, size: int, binary: int | None = None) -> Self:
        """Return *size*, which is *binary* where units are of 1024."""
        known = super().__new__(cls, size)
        known._binary = size if binary is None else binary
        return known

    def counted_by(self, base: int) -> int:
        """Return the bytes that were meant by somebody who has units of *base*."""
        return self._binary if base == BINARY else int(self)


def minor_digits(currency: str) -> int:
    """Return how many decimals *currency* has (ISO 4217), such as 2 for GBP."""
    if _NO_DECIMALS.fullmatch(currency):
        return 0
    return 3 if _THREE_DECIMALS.fullmatch(currency) else 2


def parse_size(text: str) -> Bytes:
    """Return bytes for text such as "1.2GB" (1000-based) or "1.5GiB" (1024-based).

    Raises:
        ValueError: A unit is missing or not one of B, kB, MB, GB, TB, KiB, MiB,
            GiB, TiB; ``Mb`` is refused because it means megabits.
    """
    match = _SIZE.fullmatch(text.strip())
    if not match:
        hint = Text(" (a decimal point, not a comma)") if "," in text else ""
        raise ValueError(
            Text(
                '{text} is not a size; write "500MB" or "1.2GB"{hint}',
                text=repr(text),
                hint=hint,
            )
        )
    number, unit = match.groups()
    if unit not in _SIZE_UNITS:
        meant = {known.lower(): known for known in _SIZE_UNITS}.get(unit.lower())
        better = f"{number}{meant or 'GB'}"
        raise ValueError(
            Text(
                '{text} has an unknown unit {unit}; write "{better}" (units: {units})',
                text=repr(text),
                unit=repr(unit),
                better=better,
                units=", ".join(_SIZE_UNITS),
            )
        )
    by_thousands = _SIZE_UNITS[unit]
    binary = _SIZE_UNITS.get(_BINARY_NAMES.get(unit, unit), by_thousands)
    size = Decimal(number)
    return Bytes(int(size * by_thousands), int(size * binary))


def parse_share(text: str) -> Share:
    """Return the share for text such as "20%".

    Raises:
        ValueError: The text is no percentage between 0 and 100.
    """
    match = _SHARE.fullmatch(text.strip())
    if not match:
        raise ValueError(
            Text('{text} is not a percentage; write "20%"', text=repr(text))
        )
    return Share(Decimal(match[1]))


def parse_money(text: str) -> Money:
    """Return the amount for text such as "15.00 GBP".

    Raises:
        ValueError: The currency is missing, or there are more decimals than it has.
    """
    match = _MONEY.fullmatch(text.strip())
    if not match:
        raise ValueError(
            Text('{text} is not an amount of money; write "15.00 GBP"', text=repr(text))
        )
    sign, whole, fraction, currency = match.groups(default="")
    digits = minor_digits(currency)
    if len(fraction) > digits:
        raise ValueError(
            Text(
                "{text} has too many decimals; {currency} has {digits}",
                text=repr(text),
                currency=currency,
                digits=digits,
            )
        )
    minor = int(whole + fraction.ljust(digits, "0"))
    return Money(-minor if sign else minor, currency)


def parse_count(text: str) -> int:
    """Return the number of texts for a plain whole number such as "50".

    Raises:
        ValueError: The text is not a whole number.
    """
    if not _COUNT.fullmatch(text.strip()):
        raise ValueError(
            Text('{text} is not a whole number; write "50"', text=repr(text))
        )
    return int(text)


def parse_talk_time(text: str) -> int:
    """Return seconds of talk time for text such as "100min" or "1h30min".

    Raises:
        ValueError: The text is not hours, minutes or seconds.
    """
    if not _TALK_TIME.fullmatch(text.strip()):
        raise ValueError(
            Text(
                '{text} is not talk time; write "100min" or "1h30min"', text=repr(text)
            )
        )
    return parse_period(text).seconds


def parse_quantity(kind: AllowanceKind, text: str) -> int | Money:
    """Return *text* as an amount of *kind*: bytes, seconds, a count, or money.

    Raises:
        ValueError: The text is not an amount of that kind.
    """
    parsers: Mapping[AllowanceKind, Callable[[str], int | Money]] = {
        AllowanceKind.DATA: parse_size,
        AllowanceKind.VOICE: parse_talk_time,
        AllowanceKind.SMS: parse_count,
        AllowanceKind.BALANCE: parse_money,
    }
    return parsers[kind](text)
