"""What a store says of how things are going: deliveries, channels, lines left aside."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from reminderd.domain.deliveries import DeliveryState
from reminderd.domain.ladders import STALE
from reminderd.storage import lines
from reminderd.storage.channels import Health, all_health
from reminderd.storage.quarantine import LeftAside, left_aside
from reminderd.storage.undelivered import OpenDelivery, open_deliveries
from reminderd.views.deliveries import delivery_status


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """What is waiting, failing or left aside.

    ``undelivered`` counts the messages that have reached nobody. ``held`` counts, for
    each broken channel, what waits for it to be mended; ``braked`` counts what waits
    to be released, at ``release_at`` by itself. ``stale`` counts the lines without
    news for too long.
    """

    health: Mapping[str, Health]
    undelivered: int
    held: Mapping[str, int]
    braked: int
    release_at: datetime | None
    lines: int
    asides: Sequence[LeftAside]
    stale: int


def checkup(
    tx: Connection,
    quiet_until: Callable[[OpenDelivery], datetime | None],
    now: datetime,
) -> Checkup:
    """Return how things are going at *now*.

    *quiet_until* returns when the quiet hours end that a delivery waits for.
    """
    health = all_health(tx)
    deliveries = [
        delivery_status(
            each,
            health.get(each.channel, Health(name=each.channel)),
            quiet_until(each),
            now,
        )
        for each in open_deliveries(tx, now)
    ]
    braked = [each.known for each in deliveries if each.is_braked]
    return Checkup(
        health=health,
        undelivered=len(
            {
                _message(each.known)
                for each in deliveries
                if each.is_undelivered and not each.is_braked
            }
        ),
        held=Counter(
            each.known.channel
            for each in deliveries
            if each.known.state is DeliveryState.HELD and not each.is_braked
        ),
        braked=len(braked),
        release_at=min(
            (each.next_attempt_at for each in braked if each.next_attempt_at),
            default=None,
        ),
        lines=lines.count_lines(tx),
        asides=left_aside(tx),
        stale=lines.count_told(tx, STALE),
    )


def _message(delivery: OpenDelivery) -> object:
    """Return what tells one message from another, whatever channels it goes to."""
    return delivery.notice.created_at if delivery.notice else delivery.line
