"""What a line loses from a date on: at once, later, and for good.

After the end of a plan a line goes down in stages, which are its carrier's terms.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from reminderd.domain.calendar import end_of_day, last_date, shift
from reminderd.domain.lines import Deadline, DeadlineKind, Line
from reminderd.domain.terms import Back, Loss, Rule, Stage, Terms

# What is lost by the name of the date alone, where the terms do not say.
_BY_NAME = {
    DeadlineKind.VALIDITY: (Loss.PLAN,),
    DeadlineKind.CREDIT: (Loss.CREDIT,),
    DeadlineKind.NUMBER: (Loss.NUMBER,),
}


class LineStage(StrEnum):
    """How far down a line is, from something lost to the loss of its number."""

    ENDED = "ended"
    GRACE = "grace"
    OUTGOING_BARRED = "outgoing-barred"
    RECEIVE_ONLY = "receive-only"
    SUSPENDED = "suspended"
    NUMBER_LOST = "number-lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """What is lost ``at`` an instant, when the day ``last_on`` is over."""

    last_on: date
    at: datetime
    loses: tuple[Loss, ...]
    back: Back | None

    @property
    def is_final(self) -> bool:
        """Whether it never comes back."""
        return self.back is Back.NEVER or Loss.NUMBER in self.loses


@dataclass(frozen=True, slots=True, kw_only=True)
class Decline:
    """What a line loses from one date on: what is ``past`` and what lies ``ahead``."""

    past: tuple[Lost, ...]
    ahead: tuple[Lost, ...]

    @property
    def losses(self) -> tuple[Loss, ...]:
        """What is lost by now."""
        return _distinct(self.past)

    @property
    def kept(self) -> tuple[Loss, ...]:
        """What is still there, and will be lost."""
        return tuple(each for each in _distinct(self.ahead) if each not in self.losses)

    @property
    def back(self) -> Back | None:
        """How what is lost comes back at present."""
        return self.past[-1].back if self.past else None

    @property
    def stage(self) -> LineStage | None:
        """How far down the line is; None while nothing is lost that bars it."""
        lost = set(self.losses)
        if Loss.NUMBER in lost:
            return LineStage.NUMBER_LOST
        if Loss.INCOMING in lost:
            return LineStage.SUSPENDED
        if Loss.OUTGOING in lost:
            is_all = Loss.PLAN in lost
            return LineStage.RECEIVE_ONLY if is_all else LineStage.OUTGOING_BARRED
        if self.past and self.ahead:
            return LineStage.GRACE
        return LineStage.ENDED if Loss.PLAN in lost else None


def decline_of(deadline: Deadline, line: Line, terms: Terms, now: datetime) -> Decline:
    """Return what *line* loses from *deadline* on, as its carrier's *terms* say.

    A date by which the number is lost that is known by itself holds in their place.
    """
    rule = terms.rule(deadline.kind)
    if line.deadline(DeadlineKind.NUMBER) not in (None, deadline):
        rule = without_number(rule)
    return decline(deadline.kind, deadline.due_at(line.zone), line.zone, rule, now)


def decline(
    kind: DeadlineKind, due_at: datetime, zone: ZoneInfo, rule: Rule, now: datetime
) -> Decline:
    """Return what a line in *zone* loses under *rule* from *due_at* on."""
    last_on = last_date(due_at, zone)
    loses = rule.loses or _BY_NAME.get(kind, ())
    first = Lost(last_on=last_on, at=due_at, loses=loses, back=rule.back)
    steps = ((first,) if loses else ()) + tuple(
        _later(stage, last_on, zone) for stage in rule.stages
    )
    return Decline(
        past=tuple(step for step in steps if step.at <= now),
        ahead=tuple(step for step in steps if step.at > now),
    )


def without_number(rule: Rule) -> Rule:
    """Return *rule* without what it says of the loss of the number later."""
    kept = (stage for stage in rule.stages if Loss.NUMBER not in stage.loses)
    return replace(rule, stages=tuple(kept))


def stage_of(line: Line, terms: Terms, now: datetime) -> LineStage | None:
    """Return how far down *line* is at *now*, None while none of its dates has passed.

    Of one that renews itself nobody knows whether it did.
    """
    order = list(LineStage)
    stages = (
        decline_of(known, line, terms, now).stage
        for known in line.deadlines
        if known.follows is None and not known.renews_itself
    )
    return max(filter(None, stages), key=order.index, default=None)


def _later(stage: Stage, last_on: date, zone: ZoneInfo) -> Lost:
    day = shift(last_on, stage.after)
    return Lost(
        last_on=day, at=end_of_day(day, zone), loses=stage.loses, back=stage.back
    )


def _distinct(steps: tuple[Lost, ...]) -> tuple[Loss, ...]:
    return tuple(dict.fromkeys(loss for step in steps for loss in step.loses))
