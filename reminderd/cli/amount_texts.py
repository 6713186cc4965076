"""Amounts as texts that mean exactly the same when they are read again."""

from decimal import ROUND_UP, Decimal
from functools import lru_cache

from reminderd.domain.periods import Period
from reminderd.domain.plans import Leftover, Plan
from reminderd.domain.quantities import (
    BINARY,
    DECIMAL,
    AllowanceKind,
    Bytes,
    Money,
    minor_digits,
    parse_size,
)

_DECIMAL_UNITS = ("B", "kB", "MB", "GB", "TB")
_BINARY = tuple(
    (BINARY, unit, power)
    for unit, power in (("TiB", 4), ("GiB", 3), ("MiB", 2), ("KiB", 1))
)
# As people write them; beyond it, digits that only keep the amount exact.
_FEW = Decimal("0.001")
_MANY = Decimal("0.000000001")
_LARGEST_NUMBER = 10**12


def amount_text(
    kind: AllowanceKind, amount: int, currency: str | None, base: int
) -> str:
    """Return *amount* as one types it; what is below zero begins with a minus."""
    sign = "-" if amount < 0 else ""
    match kind:
        case AllowanceKind.DATA:
            return f"{sign}{size_text(abs(amount), base)}"
        case AllowanceKind.VOICE:
            return f"{sign}{_talk_time(abs(amount))}"
        case AllowanceKind.SMS:
            return str(amount)
        case AllowanceKind.BALANCE:
            return money_text(Money(amount, currency or ""))


def money_text(money: Money) -> str:
    """Return an amount of money with the decimals of its currency: "15.00 GBP"."""
    return f"{money.major:.{minor_digits(money.currency)}f} {money.currency}"


@lru_cache(maxsize=4096)
def size_text(size: int, base: int) -> str:
    """Return the text that somebody with units of *base* reads as *size* bytes."""
    # A size that was typed in the other units is exact in them.
    for step, unit, power in (*_large(base), *_BINARY, (base, "kB", 1)):
        number = (Decimal(size) / step**power).quantize(_FEW, rounding=ROUND_UP)
        if 1 <= number < _LARGEST_NUMBER and int(number * step**power) == size:
            return f"{number.normalize():f}{unit}"
    if size < base**2:
        return f"{size}B"
    # A kilobyte of 1000 has three decimals. One of 1024 has ten, one too many: so
    # much as to be rounded down to the byte again when it is read.
    power = 1 if base == DECIMAL and size < base**5 else 2
    number = (Decimal(size) / base**power).quantize(_MANY, rounding=ROUND_UP)
    return f"{number.normalize():f}{_DECIMAL_UNITS[power]}"


def _large(base: int) -> tuple[tuple[int, str, int], ...]:
    return ((base, "TB", 4), (base, "GB", 3), (base, "MB", 2))


def leftover_text(plan: Plan) -> str | None:
    """Return what becomes of what is left, None where nobody says."""
    if plan.leftover is not Leftover.CAP or plan.cap is None:
        return None if plan.leftover is None else plan.leftover.value
    return f"cap:{_cap(plan.cap)}"


def _cap(most: int) -> str:
    """Return a size that may mean different bytes with units of 1000 and of 1024."""
    meant = (int(most), most.counted_by(BINARY) if isinstance(most, Bytes) else most)
    size, binary = meant
    texts = [size_text(size, DECIMAL), size_text(binary, BINARY)]
    for power, unit in enumerate(_DECIMAL_UNITS):
        number = (Decimal(size) / DECIMAL**power).normalize()
        texts.append(f"{number:f}{unit}")
    for text in texts:
        try:
            parsed = parse_size(text)
        except ValueError:
            continue
        if (int(parsed), parsed.counted_by(BINARY)) == meant:
            return text
    return texts[0]


def _talk_time(seconds: int) -> str:
    return str(Period(seconds=seconds)) if seconds else "0min"
