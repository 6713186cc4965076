"""What there is to do in the outbox, found in one look that changes nothing."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from reminderd.delivery.channel import Outlet
from reminderd.delivery.settling import needs_relief
from reminderd.domain.deliveries import waits_until
from reminderd.storage import channels, claims
from reminderd.storage.claims import Wanted

# Longer than any send may take, so that no second worker takes over a living one's.
LEASE = timedelta(seconds=120)
MOST_IN_ONE_MESSAGE = 10_000


@dataclass(frozen=True, slots=True)
class Worker:
    """Who looks: its name, and the channels on which it is sending."""

    name: str
    busy: Container[str]
    is_idle: bool

    @property
    def spared(self) -> str | None:
        """The worker whose claims are in good hands: this one, while it is sending.

        At other times a claim in its name is one whose commit seemed to fail.
        """
        return None if self.is_idle else self.name


@dataclass(frozen=True, slots=True)
class Agenda:
    """Claims that have lapsed, outlets that need relief, and what may be claimed."""

    has_lapsed: bool
    troubled: list[Outlet] = field(default_factory=list)
    due: list[tuple[Outlet, Wanted]] = field(default_factory=list)


def look(
    tx: Connection, outlets: Iterable[Outlet], worker: Worker, now: datetime
) -> Agenda:
    """Return what *worker* has to do at *now*."""
    known = channels.all_health(tx)
    agenda = Agenda(has_lapsed=claims.has_lapsed(tx, worker.spared, now))
    for outlet in outlets:
        name = outlet.channel.name
        health = known.get(name, channels.Health(name=name))
        wanted = _wanted(outlet, worker.name, now)
        # What waits for the morning does not need the fallback.
        is_asleep = wanted.quiet_until is not None and health.broken is None
        if not is_asleep and needs_relief(tx, outlet, health, now):
            agenda.troubled.append(outlet)
        may_send = name not in worker.busy and health.may_send(now)
        if may_send and claims.is_any_due(tx, wanted, now):
            agenda.due.append((outlet, wanted))
    return agenda


def _wanted(outlet: Outlet, worker: str, now: datetime) -> Wanted:
    return Wanted(
        channel=outlet.channel.name,
        worker=worker,
        lease=LEASE,
        limit=MOST_IN_ONE_MESSAGE if outlet.group else 1,
        quiet_until=waits_until(outlet.quiet, outlet.zone, None, now),
    )
