"""How deliveries stand: why they have not gone out, and when they are tried again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from reminderd.domain.deliveries import LONGEST_GAP, DeliveryState
from reminderd.storage.channels import Health
from reminderd.storage.undelivered import OpenDelivery
from reminderd.views.deliveries import delivery_status
from tests.builders import NOW

MINUTE = timedelta(minutes=1)
WELL = Health(name="phone")
BROKEN = replace(WELL, broken="gone", last_error="gone")
AT_REST = replace(
    WELL, consecutive_failures=5, last_error="refused", retry_at=NOW + 9 * MINUTE
)


def a_delivery(
    state: DeliveryState = DeliveryState.PENDING,
    *,
    attempts: int = 0,
    reason: str | None = None,
    arrived: bool = False,
) -> OpenDelivery:
    """Return a delivery, by default one that is tried first in a minute."""
    return OpenDelivery(
        line="uk-travel",
        channel="phone",
        state=state,
        reason=reason,
        attempts=attempts,
        next_attempt_at=NOW + MINUTE if state is DeliveryState.PENDING else None,
        useful_until=None,
        arrived=arrived,
        since=NOW,
    )


@pytest.mark.parametrize(
    ("known", "health", "is_undelivered"),
    [
        pytest.param(a_delivery(), WELL, False, id="first try"),
        pytest.param(a_delivery(attempts=1), WELL, True, id="failed"),
        pytest.param(a_delivery(), BROKEN, True, id="channel is broken"),
        pytest.param(a_delivery(), AT_REST, True, id="channel is at rest"),
        pytest.param(a_delivery(DeliveryState.HELD), BROKEN, True, id="held"),
        pytest.param(a_delivery(DeliveryState.DEAD), WELL, True, id="given up"),
        pytest.param(a_delivery(DeliveryState.EXPIRED), WELL, True, id="too late"),
        pytest.param(
            a_delivery(DeliveryState.SENT, attempts=1), WELL, False, id="sent"
        ),
        pytest.param(
            a_delivery(DeliveryState.SENDING, attempts=1), WELL, False, id="on its way"
        ),
        pytest.param(
            a_delivery(DeliveryState.SENDING, attempts=2),
            WELL,
            True,
            id="on its way again",
        ),
        pytest.param(
            a_delivery(DeliveryState.SENT, attempts=1), AT_REST, False, id="sent before"
        ),
    ],
)
def test_undelivered_is_what_failed_unless_it_has_arrived_elsewhere(
    known: OpenDelivery, health: Health, is_undelivered: bool
) -> None:
    status = delivery_status(known, health, None, NOW)
    arrived = delivery_status(replace(known, arrived=True), health, None, NOW)

    assert status.is_undelivered is is_undelivered
    assert not arrived.is_undelivered


def test_what_only_waits_for_quiet_hours_is_not_undelivered() -> None:
    until = NOW + 60 * MINUTE

    status = delivery_status(a_delivery(), WELL, until, NOW)
    at_rest = delivery_status(a_delivery(), AT_REST, until, NOW)
    failed = delivery_status(a_delivery(attempts=1), WELL, until, NOW)

    assert (status.quiet_until, status.again_at) == (until, until)
    assert not status.is_undelivered
    assert not at_rest.is_undelivered
    assert failed.is_undelivered


def test_what_is_over_does_not_wait_for_quiet_hours() -> None:
    sent = a_delivery(DeliveryState.SENT, attempts=1)

    status = delivery_status(sent, WELL, NOW + MINUTE, NOW)

    assert (status.quiet_until, status.again_at) == (None, None)


@pytest.mark.parametrize(
    ("health", "minutes"),
    [
        pytest.param(WELL, 1, id="well"),
        pytest.param(AT_REST, 9, id="at rest"),
        pytest.param(replace(AT_REST, retry_at=NOW), 1, id="rested"),
        pytest.param(
            replace(AT_REST, retry_at=NOW + 2 * LONGEST_GAP), 1, id="by a wrong clock"
        ),
    ],
)
def test_the_next_try_is_the_delivery_s_or_the_channel_s_whichever_is_later(
    health: Health, minutes: int
) -> None:
    status = delivery_status(a_delivery(attempts=1), health, None, NOW)

    assert status.again_at == NOW + minutes * MINUTE


@pytest.mark.parametrize(
    ("known", "health", "reason"),
    [
        pytest.param(a_delivery(), WELL, None, id="none"),
        pytest.param(
            a_delivery(attempts=1, reason="own"), AT_REST, "own", id="its own"
        ),
        pytest.param(a_delivery(), AT_REST, "refused", id="of the channel at rest"),
        pytest.param(
            a_delivery(DeliveryState.HELD), BROKEN, "gone", id="of the broken channel"
        ),
        pytest.param(
            a_delivery(reason="old"), BROKEN, "gone", id="of what broke since then"
        ),
        pytest.param(
            a_delivery(), replace(WELL, last_error="old"), None, id="of a mended one"
        ),
    ],
)
def test_the_reason_is_the_channel_s_where_the_delivery_has_none(
    known: OpenDelivery, health: Health, reason: str | None
) -> None:
    assert delivery_status(known, health, None, NOW).reason == reason
