"""What has been said about an item, and whether it is better or worse by now."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from reminderd.domain.calendar import after
from reminderd.domain.ladders import (
    EXHAUSTED,
    EXPIRED,
    NEVER_EXPIRES,
    Policy,
    Step,
    amount_of,
    instant_of,
)
from reminderd.domain.lines import Allowance, Deadline, DeadlineKind, Line
from reminderd.domain.states import State

# What a clock that ran ahead by more than this has said was said too early.
CLOCK_WAS_AHEAD = timedelta(days=1)
# A corrected figure just above a limit is no refill: a tenth more than the limit is.
_REFILL_PER_CENT = 110


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What has been said about one item of a line in this cycle.

    ``count`` is the number of repeats of the step. ``due_at`` is the instant of the
    deadline the cycle belongs to, None for allowances and staleness.
    """

    item: str
    cycle: str
    step: str
    said_at: datetime
    count: int = 0
    due_at: datetime | None = None
    acknowledged_at: datetime | None = None

    def is_from_the_future(self, now: datetime) -> bool:
        """Whether it was said under a clock that has been set back since."""
        return self.said_at - now > CLOCK_WAS_AHEAD


class Change(Enum):
    """How an item stands compared with what has been told about it."""

    NONE = "nothing to tell, or the same as told"
    WORSE = "never told, or worse than told"
    AGAIN = "the same, and its time to be repeated has come"
    RECOVERED = "renewed or refilled: confirm it, and arm the ladder again"
    REARMED = "better, but still at a limit that was passed before"
    FORGOTTEN = "over without a word, such as staleness after a new reading"

    @property
    def is_said(self) -> bool:
        """Whether a reminder is due for it."""
        return self in (Change.WORSE, Change.AGAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One item at a review: its state, what was told of it, and how they compare."""

    state: State
    told: Told | None
    change: Change


def change_since(
    told: Told | None, state: State, line: Line, policy: Policy, now: datetime
) -> Change:
    """Return how *state* stands at *now* compared with what was *told*."""
    if told is None:
        return Change.NONE if state.step is None else Change.WORSE
    change = _change(told, state, line, policy)
    if change is not Change.NONE or state.step is None:
        return change
    if told.is_from_the_future(now) and _is_reached_anew(state.step, line):
        return Change.WORSE
    again_at = repeat_at(told, policy)
    return Change.AGAIN if again_at is not None and again_at <= now else Change.NONE


def repeat_at(told: Told, policy: Policy) -> datetime | None:
    """Return when an unanswered reminder is said again; None for never.

    Forecasts, offers and the ends of leftovers call for no answer.
    """
    is_hint = told.item.partition("/")[0] in NEVER_EXPIRES
    if not policy.repeat or is_hint or told.acknowledged_at is not None:
        return None
    gap = policy.repeat[min(told.count, len(policy.repeat) - 1)]
    return after(told.said_at, gap, policy.at, policy.zone)


def told_after(standing: Standing, now: datetime, *, is_reminded: bool) -> Told | None:
    """Return what is told of an item after a review, and after its reminder if any.

    None stands for nothing: not at a limit, or not any more.
    """
    state, told, change = standing.state, standing.told, standing.change
    if change in (Change.WORSE, Change.RECOVERED, Change.REARMED):
        return _told_anew(state, _cycle(standing), now)
    if told is None or change is Change.FORGOTTEN:
        return None
    if state.due_at is not None:
        told = replace(told, cycle=state.cycle, due_at=state.due_at)
    if change is Change.AGAIN:
        return replace(told, said_at=now, count=told.count + 1)
    # The message carries all findings: what stands in it needs no repeat of its own.
    is_open = state.step is not None and told.acknowledged_at is None
    return replace(told, said_at=now) if is_reminded and is_open else told


def _is_reached_anew(step: Step, line: Line) -> bool:
    """Tell whether the limit of *step* was still ahead at the last review of *line*.

    If not, it may have been said before: perhaps it is now that the clock is wrong.
    """
    if step.reached_at is None or line.review_at is None:
        return False
    # The store rounds the instant of the next review up to a whole second.
    return line.review_at - step.reached_at < timedelta(seconds=1)


def _told_anew(state: State, cycle: str, now: datetime) -> Told | None:
    """Return the told state of a new step: what is reached already counts as said."""
    if state.step is None:
        return None
    return Told(
        item=state.item,
        cycle=cycle,
        step=state.step.text,
        said_at=now,
        due_at=state.due_at,
    )


def _cycle(standing: Standing) -> str:
    """Return the cycle an item is in: an allowance stays in its own until refilled."""
    allowance = standing.state.allowance
    is_refilled = standing.change is Change.REARMED
    if standing.told is None or allowance is None or allowance.daily or is_refilled:
        return standing.state.cycle
    return standing.told.cycle


def _change(told: Told, state: State, line: Line, policy: Policy) -> Change:
    if state.is_over and told.step not in (EXHAUSTED, EXPIRED):
        return Change.WORSE
    allowance, deadline = state.allowance, state.deadline
    if allowance is not None and allowance.is_assumed:
        return Change.NONE
    if allowance is not None and not allowance.daily:
        return _allowance_change(told, allowance, state.step)
    if deadline is not None and deadline.kind is not DeadlineKind.RUNS_OUT:
        change = _deadline_change(told, deadline, state.step, line, policy)
        return change if deadline.follows is None else _silent(change, state)
    return _cyclic_change(told, state, line, policy)


def _silent(change: Change, state: State) -> Change:
    """Return *change* without a word of recovery: its cause is confirmed."""
    if change is not Change.RECOVERED:
        return change
    return Change.FORGOTTEN if state.step is None else Change.REARMED


def _cyclic_change(told: Told, state: State, line: Line, policy: Policy) -> Change:
    """Return the change of what starts anew with each cycle, without a word of it."""
    if state.cycle != told.cycle:
        return Change.FORGOTTEN if state.step is None else Change.WORSE
    return _change_within_cycle(told, state, line, policy)


def _change_within_cycle(
    told: Told, state: State, line: Line, policy: Policy
) -> Change:
    """Return whether it has got worse; before the next cycle, nothing gets better."""
    if state.step is None:
        return Change.NONE
    is_worse = False
    if state.deadline is not None:
        told_at = instant_of(told.step, state.deadline, line.zone, policy)
        is_worse = (
            instant_of(state.step.text, state.deadline, line.zone, policy) > told_at
        )
    if state.allowance is not None:
        before = amount_of(told.step, state.allowance)
        amount = amount_of(state.step.text, state.allowance)
        is_worse = amount is not None and (before is None or amount < before)
    return Change.WORSE if is_worse else Change.NONE


def _allowance_change(told: Told, allowance: Allowance, step: Step | None) -> Change:
    if allowance.unlimited:
        return Change.RECOVERED
    if allowance.remaining is None:
        return Change.NONE
    told_amount = amount_of(told.step, allowance)
    if told_amount is None:
        return Change.NONE if step is None else Change.WORSE
    amount = None if step is None else amount_of(step.text, allowance)
    if amount is not None and amount < told_amount:
        return Change.WORSE
    is_refill = allowance.remaining * 100 >= told_amount * _REFILL_PER_CENT
    if amount == told_amount or not is_refill:
        return Change.NONE
    return Change.RECOVERED if step is None else Change.REARMED


def _deadline_change(
    told: Told, deadline: Deadline, step: Step | None, line: Line, policy: Policy
) -> Change:
    """Compare limits by their instants under the same due date.

    Without a later due date nothing gets better: a clock that was set back, or an
    edited ladder, must not say again what has been said.
    """
    told_instant = instant_of(told.step, deadline, line.zone, policy)
    instant = None
    if step is not None:
        instant = instant_of(step.text, deadline, line.zone, policy)
        if instant > told_instant:
            return Change.WORSE
    due_at = deadline.due_at(line.zone)
    if told.due_at is None or told.cycle == deadline.due.isoformat():
        return Change.NONE
    if due_at < told.due_at and step is not None and step.text != EXPIRED:
        # What was said named a date that is too late.
        return Change.WORSE
    if due_at <= told.due_at or instant == told_instant:
        return Change.NONE
    # A limit that a renewed line has reached already goes with the confirmation: on
    # a 30-day plan, "30 days left" right after paying helps nobody.
    return Change.RECOVERED
