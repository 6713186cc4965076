"""Where a plan ends when it is bought, and what stands still while it runs."""

from datetime import date, datetime, timedelta

from reminderd.domain.calendar import local_date, shift
from reminderd.domain.lines import Allowance, Deadline, DeadlineKind, Line
from reminderd.domain.periods import Period
from reminderd.domain.plans import LastDay, Leftover, Plan, Start
from reminderd.domain.quantities import AllowanceKind, Bytes
from reminderd.domain.terms import Terms

_ONE_DAY = timedelta(days=1)


def running(line: Line, on: date) -> Deadline | None:
    """Return the end of the plan if it has not passed before *on*."""
    old = line.deadline(DeadlineKind.VALIDITY)
    return None if old is None or old.due_on(line.zone) < on else old


def plan_end(
    line: Line, on: date, period: Period, plan: Plan
) -> tuple[date, int | None]:
    """Return the last day of a plan bought *on* a date, and the day it is bound to.

    A short month moves the end of a plan of months, but not that of the next one.
    """
    old = running(line, on)
    before = None if plan.start in (Start.TODAY, Start.LATER) else old
    if plan.last_day is LastDay.DAY_BEFORE:
        # The next plan begins on a day of its own: a short month moves nothing.
        begin = on if before is None else before.due_on(line.zone) + _ONE_DAY
        end, anchor = _day_before(begin, period), None
    else:
        begin = on if before is None else before.due_on(line.zone)
        anchor = (before and before.anchor_day) or begin.day
        end = shift(begin, period, anchor_day=anchor)
    if old is not None and plan.start is Start.LATER and old.due_on(line.zone) > end:
        return old.due_on(line.zone), old.anchor_day
    return end, anchor if period.months else None


def _day_before(begin: date, period: Period) -> date:
    """Return the day before *period* has passed; in a short month its last day."""
    same = shift(begin, period)
    is_short = period.months > 0 and same.day < begin.day
    return same if is_short else same - _ONE_DAY


def bought(line: Line, on: date, period: Period, plan: Plan, now: datetime) -> Deadline:
    """Return the end, which may have passed, of a plan bought *on* a date."""
    end, anchor = plan_end(line, on, period, plan)
    return Deadline(
        kind=DeadlineKind.VALIDITY,
        due=end,
        last_activity_on=on,
        anchor_day=anchor,
        observed_at=now,
    )


def end_if_renewed(line: Line, terms: Terms, now: datetime) -> date | None:
    """Return the end of the plan if it is renewed now; None where that loses anything.

    Also None where it is not known what an early renewal does.
    """
    plan = line.plan.over(terms.plan)
    old = line.deadline(DeadlineKind.VALIDITY)
    today = local_date(now, line.zone)
    if old is None or plan.period is None or old.due_on(line.zone) < today:
        return None
    if plan.start is Start.OLD_END and _loses_anything(line, plan):
        return None
    if plan.start not in (Start.OLD_END, Start.QUEUE):
        return None
    return plan_end(line, today, plan.period, plan)[0]


def days_stood_still(deadline: Deadline, line: Line, until: date | None = None) -> int:
    """Return for how many days the plan of *line* has kept *deadline* from moving on.

    Up to the plan's end, or to the date *until* if that is earlier. A plan counts from
    the day on which it was bought, or else first heard of.
    """
    plan = line.deadline(DeadlineKind.VALIDITY)
    if plan is None:
        return 0
    begun = plan.last_activity_on or local_date(plan.observed_at, line.zone)
    if deadline.due_on(line.zone) < begun:
        return 0
    end = plan.due_on(line.zone)
    start = max(begun, deadline.last_activity_on or begun)
    return max(((end if until is None else min(end, until)) - start).days, 0)


def carried_over(known: Allowance, plan: Plan) -> int:
    """Return how much of an allowance a renewal adds to the new one."""
    left = 0 if known.daily else max(known.remaining or 0, 0)
    if plan.leftover is Leftover.ADD:
        return left
    if plan.leftover is Leftover.CAP and known.kind is AllowanceKind.DATA:
        cap = plan.cap or 0
        if isinstance(cap, Bytes):
            cap = cap.counted_by(known.size_base)
        return min(left, cap)
    return 0


def _loses_anything(line: Line, plan: Plan) -> bool:
    """Tell whether something that is left would be lost in a renewal from the old end.

    What is not known may be lost as well.
    """
    return any(
        known.remaining is None or carried_over(known, plan) < known.remaining
        for known in line.allowances
        if known.kind is not AllowanceKind.BALANCE
        and not known.unlimited
        and not known.daily
        and known.expires is None
        and plan.leftover is not Leftover.KEEP
    )
