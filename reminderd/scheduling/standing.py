"""How deliveries stand, and whether reminderd as a whole does what it is for."""

from datetime import datetime

from sqlalchemy import Connection

from reminderd.domain.deliveries import waits_until
from reminderd.scheduling.setup import Setup
from reminderd.scheduling.timekeeping import doubt_now
from reminderd.storage.channels import Health, all_health, none_living
from reminderd.storage.undelivered import OpenDelivery, open_deliveries
from reminderd.views.deliveries import DeliveryStatus, delivery_status


def deliveries_at(
    tx: Connection, setup: Setup, now: datetime, *, since: datetime | None = None
) -> list[DeliveryStatus]:
    """Return what has not been delivered, and what was settled *since* or later.

    Without *since*: at *now* or later.
    """
    health = all_health(tx)
    return [
        delivery_status(
            known,
            health.get(known.channel, Health(name=known.channel)),
            _quiet_until(known, setup, now),
            now,
        )
        for known in open_deliveries(tx, since or now)
    ]


def trouble_of(tx: Connection, setup: Setup, now: datetime) -> str | None:
    """Return what keeps reminders from arriving, None if nothing does.

    It names no line and no channel: it is for a monitor, which may be a stranger's.
    """
    doubt = doubt_now(tx)
    if doubt is not None and doubt.until is None:
        return "the clock is not set"
    if none_living(all_health(tx), setup.channels):
        return "no channel works"
    known = [each for each in deliveries_at(tx, setup, now) if each.is_undelivered]
    count = sum(not each.is_braked for each in known)
    if count:
        return f"messages that are not delivered: {count}"
    return f"messages that are held back: {len(known)}" if known else None


def _quiet_until(known: OpenDelivery, setup: Setup, now: datetime) -> datetime | None:
    outlet = setup.outlets.get(known.channel)
    if outlet is None:
        return None
    return waits_until(outlet.quiet, outlet.zone, known.useful_until, now)
