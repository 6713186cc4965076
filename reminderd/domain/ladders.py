"""Limits and their order: which step of a ladder is reached, and when the next is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from reminderd.domain.calendar import local_instant, shift
from reminderd.domain.lines import Allowance, Deadline, DeadlineKind
from reminderd.domain.periods import Period, parse_period
from reminderd.domain.quantities import Money, Share, parse_share
from reminderd.domain.terms import UNKNOWN_TERMS, Terms

EXHAUSTED = "exhausted"
EXPIRED = "expired"
STALE = "stale"
OFFER = "offer"

# Worth a word, but nothing is lost for good when they pass.
_MILD = frozenset({DeadlineKind.EXPIRY, DeadlineKind.RUNS_OUT})
NEVER_EXPIRES = _MILD | {DeadlineKind.PROMOTION}


class Severity(IntEnum):
    """How bad a finding is; a greater value is worse."""

    INFO = 1
    WARNING = 2
    CRITICAL = 3

    @property
    def word(self) -> str:
        """The word used in the configuration and in output."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Limit:
    """One threshold: a share of the total, a number of base units, money, a period.

    A word stands for what has no figure: an offer that begins.
    """

    at: Share | int | Money | Period | str
    severity: Severity | None = None

    @property
    def text(self) -> str:
        """The canonical text under which a reached limit is remembered."""
        if isinstance(self.at, Money):
            return f"{self.at.minor} {self.at.currency}"
        return str(self.at)


_OFFERED = (Limit(OFFER, Severity.INFO),)


