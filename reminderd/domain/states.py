"""The items of a line at one instant, and the step of its ladder each of them is at."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from reminderd.domain.calendar import after
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
from reminderd.domain.lines import Allowance, Deadline, DeadlineKind, Line


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
    has_plan_ended = False
    for deadline in line.deadlines:
        state = _deadline_state(deadline, line, policy, now)
        yield state
        if deadline.kind is DeadlineKind.VALIDITY:
            has_plan_ended = state.is_expired
    if has_plan_ended:
        return
    for allowance in line.allowances:
        yield State(
            item=allowance.item,
            cycle=allowance.observed_at.isoformat(),
            step=allowance_step(allowance, policy),
            reading=allowance,
            observed_at=allowance.observed_at,
        )
    since = stale_at(line, policy)
    if since is not None:
        yield State(
            item=STALE,
            cycle=line.observed_at.isoformat(),
            step=Step(STALE, Severity.INFO, since) if now >= since else None,
            reading=None,
            observed_at=line.observed_at,
        )


def stale_at(line: Line, policy: Policy) -> datetime | None:
    """Return when *line* has gone too long without a reading; None for never."""
    if policy.stale is None:
        return None
    return after(line.observed_at, policy.stale, policy.at, policy.zone)


def _deadline_state(
    deadline: Deadline, line: Line, policy: Policy, now: datetime
) -> State:
    return State(
        item=deadline.item,
        cycle=deadline.due.isoformat(),
        step=deadline_step(deadline, line.zone, policy, now),
        reading=deadline,
        due_at=deadline.due_at(line.zone),
        observed_at=deadline.observed_at,
    )
