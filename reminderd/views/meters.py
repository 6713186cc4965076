"""How much is left of an allowance, of a cycle, and what was used each day of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from reminderd.domain.calendar import local_date, shift
from reminderd.domain.forecasts import LOOK_BACK, Sample, usage_of
from reminderd.domain.lines import Allowance, Deadline, end_of
from reminderd.domain.quantities import AllowanceKind
from reminderd.storage.readings import samples_of
from reminderd.views.status import LineStatus

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meters:
    """The shares that are left, 0 to 1, and the use of each day, the last one today.

    None and nothing stand for what is not known.
    """

    amount: Fraction | None = None
    time: Fraction | None = None
    use: tuple[int, ...] = ()


def meters_of(tx: Connection, row: LineStatus, now: datetime) -> Meters:
    """Return the meters of the scarcest allowance of *row* and of its headline."""
    scarcest = _scarcest(row)
    return Meters(
        amount=None if scarcest is None else amount_left(scarcest),
        time=None if row.headline is None else time_left(row.headline, row, now),
        use=() if scarcest is None else use_of(tx, row, scarcest, now),
    )


def amount_left(known: Allowance) -> Fraction | None:
    """Return which share of its total is left, None where that is not known."""
    if known.unlimited or known.remaining is None or not known.total:
        return None
    return min(max(Fraction(known.remaining, known.total), Fraction(0)), Fraction(1))


def time_left(known: Deadline, row: LineStatus, now: datetime) -> Fraction | None:
    """Return which share of its period is ahead, None for one of unknown length."""
    period = known.period
    if known.item == "validity":
        period = period or row.line.plan.over(row.terms.plan).period
    if period is None:
        return None
    zone = row.line.zone
    due = known.due_at(zone)
    if period.is_calendar:
        begin = end_of(shift(known.due_on(zone), period, back=True), zone)
    else:
        begin = due - timedelta(seconds=period.seconds)
    left = Fraction((due - now) // _SECOND, max((due - begin) // _SECOND, 1))
    # With more than a whole period ahead, this is not the period that it is in.
    return max(left, Fraction(0)) if left <= 1 else None


def use_by_day(
    samples: Sequence[Sample], zone: ZoneInfo, today: date
) -> tuple[int, ...]:
    """Return the use of each day in *zone* from the first sample to *today*.

    What was used between two readings is shared out among the days up to the second;
    a refill in between counts as none.
    """
    if len(samples) < 2:  # noqa: PLR2004 - use lies between two readings
        return ()
    first = local_date(samples[0].observed_at, zone)
    days = [0] * max((today - first).days + 1, 1)
    for before, after in pairwise(samples):
        used = max(before.remaining - after.remaining, 0)
        end = (local_date(after.observed_at, zone) - first).days
        begin = (local_date(before.observed_at, zone) - first).days + 1
        span = range(min(begin, end), min(end + 1, len(days)))
        for day in span:
            days[day] += used // len(span)
    return tuple(days)


def _scarcest(row: LineStatus) -> Allowance | None:
    """Return the data allowance of which least is left, else any other such."""
    known = [
        each
        for each in row.line.allowances
        if not each.unlimited and each.remaining is not None
    ]
    return min(
        known,
        key=lambda each: (
            each.kind is not AllowanceKind.DATA,
            Fraction(2) if (left := amount_left(each)) is None else left,
        ),
        default=None,
    )


def use_of(
    tx: Connection, row: LineStatus, known: Allowance, now: datetime
) -> tuple[int, ...]:
    """Return what was used each day of *known* since it was last filled."""
    since = max(known.filled_at or now - LOOK_BACK, now - LOOK_BACK)
    samples = sorted(
        (
            each
            for each in samples_of(tx, row.stored.id, known.item, since)
            if each.observed_at <= now
        ),
        key=lambda each: each.observed_at,
    )
    filled = usage_of(samples)
    zone = row.line.zone
    return use_by_day(
        [each for each in samples if filled and each.observed_at >= filled.filled_at],
        zone,
        local_date(now, zone),
    )
