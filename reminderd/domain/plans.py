"""The plan of a line: how it is renewed, and what a renewal does to it."""

from dataclasses import dataclass, fields, replace
from enum import StrEnum

from reminderd.domain.periods import Period
from reminderd.domain.quantities import Money


class Start(StrEnum):
    """From when a renewal counts; a plan that has ended always starts today."""

    OLD_END = "old-end"
    TODAY = "today"
    LATER = "later"
    QUEUE = "queue"


class Leftover(StrEnum):
    """What becomes of what is left of the old plan's allowances.

    ``keep`` leaves it apart, with the end that it had.
    """

    DROP = "drop"
    ADD = "add"
    CAP = "cap"
    KEEP = "keep"


class LastDay(StrEnum):
    """Where a plan of calendar months ends: on the same date, or the day before it."""

    SAME_DATE = "same-date"
    DAY_BEFORE = "day-before"


class Way(StrEnum):
    """Where a line is renewed."""

    WEBSITE = "website"
    APP = "app"
    SHOP = "shop"


@dataclass(frozen=True, slots=True)
class Tier:
    """From this amount on, a payment buys this period."""

    least: Money
    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a line is renewed; None stands for what nobody has said.

    ``cap`` is how many bytes of data are carried over at most. ``price`` is what one
    renewal costs. A plan that ``auto_renews`` is paid for by the carrier itself.
    """

    period: Period | None = None
    tiers: tuple[Tier, ...] | None = None
    start: Start | None = None
    leftover: Leftover | None = None
    cap: int | None = None
    last_day: LastDay | None = None
    price: Money | None = None
    auto_renews: bool | None = None
    way: Way | None = None

    def over(self, other: "Plan") -> "Plan":
        """Return this plan, with what *other* says where this one says nothing."""
        said = {
            field.name: value
            for field in fields(self)
            if (value := getattr(self, field.name)) is not None
        }
        return replace(other, **said)


UNSAID = Plan()


def period_for(tiers: tuple[Tier, ...] | None, paid: Money | None) -> Period | None:
    """Return what *paid* buys: the period of the highest tier that it reaches."""
    if paid is None:
        return None
    reached = [
        tier
        for tier in tiers or ()
        if tier.least.currency == paid.currency and tier.least.minor <= paid.minor
    ]
    best = max(reached, key=lambda tier: tier.least.minor, default=None)
    return None if best is None else best.period
