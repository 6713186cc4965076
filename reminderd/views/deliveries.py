"""What became of each delivery, and what its channel has to do with it."""

from dataclasses import dataclass
from datetime import datetime

from reminderd.domain.deliveries import DeliveryState
from reminderd.storage.channels import Health
from reminderd.storage.undelivered import OpenDelivery

_OVER = frozenset({DeliveryState.DEAD, DeliveryState.EXPIRED})


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryStatus:
    """One delivery as it stands, with the reason and the next try that people see.

    ``is_held`` tells that it waits for its channel to be mended, ``is_braked`` that
    it waits to be released, ``has_failed`` that it waits because a try failed;
    ``quiet_until`` is when the quiet hours end that it waits for.
    """

    known: OpenDelivery
    reason: str | None
    again_at: datetime | None
    quiet_until: datetime | None
    is_held: bool
    is_braked: bool
    has_failed: bool

    @property
    def is_undelivered(self) -> bool:
        """Whether it has failed, and nothing else has reached anybody either.

        What merely waits for its first try has not failed.
        """
        is_stuck = self.is_held or self.is_braked
        is_lost = is_stuck or self.has_failed or self.known.state in _OVER
        return is_lost and not self.known.arrived


def delivery_status(
    known: OpenDelivery, health: Health, quiet_until: datetime | None, now: datetime
) -> DeliveryStatus:
    """Return how *known* stands on a channel of that *health*.

    *quiet_until* is when the quiet hours end that hold it at *now*, None for none.
    """
    is_pending = known.state is DeliveryState.PENDING
    is_broken = health.broken is not None
    is_waiting = known.state is DeliveryState.HELD
    is_braked = is_waiting and known.next_attempt_at is not None
    is_held = (is_waiting and not is_braked) or (is_pending and is_broken)
    is_resting = (is_pending or is_held) and not health.may_send(now)
    instants = (
        known.next_attempt_at,
        health.retry_at if is_resting else None,
        quiet_until if is_pending else None,
    )
    return DeliveryStatus(
        known=known,
        reason=_reason(known, health, is_held=is_held),
        again_at=max((at for at in instants if at is not None), default=None),
        quiet_until=quiet_until if is_pending else None,
        is_held=is_held,
        is_braked=is_braked,
        has_failed=_failures(known) > 0 or (is_resting and quiet_until is None),
    )


def _failures(known: OpenDelivery) -> int:
    """Return how many tries are over; what is being sent may still arrive."""
    if known.state is DeliveryState.SENDING:
        return known.attempts - 1
    return known.attempts if known.state is DeliveryState.PENDING else 0


def _reason(known: OpenDelivery, health: Health, *, is_held: bool) -> str | None:
    if is_held and health.broken is not None:
        return health.broken
    if known.reason is None and known.state is DeliveryState.PENDING:
        return health.trouble
    return known.reason
