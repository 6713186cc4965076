"""What a store says of how things are going: deliveries, channels, lines left aside."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from reminderd.domain.deliveries import DeliveryState
from reminderd.domain.ladders import STALE
from reminderd.storage.channels import Health, all_health
from reminderd.storage.tables import metadata
from reminderd.storage.undelivered import OpenDelivery, open_deliveries
from reminderd.views.deliveries import delivery_status

_LINE = metadata.tables["line"]
_TOLD = metadata.tables["told"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """What is waiting, failing or left aside.

    ``undelivered`` counts the messages that have reached nobody. ``held`` counts, for
    each broken channel, what waits for it to be mended; ``braked`` counts what waits
    to be released, at ``release_at`` by itself. ``faults`` are the lines left aside,
    with the reason; ``stale`` counts those without news for too long.
    """

    health: Mapping[str, Health]
    undelivered: int
    held: Mapping[str, int]
    braked: int
    release_at: datetime | None
    lines: int
    faults: tuple[tuple[str, str], ...]
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
    known = list(open_deliveries(tx, now))
    braked = [each for each in known if _is_braked(each)]
    return Checkup(
        health=health,
        undelivered=len(
            {
                _message(each)
                for each in known
                if not _is_braked(each)
                and delivery_status(
                    each,
                    health.get(each.channel, Health(name=each.channel)),
                    quiet_until(each),
                    now,
                ).is_undelivered
            }
        ),
        held=Counter(
            each.channel
            for each in known
            if each.state is DeliveryState.HELD and not _is_braked(each)
        ),
        braked=len(braked),
        release_at=min(
            (each.next_attempt_at for each in braked if each.next_attempt_at),
            default=None,
        ),
        lines=_count_lines(tx),
        faults=_faults(tx),
        stale=_count_stale(tx),
    )


def _message(delivery: OpenDelivery) -> object:
    """Return what tells one message from another, whatever channels it goes to."""
    return delivery.notice.created_at if delivery.notice else delivery.line


def _is_braked(delivery: OpenDelivery) -> bool:
    """Tell whether a brake holds it: only that lets go at a time."""
    return delivery.state is DeliveryState.HELD and delivery.next_attempt_at is not None


def _count_lines(tx: Connection) -> int:
    lines = select(func.count()).select_from(_LINE).where(_LINE.c.archived_at.is_(None))
    return tx.execute(lines).scalar_one()


def _count_stale(tx: Connection) -> int:
    """Return how many lines have been called stale; the others need no review."""
    stale = (
        select(func.count())
        .select_from(_TOLD.join(_LINE))
        .where(_TOLD.c.item == STALE, _LINE.c.archived_at.is_(None))
    )
    return tx.execute(stale).scalar_one()


def _faults(tx: Connection) -> tuple[tuple[str, str], ...]:
    wanted = (
        select(_LINE.c.name, _LINE.c.fault)
        .where(_LINE.c.fault.is_not(None), _LINE.c.archived_at.is_(None))
        .order_by(_LINE.c.name)
    )
    return tuple((row.name, row.fault) for row in tx.execute(wanted))
