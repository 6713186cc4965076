"""How deliveries stand, and whether reminderd as a whole does what it is for."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection

from reminderd.domain.deliveries import waits_until
from reminderd.scheduling.setup import Setup
from reminderd.storage.channels import Health, all_health
from reminderd.storage.undelivered import OpenDelivery, open_deliveries
from reminderd.views.deliveries import DeliveryStatus, delivery_status


def delivery_statuses(
    deliveries: Iterable[OpenDelivery],
    health: Mapping[str, Health],
    setup: Setup,
    now: datetime,
) -> list[DeliveryStatus]:
    """Return how each of *deliveries* stands at *now*."""
    return [
        delivery_status(
            known,
            health.get(known.channel, Health(name=known.channel)),
            _quiet_until(known, setup, now),
            now,
        )
        for known in deliveries
    ]


def trouble_of(tx: Connection, setup: Setup, now: datetime) -> str | None:
    """Return what keeps reminders from arriving, None if nothing does.

    It names no line and no channel: it is for a monitor, which may be a stranger's.
    """
    health = all_health(tx)
    if all(name in health and health[name].is_troubled for name in setup.channels):
        return "no channel works"
    deliveries = delivery_statuses(open_deliveries(tx, now), health, setup, now)
    count = sum(known.is_undelivered for known in deliveries)
    return f"messages that are not delivered: {count}" if count else None


def _quiet_until(known: OpenDelivery, setup: Setup, now: datetime) -> datetime | None:
    outlet = setup.outlets.get(known.channel)
    if outlet is None:
        return None
    return waits_until(outlet.quiet, outlet.zone, known.useful_until, now)
