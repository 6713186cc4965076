"""How fast an allowance is used, and when it will have run out.

The use of a day is the mean over what was used in this cycle, with one exception:
the day with the most counts like the one with the next most. A mean, because people
who use much at weekends and nothing in between are right on average only; the
exception, because one film on a train says nothing of tomorrow. The median of the
slopes between all pairs of readings (Theil and Sen) does not serve: one big day in
the middle lies between half of all pairs, and of weekends it sees mostly the days
between them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise

from reminderd.domain.calendar import require_utc

# Two readings are one slope, which nothing confirms; what was used within a day says
# nothing of a night, nor of a working day beside a Sunday.
FEWEST_READINGS = 3
SHORTEST_SPAN = timedelta(days=2)
# Five weeks: habits of a week are in it several times, those of last season are not.
LOOK_BACK = timedelta(days=35)

_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)
# Readings "once a day" are not to the minute; closer ones would split an odd day.
_NEARLY_A_DAY = timedelta(hours=20)
# Beside fewer stretches of use than that none is odd: it may be the habit itself.
_OTHERS_WITH_USE = 3
# Carriers round, and correct what they reported: so little more is no refill. The
# one part is of what was left; the other, of the most of this cycle, is for the end
# of it, when the smallest correction is much beside what is left.
_REFILL_OF_LEFT = Fraction(1, 10)
_REFILL_OF_MOST = Fraction(1, 100)
# So slow a use is none that anybody plans for.
_HORIZON = timedelta(days=3653)


@dataclass(frozen=True, slots=True)
class Sample:
    """What was left at an instant in UTC: bytes, seconds, a count or minor units."""

    observed_at: datetime
    remaining: int

    def __post_init__(self) -> None:
        require_utc("observed_at", self.observed_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """The use of one allowance in its present cycle.

    ``filled_at`` is the first reading of the cycle; ``per_day`` is in the unit of
    the allowance, rounded, None where the readings are too few to tell.
    """

    filled_at: datetime
    per_day: int | None


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What was used between two readings; a correction upwards is negative use."""

    used: int
    lasting: int  # microseconds

    @property
    def rate(self) -> Fraction:
        return Fraction(self.used, self.lasting)


def usage_of(samples: Sequence[Sample]) -> Usage | None:
    """Return the use since the last refill, None without any sample.

    *samples* come in any order; of two with one instant the last one given counts.
    """
    cycle = _since_refill(_in_order(samples))
    if not cycle:
        return None
    return Usage(filled_at=cycle[0].observed_at, per_day=_per_day(cycle))


def runs_out_at(
    remaining: int, observed_at: datetime, per_day: int | None
) -> datetime | None:
    """Return when *remaining*, seen at *observed_at*, is used up at *per_day*.

    None where that is not known, where nothing is used, and where it lies more than
    ten years ahead or beyond the calendar. Nothing left: that was at *observed_at*.
    """
    if not per_day:
        return None
    lasting = max(remaining, 0) * (_DAY // _MICROSECOND) // per_day
    if lasting > _HORIZON // _MICROSECOND:
        return None
    try:
        return observed_at + timedelta(microseconds=lasting)
    except OverflowError:
        return None


def _in_order(samples: Iterable[Sample]) -> list[Sample]:
    last_given = {sample.observed_at: sample for sample in samples}
    return sorted(last_given.values(), key=lambda sample: sample.observed_at)


def _since_refill(ordered: Sequence[Sample]) -> Sequence[Sample]:
    """Return the samples from the last refill on."""
    # Never below nothing, so that only more can be a refill.
    start, most = 0, 0
    for number, (before, sample) in enumerate(pairwise(ordered), start=1):
        most = max(most, before.remaining)
        if _is_refill(before.remaining, sample.remaining, most):
            start, most = number, 0
    return ordered[start:]


def _is_refill(before: int, after: int, most: int) -> bool:
    more = after - before
    return more > before * _REFILL_OF_LEFT and more > most * _REFILL_OF_MOST


def _per_day(cycle: Sequence[Sample]) -> int | None:
    newest = cycle[-1].observed_at
    recent = [known for known in cycle if newest - known.observed_at <= LOOK_BACK]
    span = newest - recent[0].observed_at
    if len(recent) < FEWEST_READINGS or span < SHORTEST_SPAN:
        return None
    stretches = [
        _Stretch(
            before.remaining - after.remaining,
            (after.observed_at - before.observed_at) // _MICROSECOND,
        )
        for before, after in pairwise(_daily(recent))
    ]
    return max(0, round(_usual(stretches) * (_DAY // _MICROSECOND)))


def _daily(ordered: Sequence[Sample]) -> list[Sample]:
    """Return the first and the last of *ordered*, and those about a day apart."""
    kept = [ordered[-1]]
    for sample in reversed(ordered):
        if kept[-1].observed_at - sample.observed_at >= _NEARLY_A_DAY:
            kept.append(sample)
    kept[-1] = ordered[0]
    return kept[::-1]


def _usual(stretches: Sequence[_Stretch]) -> Fraction:
    """Return the mean use in a microsecond, an odd day counted like the next fastest.

    An odd day may lie in two stretches: the one beside it counts for no more either.
    """
    by_rate = sorted(range(len(stretches)), key=lambda place: stretches[place].rate)
    used = Fraction(sum(stretch.used for stretch in stretches))
    if _is_odd(stretches[by_rate[-1]], [stretches[place] for place in by_rate[:-1]]):
        odd = by_rate.pop()
        beside = next(place for place in reversed(by_rate) if abs(place - odd) == 1)
        by_rate.remove(beside)
        most = stretches[by_rate[-1]].rate
        for part in (stretches[odd], stretches[beside]):
            used -= max(part.rate - most, Fraction()) * part.lasting
    return used / sum(stretch.lasting for stretch in stretches)


def _is_odd(fastest: _Stretch, others: Sequence[_Stretch]) -> bool:
    """Tell whether there is enough other use, over a longer time, to call it odd."""
    with_use = sum(stretch.used > 0 for stretch in others)
    others_last = sum(stretch.lasting for stretch in others)
    return with_use >= _OTHERS_WITH_USE and fastest.lasting * 2 <= others_last
