"""What a pass finds when it begins, and what it does before any line is reviewed."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from reminderd.scheduling.braking import Brake
from reminderd.scheduling.rerouting import reroute_all
from reminderd.scheduling.setup import Setup
from reminderd.storage import brakes, meta, pulses, strays
from reminderd.storage.brakes import Held
from reminderd.storage.channels import Health, all_health, none_living
from reminderd.storage.database import Database
from reminderd.storage.pulses import Pulses

LAST_PASS = "last_pass"  # noqa: S105 - a pass over the lines, not a password
# Passes begin at instants that they were given: a slow one may lie behind.
_CLOCK_WAS_AHEAD = timedelta(hours=1)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """What a pass finds: mostly nothing to do, so that one look has to be all.

    ``silent`` holds all channels if none of them lives.
    """

    last_pass: str | None
    pulses: Pulses
    has_strays: bool
    held: Held | None
    brake: Brake
    silent: Sequence[Health]

    def was_ahead(self, now: datetime) -> bool:
        """Whether passes were made, or something held, by a clock that ran ahead."""
        if self.held is not None and self.held.is_too_long(now):
            return True
        limit = now + _CLOCK_WAS_AHEAD
        return self.last_pass is not None and not is_before(self.last_pass, limit)


def look(tx: Connection, setup: Setup, now: datetime) -> Found:
    """Return what there is to do at *now*, in few questions that change nothing."""
    return Found(
        last_pass=meta.get(tx, LAST_PASS),
        pulses=pulses.read(tx),
        has_strays=setup.has_channels and strays.has_strays(tx, setup.channels),
        held=brakes.held(tx),
        brake=Brake.before(tx, now),
        silent=none_living(all_health(tx), setup.channels),
    )


def tend_outbox(database: Database, setup: Setup, found: Found, now: datetime) -> None:
    """Let go what was held long enough, and move what waits for a channel that left."""
    if found.held is not None and found.held.is_over(now):
        with database.write() as tx:
            released = brakes.release_over(tx, now)
        log.warning("released by itself deliveries=%d", released)
    if found.has_strays:
        with database.write() as tx:
            reroute_all(tx, setup, now)


def is_before(instant: str | None, limit: datetime) -> bool:
    """Tell whether *instant* lies before *limit*, as none at all does."""
    return instant is None or datetime.fromisoformat(instant) < limit
