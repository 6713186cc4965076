"""The items of a line at one instant, and the step of its ladder each of them is at."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from reminderd.domain.calendar import after, local_date
from reminderd.domain.ladders import (
    EXHAUSTED,
    EXPIRED,
    STALE,
    Policy,
    Severity,
    Step,
    allowance_step,
    deadline_step,
)
from reminderd.domain.lines import Allowance, Deadline, DeadlineKind, Line, end_of

OF_ALLOWANCES = frozenset({DeadlineKind.EXPIRY, DeadlineKind.RUNS_OUT})


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One item of a line at the instant of a review: the step it is at, if any.

    ``reading`` is None for staleness, which belongs to the line as a whole.
    """

    item: str
    cycle: str
    step: Step | None
    reading: Allowance | Deadline | None
    due_at: datetime | None = None
    observed_at: datetime

    @property
    def is_expired(self) -> bool:
        """Whether this is a deadline that has passed."""
        return self.step is not None and self.step.text == EXPIRED

    @property
    def is_over(self) -> bool:
        """Whether nothing is left of it, which is worse than any limit."""
        return self.step is not None and self.step.text in (EXHAUSTED, EXPIRED)

    @property
    def allowance(self) -> Allowance | None:
        """The allowance that this is the state of, if it is one."""
        return self.reading if isinstance(self.reading, Allowance) else None

    @property
    def deadline(self) -> Deadline | None:
        """The deadline that this is the state of, if it is one."""
        return self.reading if isinstance(self.reading, Deadline) else None


def states_of(line: Line, policy: Policy, now: datetime) -> Iterator[State]:
    """Yield the items worth a word: an ended plan leaves its allowances worthless."""
    plan_end = line.plan_ends_at
    has_plan_ended = plan_end is not None and plan_end <= now
    for deadline in line.deadlines:
        if not (has_plan_ended and deadline.kind in OF_ALLOWANCES):
            yield _deadline_state(deadline, line, policy, now)
    if has_plan_ended:
        return
    for allowance in line.allowances:
        if not has_ended(allowance, line, now):
            yield allowance_state(allowance, line, policy, now)
    since = stale_at(line, policy)
    if since is not None:
        yield State(
            item=STALE,
            cycle=line.observed_at.isoformat(),
            step=Step(STALE, Severity.INFO, since) if now >= since else None,
            reading=None,
            observed_at=line.observed_at,
        )


def allowance_state(
    allowance: Allowance, line: Line, policy: Policy, now: datetime
) -> State:
    """Return how an *allowance* of *line* stands at *now*."""
    today = local_date(now, line.zone)
    cycle = today if allowance.daily else allowance.observed_at
    return State(
        item=allowance.item,
        cycle=cycle.isoformat(),
        step=allowance_step(allowance, policy),
        reading=allowance,
        observed_at=allowance.observed_at,
    )


def has_ended(allowance: Allowance, line: Line, now: datetime) -> bool:
    """Tell whether an *allowance* of *line* has an end of its own that has passed."""
    expires = allowance.expires
    return expires is not None and end_of(expires, line.zone) <= now


def stale_at(line: Line, policy: Policy) -> datetime | None:
    """Return when *line* has gone too long without a reading; None for never."""
    if policy.stale is None:
        return None
    return after(line.observed_at, policy.stale, policy.at, policy.zone)


def is_moot(deadline: Deadline, line: Line) -> bool:
    """Tell whether *deadline* is a forecast for after the end of what it is about."""
    if deadline.kind is not DeadlineKind.RUNS_OUT:
        return False
    due_at = deadline.due_at(line.zone)
    ends = [line.plan_ends_at]
    for known in line.allowances:
        if known.item == deadline.follows:
            ends += [_end(known.expires, line), _end(known.refills_on, line)]
    return any(end is not None and due_at >= end for end in ends)


def _end(due: date | datetime | None, line: Line) -> datetime | None:
    return None if due is None else end_of(due, line.zone)


def _cycle(deadline: Deadline, line: Line) -> str:
    """Return what a new cycle differs in: the due date, or when it was filled up.

    A forecast moves with each reading, which makes it no other one.
    """
    if deadline.kind is DeadlineKind.RUNS_OUT:
        filled = (
            known.filled_at
            for known in line.allowances
            if known.item == deadline.follows and known.filled_at is not None
        )
        return max(filled, default=line.added_at).isoformat()
    return deadline.due.isoformat()


def _deadline_state(
    deadline: Deadline, line: Line, policy: Policy, now: datetime
) -> State:
    step = deadline_step(deadline, line.zone, policy, now)
    return State(
        item=deadline.item,
        cycle=_cycle(deadline, line),
        step=None if is_moot(deadline, line) else step,
        reading=deadline,
        due_at=deadline.due_at(line.zone),
        observed_at=deadline.observed_at,
    )
