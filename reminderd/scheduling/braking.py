"""The brake of a pass: what it writes is held until it is known to be no storm."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from reminderd.domain.brakes import enough_lines, is_storm
from reminderd.domain.clocks import ClockReading
from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import Notice
from reminderd.scheduling.setup import Setup
from reminderd.scheduling.timekeeping import Doubt, doubt_now, trust_clock
from reminderd.storage import brakes, lines, outbox
from reminderd.storage.brakes import Held
from reminderd.storage.database import Database

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Brakes:
    """What keeps reminders back at present, None for what does not."""

    held: Held | None
    doubt: Doubt | None

    @property
    def are_on(self) -> bool:
        """Whether any of them is on."""
        return self.held is not None or self.doubt is not None


def brakes_now(tx: Connection) -> Brakes:
    """Return what keeps reminders back, as the last pass has left it."""
    return Brakes(brakes.held(tx), doubt_now(tx))


def release(tx: Connection, reading: ClockReading) -> Brakes:
    """Let everything go and believe the clock; return what had been kept back."""
    before = brakes_now(tx)
    brakes.release(tx, reading.wall)
    trust_clock(tx, reading)
    return before


@dataclass(frozen=True, slots=True)
class Brake:
    """Holds what a pass writes if so many lines are due that all of it may be a storm.

    Batches are committed one by one, and the dispatcher works beside them: what is
    only held afterwards has been sent. A pass that dies leaves it held for an hour.
    """

    due: int
    total: int

    @property
    def is_on(self) -> bool:
        """Whether what is due would be a storm if all of it spoke."""
        return is_storm(self.due, self.total)

    @classmethod
    def before(cls, tx: Connection, now: datetime) -> "Brake":
        """Return the brake for a pass at *now*."""
        due = lines.count_due(tx, now)
        if not is_storm(due, 0):
            return cls(due, due)
        return cls(due, lines.count_lines(tx, enough_lines(due)))

    def hold(self, tx: Connection, reminder_ids: Sequence[int], now: datetime) -> None:
        """Hold what has just been written, in the transaction that writes it."""
        if self.is_on:
            brakes.hold(tx, reminder_ids, now)

    def end(
        self,
        database: Database,
        setup: Setup,
        reminder_ids: Sequence[int],
        news: int,
        now: datetime,
    ) -> None:
        """Let the reminders go unless they, with *news* in so many, are a storm.

        What other passes hold at the same time counts too: two of them may share
        one storm.
        """
        if not self.is_on or not reminder_ids:
            return
        with database.write() as tx:
            held = brakes.held(tx)
            others = 0 if held is None else held.reminders - len(reminder_ids)
            if held is None or not is_storm(news + max(others, 0), self.total):
                brakes.let_go(tx, reminder_ids, now)
                return
            self._tell_owner(tx, setup, held, now)
        log.warning(
            "held reminders=%d lines=%d until=%s; send them: reminderd release",
            held.reminders,
            self.total,
            f"{held.until:%Y-%m-%dT%H:%MZ}",
        )

    def _tell_owner(
        self, tx: Connection, setup: Setup, held: Held, now: datetime
    ) -> None:
        notice = Notice(
            code="held",
            severity=Severity.WARNING,
            details={
                "reminders": str(held.reminders),
                "lines": str(self.total),
                "until": held.until.isoformat(),
            },
            created_at=now,
        )
        outbox.enqueue_notice(
            tx, notice, f"held|{now.isoformat()}", setup.channels, now
        )
