"""What a renewal makes of a line."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from reminderd.domain.activities import Outcome, Use, touch, unstarted
from reminderd.domain.calendar import local_date
from reminderd.domain.effects import refilled
from reminderd.domain.lines import GENERAL, Allowance, Deadline, DeadlineKind, Line
from reminderd.domain.plan_ends import (
    bought,
    carried_over,
    days_stood_still,
    running,
)
from reminderd.domain.plans import UNSAID, Leftover, Plan, Start, period_for
from reminderd.domain.quantities import DECIMAL, AllowanceKind
from reminderd.domain.terms import Activity, Terms
from reminderd.domain.texts import Text

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """A plan bought again ``on`` a date: until a date, or for a period.

    ``plan`` is what was chosen this time, over what the line and its carrier say.
    ``data`` is bytes, of which ``size_base`` make a kilobyte.
    """

    on: date
    until: date | None = None
    plan: Plan = UNSAID
    data: int | None = None
    size_base: int = DECIMAL


def renew(line: Line, renewal: Renewal, terms: Terms, now: datetime) -> Outcome:
    """Return what *renewal* makes of *line* under its carrier's *terms*.

    A balance is left alone. Buying a plan is an activity, which keeps the number
    alive where the carrier counts it. A plan that was not started is forgotten.

    Raises:
        ValueError: The new end is unknown, lies before the renewal, or has passed
            though nobody asked for that.
    """
    plan = chosen(line, renewal, terms)
    validity = _renewed(line, renewal, plan, now)
    use = Use(on=renewal.on, activity=Activity.PLAN, paid=plan.price)
    used = touch(line, use, terms, now)
    reset = {reading.item for reading in used.readings}
    paused = (
        _stood_still(known, line, renewal.on, now)
        for known in line.deadlines
        if terms.rule(known.kind).stands_still and known.item not in reset
    )
    return Outcome(
        readings=(
            validity,
            *_allowances(line, renewal, plan, now),
            *used.readings,
            *paused,
        ),
        forgotten=unstarted(line),
        ignored=used.ignored,
    )


def _renewed(line: Line, renewal: Renewal, plan: Plan, now: datetime) -> Deadline:
    """Return the new end of the plan."""
    if renewal.until is None:
        if plan.period is None or not plan.period.is_calendar:
            raise ValueError(
                Text(
                    "nobody has said how long the plan lasts; write --until DATE, "
                    "or a period such as --period 30d or 1mo"
                )
            )
        new = bought(line, renewal.on, plan.period, plan, now)
        if new.due_on(line.zone) < local_date(now, line.zone):
            raise ValueError(
                Text(
                    "counted from {on} the plan has ended on {due} already; if "
                    "that is right, write --until with that date",
                    on=renewal.on,
                    due=new.due,
                )
            )
        return new
    if renewal.until < renewal.on:
        raise ValueError(
            Text(
                "the new end {until} lies before the renewal on {on}",
                until=renewal.until,
                on=renewal.on,
            )
        )
    return Deadline(
        kind=DeadlineKind.VALIDITY,
        due=renewal.until,
        last_activity_on=renewal.on,
        observed_at=now,
    )


def _allowances(
    line: Line, renewal: Renewal, plan: Plan, now: datetime
) -> Iterator[Allowance]:
    """Yield what is left after a renewal; what has an end of its own stays."""
    old = running(line, renewal.on)
    for known, full in _refilled(line, renewal, now):
        if old is None:
            yield _full(known, full, now)
        elif plan.start is Start.QUEUE:
            # One that waits already begins before this one.
            if known.refills_on is None:
                begins_on = old.due_on(line.zone) + _ONE_DAY
                yield replace(known, refills_on=begins_on, refill_to=full)
        elif plan.leftover is Leftover.KEEP and _is_left(known):
            name = "" if known.bucket == GENERAL else f"{known.bucket} "
            bucket = f"{name}{old.due_on(line.zone)}"
            yield replace(known, bucket=bucket, expires=old.due)
            yield _full(known, full, now)
        else:
            yield _full(known, full + carried_over(known, plan), now, total=full)


def _is_left(known: Allowance) -> bool:
    """Tell whether something is left of *known*, or may be."""
    if known.remaining is None:
        return known.total is not None
    return known.remaining > 0 and not known.daily


def _refilled(
    line: Line, renewal: Renewal, now: datetime
) -> Iterator[tuple[Allowance, int]]:
    """Yield the allowances that a plan comes with, and how much that is."""
    allowances = tuple(
        replace(refilled(known, line, now), is_assumed=False)
        for known in line.allowances
    )
    line = replace(line, allowances=allowances)
    data = line.allowance(AllowanceKind.DATA)
    for known in line.allowances:
        is_fixed = known.kind is AllowanceKind.BALANCE or known.expires is not None
        if known is data and renewal.data is not None:
            yield known, renewal.data
        elif known.total is not None and not known.unlimited and not is_fixed:
            yield known, known.total
    if data is None and renewal.data is not None:
        new = Allowance(
            kind=AllowanceKind.DATA,
            size_base=renewal.size_base,
            observed_at=line.added_at,
        )
        yield new, renewal.data


def _full(
    known: Allowance, remaining: int, now: datetime, *, total: int | None = None
) -> Allowance:
    return replace(
        known,
        remaining=remaining,
        total=remaining if total is None else total,
        unlimited=False,
        refills_on=None,
        refill_to=None,
        filled_at=None,
        per_day=None,
        observed_at=now,
    )


def chosen(line: Line, renewal: Renewal, terms: Terms) -> Plan:
    """Return the plan that is bought in *renewal*, with the period that it lasts.

    That is what was asked for; else what the amount buys that was said to be paid;
    else what the line says, then what its usual price buys, then what is usual.
    """
    asked = renewal.plan
    plan = asked.over(line.plan.over(terms.plan))
    period = (
        asked.period
        or period_for(plan.tiers, asked.price)
        or line.plan.period
        or period_for(plan.tiers, plan.price)
        or plan.period
    )
    return replace(plan, period=period)


def _stood_still(deadline: Deadline, line: Line, on: date, now: datetime) -> Deadline:
    """Return *deadline* moved by what the plan has kept it waiting until *on*."""
    days = days_stood_still(deadline, line, on)
    return replace(deadline, due=deadline.due + timedelta(days=days), observed_at=now)
