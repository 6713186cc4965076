"""A carrier's terms: what resets the dates of a line, and what is lost when they pass.

Terms are facts about a carrier, not about one line: they are never stored with a
line, so that a corrected fact holds for every line at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from reminderd.domain.lines import DeadlineKind
from reminderd.domain.periods import Period
from reminderd.domain.plans import UNSAID, Plan, Start, Tier
from reminderd.domain.quantities import Money


class Activity(StrEnum):
    """What an owner does with a line that may reset one of its dates."""

    CALL = "call"
    SMS = "sms"
    DATA = "data"
    TOP_UP = "top-up"
    PLAN = "plan"


class Loss(StrEnum):
    """What a line loses when a date passes."""

    PLAN = "plan"
    CREDIT = "credit"
    OUTGOING = "outgoing"
    INCOMING = "incoming"
    NUMBER = "number"


class Back(StrEnum):
    """How what is lost comes back: by renewing, by asking the carrier, or never."""

    RENEW = "renew"
    ASK = "ask"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Stage:
    """What is lost ``after`` a date has passed, and how the line comes back then."""

    after: Period
    loses: tuple[Loss, ...]
    back: Back | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a carrier's terms say of one kind of deadline.

    It lies ``every`` period after the last activity of a kind in ``resets``; None
    stands for any. Top-ups count from the amount ``least`` on, and ``tiers`` say what
    an amount buys. One that ``stands_still`` does so while a plan is active. When the
    date passes, ``loses`` is gone, and comes ``back`` as said; ``stages`` follow.
    """

    every: Period | None = None
    resets: frozenset[Activity] | None = None
    least: Money | None = None
    tiers: tuple[Tier, ...] = ()
    start: Start = Start.TODAY
    stands_still: bool = False
    loses: tuple[Loss, ...] = ()
    back: Back | None = None
    stages: tuple[Stage, ...] = ()

    @property
    def is_paid_for(self) -> bool:
        """Whether only paying resets it, and no use of the line."""
        counted = self.resets or frozenset(Activity)
        return counted <= {Activity.TOP_UP, Activity.PLAN}

    @property
    def has_clock(self) -> bool:
        """Whether it says for how long."""
        return self.every is not None or bool(self.tiers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """A carrier's offer to those who renew between two dates, both inclusive."""

    title: str
    begins_on: date
    ends_on: date
    url: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """All that a carrier's terms say, the plan as the carrier sells it."""

    plan: Plan = UNSAID
    rules: Mapping[DeadlineKind, Rule] = field(default_factory=dict)
    promotions: tuple[Promotion, ...] = ()

    def rule(self, kind: DeadlineKind) -> Rule:
        """Return the rule for *kind*, one that says nothing where there is none."""
        return self.rules.get(kind, _NO_RULE)


_NO_RULE = Rule()
UNKNOWN_TERMS = Terms()
