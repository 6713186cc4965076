"""What there is to do in the outbox, found in one look that changes nothing."""

from collections.abc import Container
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from reminderd.delivery import reporting
from reminderd.delivery.channel import Outlet
from reminderd.delivery.occasions import Occasion
from reminderd.delivery.settling import needs_relief
from reminderd.domain.deliveries import waits_until
from reminderd.storage import channels, claims
from reminderd.storage.channels import Health
from reminderd.storage.claims import Claimed, Wanted

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
    """Claims that have lapsed, outlets that need relief, and what may be claimed.

    ``unreported`` names the channels whose trouble has to be told.
    """

    has_lapsed: bool
    troubled: list[Outlet] = field(default_factory=list)
    unreported: list[str] = field(default_factory=list)
    due: list[Outlet] = field(default_factory=list)

    @property
    def changes_something(self) -> bool:
        """Whether there is something to do besides sending."""
        return self.has_lapsed or bool(self.troubled) or bool(self.unreported)


def look(tx: Connection, worker: Worker, occasion: Occasion) -> Agenda:
    """Return what *worker* has to do at this *occasion*."""
    now = occasion.now
    known = channels.all_health(tx)
    agenda = Agenda(has_lapsed=claims.has_lapsed(tx, worker.spared, now))
    for name, outlet in occasion.outlets.items():
        health = known.get(name, Health(name=name))
        wanted = _wanted(outlet, health, worker.name, now)
        # What waits for the morning does not need the fallback.
        is_asleep = wanted.quiet_until is not None and health.broken is None
        if not is_asleep and needs_relief(tx, outlet, health, now):
            agenda.troubled.append(outlet)
        if reporting.needs_report(tx, name, known, occasion):
            agenda.unreported.append(name)
        may_send = name not in worker.busy and health.may_send(now)
        if may_send and claims.is_any_due(tx, wanted, now):
            agenda.due.append(outlet)
    return agenda


def take(
    tx: Connection, outlet: Outlet, worker: Worker, now: datetime
) -> list[Claimed]:
    """Claim what may be sent through *outlet* now: all, or one if it is in trouble.

    Another process may have found that out, or begun to try it, a moment ago.
    """
    health = channels.health_of(tx, outlet.channel.name)
    if not health.may_send(now):
        return []
    wanted = _wanted(outlet, health, worker.name, now)
    if not health.is_troubled:
        return claims.claim(tx, wanted, now)
    if not channels.begin_probe(tx, health, now + LEASE):
        return []
    claimed = claims.claim(tx, wanted, now)
    if not claimed:
        channels.forgo_probe(tx, health)
    return claimed


def _wanted(outlet: Outlet, health: Health, worker: str, now: datetime) -> Wanted:
    is_whole = outlet.group and not health.is_troubled
    return Wanted(
        channel=outlet.channel.name,
        worker=worker,
        lease=LEASE,
        limit=MOST_IN_ONE_MESSAGE if is_whole else 1,
        quiet_until=waits_until(outlet.quiet, outlet.zone, None, now),
        is_probe=health.is_troubled,
        is_held=health.broken is not None,
    )
