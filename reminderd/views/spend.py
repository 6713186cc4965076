"""What lines have cost, by line, carrier, month or year; each currency by itself."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from reminderd.domain.charges import Charge, Doubt, doubts
from reminderd.domain.quantities import Money


class SpendBy(StrEnum):
    """What charges are put together by."""

    LINE = "line"
    CARRIER = "carrier"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """So many charges of one group in one currency, and their sum.

    ``group`` is a name, or a month such as ``2026-11``; None is no carrier, or all.
    """

    group: str | None
    charges: int
    money: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """What was spent, the sum for each currency, and which bills to check."""

    rows: tuple[Spent, ...]
    totals: tuple[Spent, ...]
    doubts: tuple[Doubt, ...]


_GROUPS: Mapping[SpendBy, Callable[[Charge], str | None]] = {
    SpendBy.LINE: lambda charge: charge.line,
    SpendBy.CARRIER: lambda charge: charge.carrier,
    SpendBy.MONTH: lambda charge: charge.on.isoformat()[:7],
    SpendBy.YEAR: lambda charge: charge.on.isoformat()[:4],
}


def spending(
    charges: Iterable[Charge], by: SpendBy, since: date | None = None
) -> Spending:
    """Return what *charges* from *since* on come to; earlier ones may cast doubt."""
    every = tuple(charges)
    wanted = [charge for charge in every if since is None or charge.on >= since]
    return Spending(
        rows=_sums(wanted, _GROUPS[by]),
        totals=_sums(wanted, lambda _charge: None),
        doubts=tuple(
            doubt
            for doubt in doubts(every)
            if since is None or doubt.charge.on >= since
        ),
    )


def _sums(
    charges: Iterable[Charge], group_of: Callable[[Charge], str | None]
) -> tuple[Spent, ...]:
    counts: Counter[tuple[str | None, str]] = Counter()
    sums: Counter[tuple[str | None, str]] = Counter()
    for charge in charges:
        place = group_of(charge), charge.money.currency
        counts[place] += 1
        sums[place] += charge.money.minor
    return tuple(
        Spent(
            group=group,
            charges=counts[group, currency],
            money=Money(sums[group, currency], currency),
        )
        for group, currency in sorted(
            counts, key=lambda place: (place[0] or "", place[1])
        )
    )
