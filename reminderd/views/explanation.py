"""All there is to know of one line: for its owner, who asks what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from reminderd.domain.calendar import local_date
from reminderd.domain.forecasts import LOOK_BACK
from reminderd.domain.ladders import Policy
from reminderd.domain.lines import Allowance, Deadline, DeadlineKind, Line
from reminderd.domain.plan_ends import end_if_renewed
from reminderd.domain.plans import Plan
from reminderd.domain.quantities import AllowanceKind
from reminderd.domain.renewals import Renewal, renew
from reminderd.domain.stages import Decline, decline_of
from reminderd.domain.terms import Terms
from reminderd.storage.lines import StoredLine
from reminderd.storage.readings import samples_of
from reminderd.views.status import LineStatus, line_status


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """How an allowance is used: from so many ``readings`` over so many ``days``.

    ``runs_out`` is the day on which nothing is left, None where nobody can tell.
    """

    allowance: Allowance
    readings: int
    days: int
    runs_out: Deadline | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One line: how it stands, how it is used, what is lost when, what renewing does.

    ``declines`` has what is lost by the item of each date. ``renewals_paid`` is how
    many renewals the balance pays, and ``renewed_until`` where the plan would end if
    it were renewed now; None where it is not known. ``offers`` are on now.
    """

    status: LineStatus
    plan: Plan
    uses: tuple[Use, ...]
    declines: tuple[tuple[Deadline, Decline], ...]
    renewals_paid: int | None
    renewed_until: date | None
    offers: tuple[Deadline, ...]
    offered_until: date | None


def explanation_of(
    tx: Connection, stored: StoredLine, policy: Policy, now: datetime
) -> Explanation:
    """Return all there is to know of a line at *now*.

    Raises:
        StoreError: The store cannot be read.
    """
    status = line_status(stored, policy, now)
    line, terms = status.line, policy.terms
    plan = line.plan.over(terms.plan)
    return Explanation(
        status=status,
        plan=plan,
        uses=tuple(_uses(tx, status, now)),
        declines=tuple(
            (known, decline_of(known, line, terms, now))
            for known in status.ends
            if known.follows is None
        ),
        renewals_paid=_renewals_paid(line, plan),
        renewed_until=_renewed_until(stored.line, terms, now),
        offers=tuple(
            known
            for known in line.deadlines
            if known.kind is DeadlineKind.PROMOTION
            and (known.counts_from is None or known.counts_from <= now)
        ),
        offered_until=end_if_renewed(line, terms, now),
    )


def _uses(tx: Connection, status: LineStatus, now: datetime) -> Iterator[Use]:
    """Yield how what can run out is used: not what is full again tomorrow.

    Nor what an ended plan has left; a balance is used when somebody renews.
    """
    plan_end = status.line.plan_ends_at
    if plan_end is not None and plan_end <= now:
        return
    for known in status.line.allowances:
        if known.remaining is None or known.unlimited or known.daily:
            continue
        if known.kind is AllowanceKind.BALANCE and known.per_day is None:
            continue
        since = known.filled_at or now - LOOK_BACK
        samples = samples_of(tx, status.stored.id, known.item, since)
        seen = [sample.observed_at for sample in samples] or [now]
        yield Use(
            allowance=known,
            readings=len(samples),
            days=(max(seen) - min(seen)).days,
            runs_out=next(
                (
                    end
                    for end in status.line.deadlines
                    if end.kind is DeadlineKind.RUNS_OUT and end.follows == known.item
                ),
                None,
            ),
        )


def _renewals_paid(line: Line, plan: Plan) -> int | None:
    """Return how many times the balance pays the price of a renewal."""
    balance = line.allowance(AllowanceKind.BALANCE)
    if balance is None or balance.remaining is None or plan.price is None:
        return None
    if balance.currency != plan.price.currency or plan.price.minor <= 0:
        return None
    return max(balance.remaining, 0) // plan.price.minor


def _renewed_until(line: Line, terms: Terms, now: datetime) -> date | None:
    """Return the end of the plan if it were renewed today, None where it is unknown.

    What waits to be started has no end yet, and what renews itself needs no hand.
    """
    plan, ends_at = line.plan.over(terms.plan), line.plan_ends_at
    is_running = ends_at is not None and ends_at > now
    if plan.auto_renews or line.deadline(DeadlineKind.START_BY) is not None:
        return None
    if is_running and plan.start is None:
        return None
    try:
        outcome = renew(line, Renewal(on=local_date(now, line.zone)), terms, now)
    except ValueError:
        return None
    ends = (
        reading.due_on(line.zone)
        for reading in outcome.readings
        if isinstance(reading, Deadline) and reading.kind is DeadlineKind.VALIDITY
    )
    return next(ends, None)
