"""What a carrier's terms and the passing of time make of what is known of a line.

What follows from something is never stored: a corrected fact or reading holds at once.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from reminderd.domain.calendar import local_date, local_instant, shift
from reminderd.domain.forecasts import runs_out_at
from reminderd.domain.ladders import Policy
from reminderd.domain.lines import (
    LAST_YEAR,
    Allowance,
    Deadline,
    DeadlineKind,
    Line,
    end_of,
)
from reminderd.domain.plan_ends import days_stood_still, end_if_renewed
from reminderd.domain.terms import Loss, Stage, Terms


def in_effect(line: Line, policy: Policy, now: datetime) -> Line:
    """Return *line* as it stands at *now* under the carrier's terms in *policy*.

    Allowances that have filled up again are full. A deadline that stands still while
    a plan is active has been moved. New are what is lost after a deadline has passed,
    the ends of allowances, the days on which they run out, and offers.
    """
    terms = policy.terms
    deadlines = tuple(_moved(known, line, terms) for known in line.deadlines)
    read = replace(line, deadlines=deadlines)
    allowances = tuple(refilled(known, line, now) for known in line.allowances)
    line = replace(read, allowances=allowances)
    derived = (
        *(each for known in deadlines for each in _stages(known, line, terms)),
        # What is only assumed to be left calls for no word, and takes none back.
        *_expiries(read),
        *_runs_out(line),
        *_offers(read, policy, now),
    )
    return replace(line, deadlines=(*deadlines, *derived))


def refilled(allowance: Allowance, line: Line, now: datetime) -> Allowance:
    """Return *allowance* of *line* as far as it must have filled up by *now*."""
    today = local_date(now, line.zone)
    full = allowance.total
    if allowance.daily:
        is_full = local_date(allowance.observed_at, line.zone) < today
    else:
        is_full = allowance.refills_on is not None and allowance.refills_on <= today
        full = full if allowance.refill_to is None else allowance.refill_to
    if not is_full:
        return allowance
    return replace(
        allowance,
        remaining=full,
        total=full,
        refills_on=None,
        refill_to=None,
        per_day=None,
        is_assumed=True,
    )


def _moved(deadline: Deadline, line: Line, terms: Terms) -> Deadline:
    """Return *deadline* as the plan of *line* leaves it."""
    if deadline.kind is DeadlineKind.VALIDITY:
        renews = line.plan.over(terms.plan).auto_renews
        return replace(deadline, renews_itself=bool(renews))
    if not terms.rule(deadline.kind).stands_still or line.plan_ends_at is None:
        return deadline
    days = days_stood_still(deadline, line)
    if not days:
        return deadline
    moved = deadline.due + timedelta(days=days)
    return replace(deadline, due=moved, counts_from=line.plan_ends_at)


def _stages(deadline: Deadline, line: Line, terms: Terms) -> Iterator[Deadline]:
    """Yield what is lost later once *deadline* has passed, the number perhaps."""
    for stage in terms.rule(deadline.kind).stages:
        kind = DeadlineKind.NUMBER if Loss.NUMBER in stage.loses else DeadlineKind.GRACE
        if kind is DeadlineKind.NUMBER and line.deadline(kind) is not None:
            continue
        due = stage_end(deadline, stage, line)
        if due.year <= LAST_YEAR:
            yield Deadline(
                kind=kind,
                due=due,
                follows=deadline.item,
                after=stage.after,
                counts_from=deadline.due_at(line.zone),
                observed_at=deadline.observed_at,
            )


def stage_end(deadline: Deadline, stage: Stage, line: Line) -> date:
    """Return the last day before *stage* of a *deadline* of *line* is reached."""
    return shift(deadline.due_on(line.zone), stage.after)


def _expiries(line: Line) -> Iterator[Deadline]:
    """Yield the ends of allowances that end before the plan, and are not used up."""
    for allowance in line.allowances:
        if allowance.expires is None or allowance.remaining == 0:
            continue
        end = Deadline(
            kind=DeadlineKind.EXPIRY,
            due=allowance.expires,
            follows=allowance.item,
            observed_at=allowance.observed_at,
        )
        plan_end = line.plan_ends_at
        if plan_end is None or end.due_at(line.zone) < plan_end:
            yield end


def _runs_out(line: Line) -> Iterator[Deadline]:
    """Yield the days on which allowances run out at the rate of use so far."""
    for known in line.allowances:
        if known.remaining is None or known.unlimited or known.daily:
            continue
        at = runs_out_at(known.remaining, known.observed_at, known.per_day)
        if at is not None and not _is_over_before(known, at, line):
            yield Deadline(
                kind=DeadlineKind.RUNS_OUT,
                due=local_date(at, line.zone),
                follows=known.item,
                observed_at=known.observed_at,
            )


def _is_over_before(known: Allowance, at: datetime, line: Line) -> bool:
    """Tell whether an allowance ends, or fills up again, before an instant."""
    if known.refills_on is not None:
        return known.refills_on <= local_date(at, line.zone)
    return known.expires is not None and end_of(known.expires, line.zone) <= at


def _offers(line: Line, policy: Policy, now: datetime) -> Iterator[Deadline]:
    """Yield the promotions that a plan can be renewed in early without any loss."""
    validity = line.deadline(DeadlineKind.VALIDITY)
    if validity is None or policy.within is None or validity.renews_itself:
        return
    for promotion in policy.terms.promotions:
        near = shift(validity.due_on(line.zone), policy.within, back=True)
        begins_on = max(promotion.begins_on, near)
        begins_at = local_instant(begins_on, policy.at, policy.zone)
        ends_at = end_of(promotion.ends_on, line.zone)
        if now >= ends_at or begins_at >= min(ends_at, validity.due_at(line.zone)):
            continue
        if end_if_renewed(line, policy.terms, now) is not None:
            yield Deadline(
                kind=DeadlineKind.PROMOTION,
                due=validity.due,
                follows=promotion.title,
                counts_from=begins_at,
                observed_at=validity.observed_at,
            )
