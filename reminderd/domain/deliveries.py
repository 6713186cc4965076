"""What becomes of a delivery after an attempt: sent, retried, handed on, given up."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from reminderd.domain.calendar import QuietHours
from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import Reminder

FIRST_GAP = timedelta(seconds=30)
LONGEST_GAP = timedelta(minutes=30)
# After this long a fallback takes over what a troubled channel has not delivered.
PATIENCE = timedelta(minutes=15)
# A message whose outcome stayed unknown this often may have arrived each time.
MOST_UNKNOWNS = 3


class DeliveryState(StrEnum):
    """Where a delivery is on its way."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    HELD = "held"
    DEAD = "dead"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A channel that reminders may take, and how bad they must be for it."""

    channel: str
    min_severity: Severity = Severity.INFO


class Outcome(StrEnum):
    """The verdict on one attempt."""

    SENT = "sent"
    TRANSIENT = "transient"
    UNKNOWN = "unknown"
    CHANNEL_PERMANENT = "channel-permanent"
    MESSAGE_PERMANENT = "message-permanent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one attempt, and why in words without any secret."""

    outcome: Outcome
    reason: str
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempted:
    """A delivery after an attempt whose outcome is known.

    ``attempts`` and ``unknowns`` count this attempt too; ``created_at`` is when the
    delivery was put into the outbox; ``retry_after`` is what the service asked for.
    """

    outcome: Outcome
    attempts: int
    unknowns: int
    created_at: datetime
    useful_until: datetime | None = None
    is_short: bool = False
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The next state of a delivery, when to try it again, and whether to hand it on.

    ``short`` asks for the message once more as short plain text.
    """

    state: DeliveryState
    next_attempt_at: datetime | None = None
    use_fallback: bool = False
    short: bool = False


def decide(attempted: Attempted, now: datetime, chance: float) -> Decision:
    """Return what becomes of a delivery after an attempt.

    Args:
        attempted: The delivery and the verdict on its last attempt.
        now: Instant of the decision, in UTC.
        chance: A random number from 0 to 1 that spreads the retries.
    """
    match attempted.outcome:
        case Outcome.SENT:
            return Decision(state=DeliveryState.SENT)
        case Outcome.CHANNEL_PERMANENT:
            return Decision(state=DeliveryState.HELD, use_fallback=True)
        case Outcome.MESSAGE_PERMANENT if attempted.is_short:
            return Decision(state=DeliveryState.DEAD, use_fallback=True)
        case Outcome.MESSAGE_PERMANENT:
            return Decision(
                state=DeliveryState.PENDING, next_attempt_at=now, short=True
            )
        case Outcome.UNKNOWN if attempted.unknowns >= MOST_UNKNOWNS:
            return Decision(state=DeliveryState.DEAD, use_fallback=True)
    next_at = now + gap_before(attempted.attempts + 1, attempted.retry_after, chance)
    return Decision(
        state=DeliveryState.PENDING,
        next_attempt_at=next_at,
        use_fallback=_needs_fallback(attempted, next_at),
        short=attempted.is_short,
    )


def gap_before(attempt: int, retry_after: timedelta | None, chance: float) -> timedelta:
    """Return how long to wait before try number *attempt* (2 or more).

    The gap doubles up to half an hour. *chance* places it anywhere between the
    longest gap of the try before and its own, so that gaps always grow and many
    deliveries do not come back at once. What the service asked for (Retry-After)
    is obeyed up to the same half hour.
    """
    longest = min(FIRST_GAP * (1 << min(attempt - 2, 16)), LONGEST_GAP)
    gap = longest * (1 + chance) / 2
    if retry_after is not None:
        gap = max(gap, retry_after)
    return min(gap, LONGEST_GAP)


def _needs_fallback(attempted: Attempted, next_at: datetime) -> bool:
    """Tell whether the next try would come too late to rely on this channel alone."""
    if next_at >= attempted.created_at + PATIENCE:
        return True
    return attempted.useful_until is not None and next_at >= attempted.useful_until


def routes_for(
    routes: Iterable[Route], route: Collection[str] | None
) -> tuple[Route, ...]:
    """Return those of *routes* that a line may take; None stands for all of them.

    A line whose channels have all been removed takes every other one: nobody meant
    it to fall silent.
    """
    every = tuple(routes)
    if not route:
        return every if route is None else ()
    return tuple(known for known in every if known.channel in route) or every


def channels_for(
    reminder: Reminder,
    routes: Iterable[Route],
    undelivered: Mapping[str, Severity],
) -> tuple[str, ...]:
    """Return the channels that get *reminder*.

    A channel gets what is new and severe enough for it. A channel that still has an
    older reminder of the line *undelivered*, of the severity given there, gets this
    one in its place, unless nothing is left that is as bad or concerns the channel.
    """
    return tuple(
        route.channel
        for route in routes
        if reminder.severity >= route.min_severity
        or (
            route.channel in undelivered
            and reminder.worst >= min(route.min_severity, undelivered[route.channel])
        )
    )


def waits_until(
    quiet: QuietHours | None,
    zone: ZoneInfo,
    useful_until: datetime | None,
    now: datetime,
) -> datetime | None:
    """Return until when quiet hours hold a delivery, or None to send it now.

    A deadline that falls into the quiet hours is worth a disturbance.
    """
    ends_at = None if quiet is None else quiet.ends_at(now, zone)
    if ends_at is None or (useful_until is not None and useful_until <= ends_at):
        return None
    return ends_at