@dataclass(frozen=True, slots=True)
class Step:
    """The limit of a ladder that has been reached, and since when if that is known."""

    text: str
    severity: Severity
    reached_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a line's owner wants to be told, and at which hour of the reader's day.

    ``ladders`` maps an item (an allowance or deadline) to its limits; ``repeat``
    holds the gaps after which an unanswered reminder is said again, the last of
    which goes on; empty means never.
    """

    zone: ZoneInfo
    ladders: Mapping[str, tuple[Limit, ...]] = field(default_factory=dict)
    stale: Period | None = None
    at: time = time(9)
    repeat: tuple[Period, ...] = ()
    terms: Terms = UNKNOWN_TERMS
    within: Period | None = None

    def __post_init__(self) -> None:
        if Period() in self.repeat:
            raise ValueError("a reminder cannot be repeated at once")

    def limits(self, item: str) -> tuple[Limit, ...]:
        """Return the ladder of *item*; buckets share the ladder of their kind."""
        return self.ladders.get(item.partition("/")[0], ())


def amount_of(limit: str, allowance: Allowance) -> int | None:
    """Return the amount that the canonical text of a *limit* means for *allowance*.

    None where it cannot be told: a share of an unknown total, money of another
    currency, or text that is no limit of an allowance.
    """
    if limit == EXHAUSTED:
        return 0
    if limit.endswith("%"):
        share = parse_share(limit)
        return None if allowance.total is None else share.of(allowance.total)
    number, _, currency = limit.partition(" ")
    if currency and currency != allowance.currency:
        return None
    return int(number) if number.isdecimal() else None


def instant_of(
    limit: str, deadline: Deadline, zone: ZoneInfo, policy: Policy
) -> datetime:
    """Return when the *limit* of a *deadline* on a line in *zone* is reached.

    Days, weeks and months are reached at the reader's hour on that date, hours
    exactly, and none later than the due instant itself, or before the deadline counts.
    """
    instant = _limit_at(limit, deadline, zone, policy)
    return max(instant, deadline.counts_from or instant)


def _limit_at(
    limit: str, deadline: Deadline, zone: ZoneInfo, policy: Policy
) -> datetime:
    """Return when the *limit* is reached, even if the deadline does not count yet."""
    due_at = deadline.due_at(zone)
    if limit in (EXPIRED, OFFER):
        return due_at if limit == EXPIRED else deadline.counts_from or due_at
    period = parse_period(limit)
    if not period.is_calendar:
        return due_at - timedelta(seconds=period.seconds)
    day = shift(deadline.due_on(zone), period, back=True)
    return min(local_instant(day, policy.at, policy.zone), due_at)


def allowance_step(allowance: Allowance, policy: Policy) -> Step | None:
    """Return the lowest limit that *allowance* is below, or None.

    Nothing left is always reached, as ``exhausted``; unlimited, unknown and what is
    only assumed never are.
    What is full again tomorrow is worth a word only where there are limits for it.
    """
    if allowance.unlimited or allowance.remaining is None or allowance.is_assumed:
        return None
    limits = policy.limits(ladder_key(allowance))
    if allowance.daily and not limits:
        return None
    if allowance.remaining <= 0:
        is_mild = allowance.throttled or allowance.daily
        return Step(EXHAUSTED, Severity.WARNING if is_mild else Severity.CRITICAL)
    amounts = [
        (amount, limit)
        for limit in limits
        if (amount := amount_of(limit.text, allowance)) is not None
    ]
    reached = [pair for pair in amounts if allowance.remaining < pair[0]]
    if not reached:
        return None
    lowest = min(amount for amount, _ in amounts)
    amount, limit = min(reached, key=lambda pair: pair[0])
    return Step(limit.text, _severity(limit, is_last=amount == lowest))


def deadline_step(
    deadline: Deadline, zone: ZoneInfo, policy: Policy, now: datetime
) -> Step | None:
    """Return the latest limit of *deadline* reached at *now*, or None.

    Past its due instant a deadline is ``expired``, unless that is nothing to act on.
    """
    due_at = deadline.due_at(zone)
    if now >= due_at:
        return _expired(deadline, due_at)
    reached = [
        (_limit_at(limit.text, deadline, zone, policy), limit)
        for limit in limits_of(deadline, policy)
        if instant_of(limit.text, deadline, zone, policy) <= now
    ]
    if not reached:
        return None
    instant, limit = max(reached, key=lambda pair: pair[0])
    severity = _date_severity(deadline, limit, zone, policy)
    return Step(limit.text, severity, max(instant, deadline.counts_from or instant))


def next_limit_at(
    deadline: Deadline, zone: ZoneInfo, policy: Policy, beyond: datetime
) -> datetime | None:
    """Return when the first limit of *deadline* after *beyond* is reached."""
    texts = [limit.text for limit in limits_of(deadline, policy)]
    instants = [instant_of(text, deadline, zone, policy) for text in texts]
    due_at = deadline.due_at(zone)
    if deadline.kind in NEVER_EXPIRES:
        instants = [instant for instant in instants if instant < due_at]
    else:
        instants.append(due_at)
    return min((instant for instant in instants if instant > beyond), default=None)


def ladder_key(known: Allowance | Deadline) -> str:
    """Return under which key the limits of *known* are set."""
    if isinstance(known, Allowance) and known.daily:
        return f"daily_{known.kind}"
    return known.item.partition("/")[0]


def limits_of(deadline: Deadline, policy: Policy) -> tuple[Limit, ...]:
    """Return the ladder of *deadline*; a promotion is worth one word."""
    if deadline.kind is DeadlineKind.PROMOTION:
        return _OFFERED
    return policy.limits(deadline.item)


def _expired(deadline: Deadline, due_at: datetime) -> Step | None:
    if deadline.kind in NEVER_EXPIRES:
        return None
    is_asked = deadline.renews_itself
    return Step(EXPIRED, Severity.WARNING if is_asked else Severity.CRITICAL, due_at)


def _date_severity(
    deadline: Deadline, limit: Limit, zone: ZoneInfo, policy: Policy
) -> Severity:
    instants = [
        _limit_at(each.text, deadline, zone, policy)
        for each in limits_of(deadline, policy)
    ]
    is_last = _limit_at(limit.text, deadline, zone, policy) == max(instants)
    worst = Severity.CRITICAL
    if deadline.renews_itself:
        worst = Severity.INFO
    elif deadline.kind in _MILD and limit.severity is None:
        worst = Severity.WARNING
    return min(_severity(limit, is_last=is_last), worst)


def _severity(limit: Limit, *, is_last: bool) -> Severity:
    if limit.severity is not None:
        return limit.severity
    return Severity.CRITICAL if is_last else Severity.WARNING
