"""What lines have cost, and which of the charges are worth a look at the bill."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise

from reminderd.domain.calendar import shift
from reminderd.domain.periods import Period
from reminderd.domain.quantities import Money


class ChargeKind(StrEnum):
    """What was paid for: a plan, or credit and other activities."""

    RENEWAL = "renewal"
    TOP_UP = "top-up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One payment for a line; what was not recorded of it is None.

    ``on`` is the day it was made, ``at`` when it was recorded. ``until`` is the end
    of the plan that it brought about, ``before_until`` the end before it; ``start``
    is from where the new period counts: ``old-end``, ``today``, ``later`` or
    ``queue``. ``way`` is ``website``, ``app`` or ``shop``. ``removed_at`` is when
    its line was removed.
    """

    event_id: int
    line: str
    carrier: str | None = None
    at: datetime
    on: date
    money: Money
    kind: ChargeKind = ChargeKind.RENEWAL
    until: date | None = None
    before_until: date | None = None
    period: Period | None = None
    start: str | None = None
    removed_at: datetime | None = None
    way: str | None = None
    receipt: str | None = None


class DoubtKind(StrEnum):
    """Why a charge may be wrong."""

    TWICE = "twice"
    DEARER = "dearer"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A charge that may be wrong; ``before`` is the one that makes it look so.

    ``paid_until`` is until when that one pays, where a plan was charged twice.
    """

    kind: DoubtKind
    charge: Charge
    before: Charge | None = None
    paid_until: date | None = None

    @property
    def event_ids(self) -> frozenset[int]:
        """The events of the charges that it is about."""
        known = (self.charge, self.before)
        return frozenset(charge.event_id for charge in known if charge is not None)


def doubts(charges: Iterable[Charge]) -> tuple[Doubt, ...]:
    """Return why to check the bill, in the order of the charges in doubt.

    - *twice*: a plan was paid again while more than half of what the payment before
      it bought lies ahead, and before three quarters of that time have passed since:
      who always pays a month ahead is not in doubt. Nor is what was bought for the
      queue behind the plan, unless it has the receipt of the one before.
    - *dearer*: the same period of the same line cost less the last time, in the same
      currency.
    - *removed*: it was recorded after its line was removed.

    What costs nothing, and money that came back, is never in doubt.
    """
    by_line: dict[str, list[Charge]] = defaultdict(list)
    for charge in sorted(charges, key=_place):
        if charge.money.minor > 0:
            by_line[charge.line].append(charge)
    found = [doubt for each in by_line.values() for doubt in _doubts_of_line(each)]
    return tuple(sorted(found, key=lambda doubt: _place(doubt.charge)))


def _place(charge: Charge) -> tuple[date, int]:
    return charge.on, charge.event_id


def _doubts_of_line(charges: list[Charge]) -> Iterator[Doubt]:
    renewals = [charge for charge in charges if charge.kind is ChargeKind.RENEWAL]
    yield from _twice(renewals)
    yield from _dearer(renewals)
    for charge in charges:
        if charge.removed_at is not None and charge.at > charge.removed_at:
            yield Doubt(kind=DoubtKind.REMOVED, charge=charge)


def _twice(renewals: list[Charge]) -> Iterator[Doubt]:
    for before, charge in pairwise(renewals):
        term = _term(before)
        if term is None or _is_queued(before, charge):
            continue
        begin, end = term
        lasting = end - begin
        is_ahead = (end - charge.on) * 2 > lasting
        if is_ahead and (charge.on - before.on) * 4 < lasting * 3:
            yield Doubt(
                kind=DoubtKind.TWICE, charge=charge, before=before, paid_until=end
            )


def _is_queued(before: Charge, charge: Charge) -> bool:
    is_same = charge.receipt is not None and charge.receipt == before.receipt
    return charge.start == "queue" and not is_same


def _term(charge: Charge) -> tuple[date, date] | None:
    """Return when what *charge* bought begins and ends, None if that is not known."""
    period, until = charge.period, charge.until
    try:
        if until is None:
            return None if period is None else (charge.on, shift(charge.on, period))
        if period is not None:
            return shift(until, period, back=True), until
    except ValueError:
        # The calendar ends before that.
        return None
    if charge.before_until is None or charge.start == "today":
        return charge.on, until
    return max(charge.on, charge.before_until), until


def _dearer(renewals: list[Charge]) -> Iterator[Doubt]:
    last: dict[tuple[Period, str], Charge] = {}
    for charge in renewals:
        if charge.period is None:
            continue
        same = (charge.period, charge.money.currency)
        before = last.get(same)
        if before is not None and charge.money.minor > before.money.minor:
            yield Doubt(kind=DoubtKind.DEARER, charge=charge, before=before)
        last[same] = charge
