"""One pass: claim the due lines, review each, and write what was decided.

The decision and the outbox row are one transaction. Sending and recording verdicts
is the dispatcher's, which reads the same outbox.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from reminderd.clock import Uptime
from reminderd.domain.brakes import is_news
from reminderd.domain.clocks import ClockReading
from reminderd.domain.deliveries import channels_for
from reminderd.domain.reminders import Gap, Reminder
from reminderd.domain.review import Review, review, still_to_say, told_without
from reminderd.domain.told import Told
from reminderd.scheduling.braking import Brake
from reminderd.scheduling.setup import Setup
from reminderd.scheduling.timekeeping import (
    Doubt,
    doubt_about,
    gap_before,
    reading_at,
)
from reminderd.storage import (
    brakes,
    housekeeping,
    lines,
    meta,
    outbox,
    pulses,
    strays,
    waiting,
)
from reminderd.storage.brakes import Held
from reminderd.storage.database import Database
from reminderd.storage.lines import StoredLine, UnreadableLine
from reminderd.storage.pulses import Pulses
from reminderd.storage.waiting import Written

# One batch holds SQLite's only write lock: half a second on a small machine.
BATCH = 200
LAST_PASS = "last_pass"  # noqa: S105 - a pass over the lines, not a password
_LAST_THINNING = "last_thinning"
# An idle pass writes nothing, but for a sign of life once a minute.
_SIGN_OF_LIFE = timedelta(minutes=1)
_QUARANTINE = timedelta(hours=1)
# A process that waits for SQLite's lock looks for it ten times a second.
_PAUSE_SECONDS = 0.12
# Passes begin at instants that they were given: a slow one may lie behind.
_CLOCK_WAS_AHEAD = timedelta(hours=1)

log = logging.getLogger(__name__)


@dataclass(slots=True)
class PassReport:
    """What a pass did: lines reviewed, reminders written, lines it could not review.

    ``written`` are the ids of the reminders, of which so many are ``news`` and not
    only said again. With a ``doubt`` about the clock nothing was reviewed.
    """

    reviewed: int = 0
    reminded: int = 0
    quarantined: list[str] = field(default_factory=list)
    news: int = 0
    written: list[int] = field(default_factory=list)
    gap: Gap | None = None
    doubt: Doubt | None = None
    held: Held | None = None


def run_pass(
    database: Database,
    setup: Setup,
    now: datetime,
    *,
    go_on: Callable[[], bool] = lambda: True,
    uptime: Uptime | None = None,
) -> PassReport:
    """Review every line that is due at *now* and put its reminders into the outbox.

    ``go_on`` is asked between batches; when it says no, the rest stays due. With the
    ``uptime`` at *now* it is noticed if the clock is moved.

    Raises:
        StoreError: The store cannot be read or written; what was decided before
            is safe in it, and the rest stays due.
    """
    reading = reading_at(now, uptime)
    with database.read() as tx:
        found = _look(tx, setup, now)
    report = PassReport()
    _tend_outbox(database, setup, found, now)
    report.doubt = doubt_about(database, setup, found.pulses, reading)
    if report.doubt is None:
        brake = _prepare(database, setup, found, reading, report)
        is_due = brake.due > 0
        while is_due and go_on():
            is_due = _review_batch(database, setup, brake, now, report)
        brake.end(database, setup, report.written, report.news, now)
        _finish(database, found, reading, report)
    if found.held is not None or found.brake.is_on:
        with database.read() as tx:
            report.held = brakes.held(tx)
    return report


@dataclass(frozen=True, slots=True)
class _Found:
    """What a pass finds: mostly nothing to do, so that one look has to be all."""

    last_pass: str | None
    pulses: Pulses
    has_strays: bool
    held: Held | None
    brake: Brake

    def was_ahead(self, now: datetime) -> bool:
        """Whether passes were made, or something held, by a clock that ran ahead."""
        if self.held is not None and self.held.is_too_long(now):
            return True
        limit = now + _CLOCK_WAS_AHEAD
        return self.last_pass is not None and not _is_before(self.last_pass, limit)


def _look(tx: Connection, setup: Setup, now: datetime) -> _Found:
    return _Found(
        last_pass=meta.get(tx, LAST_PASS),
        pulses=pulses.read(tx),
        has_strays=setup.has_channels and strays.has_strays(tx, setup.channels),
        held=brakes.held(tx),
        brake=Brake.before(tx, now),
    )


def _tend_outbox(
    database: Database, setup: Setup, found: _Found, now: datetime
) -> None:
    """Let go what was held long enough, and move what waits for a channel that left."""
    if found.held is not None and found.held.is_over(now):
        with database.write() as tx:
            released = brakes.release_over(tx, now)
        log.warning("released by itself deliveries=%d", released)
    if found.has_strays:
        with database.write() as tx:
            _reroute(tx, setup, now)


def _prepare(
    database: Database,
    setup: Setup,
    found: _Found,
    reading: ClockReading,
    report: PassReport,
) -> Brake:
    """Find out how long nobody looked, and return the brake for this pass."""
    report.gap = gap_before(database, setup, found.pulses.last, reading)
    if not found.was_ahead(reading.wall):
        return found.brake
    _forget_the_future(database, reading)
    with database.read() as tx:
        return Brake.before(tx, reading.wall)


def _review_batch(
    database: Database, setup: Setup, brake: Brake, now: datetime, report: PassReport
) -> bool:
    """Review the lines that are longest due; tell whether there were any."""
    with database.write() as tx:
        due = lines.due_lines(tx, now, BATCH)
        before = len(report.written)
        for line in due:
            _review_line(tx, line, setup, now, report)
        brake.hold(tx, report.written[before:], now)
    if len(due) == BATCH:
        time.sleep(_PAUSE_SECONDS)
    # Until nothing is left: taking back what was told calls for another review.
    return bool(due)


def _finish(
    database: Database, found: _Found, reading: ClockReading, report: PassReport
) -> None:
    if report.reviewed or _is_before(found.last_pass, reading.wall - _SIGN_OF_LIFE):
        with database.write() as tx:
            _keep_house(tx, reading)
        database.refill_ballast()


def _forget_the_future(database: Database, reading: ClockReading) -> None:
    """Review every line: the clock was wrong, and so may be when they are due."""
    log.warning("the clock was ahead before; looking at all lines")
    now = reading.wall
    with database.write() as tx:
        lines.review_all_now(tx)
        brakes.shorten(tx, now)
        pulses.beat(tx, reading)
        meta.put(tx, LAST_PASS, now.isoformat())
        meta.put(tx, _LAST_THINNING, now.isoformat())


def _review_line(
    tx: Connection,
    stored: StoredLine | UnreadableLine,
    setup: Setup,
    now: datetime,
    report: PassReport,
) -> None:
    """Review one line; one that cannot be reviewed is left aside for an hour."""
    report.reviewed += 1
    if isinstance(stored, UnreadableLine):
        report.quarantined.append(stored.name)
        return
    try:
        with tx.begin_nested():
            policy = setup.policy_for(stored)
            outcome = review(stored.line, policy, stored.told, now)
            if outcome.reminder is not None:
                told = replace(outcome.reminder, gap=report.gap)
                outcome = replace(outcome, reminder=told)
            written = _write(tx, stored, outcome, setup, now)
    except OperationalError:
        # The store is full, locked or gone: not the fault of this line.
        raise
    except Exception:
        # One bad row must not silence the others.
        log.exception("review failed line_id=%d", stored.id)
        lines.postpone(tx, stored.id, now + _QUARANTINE)
        report.quarantined.append(stored.card.name)
        return
    if outcome.reminder is not None:
        report.reminded += 1
        report.news += is_news(outcome.reminder)
    if written is not None:
        report.written.append(written)


def _write(
    tx: Connection, stored: StoredLine, outcome: Review, setup: Setup, now: datetime
) -> int | None:
    """Write what was decided about a line; return the id of its reminder, if any."""
    reminder_id = None
    lines.save_review(tx, stored, outcome, now)
    undelivered = waiting.undelivered(tx, stored.id)
    written = waiting.waiting_reminders(tx, stored.id) if undelivered else []
    if outcome.reminder is not None:
        routes = setup.routes_for(stored.route)
        channels = channels_for(outcome.reminder, routes, undelivered)
        reminder_id = outbox.enqueue_reminder(
            tx, stored.id, outcome.reminder, channels, now
        )
    line = replace(stored.line, snoozed_until=outcome.snoozed_until)
    told = {known.item: known for known in outcome.told}
    for waits in written:
        current = outcome.reminder
        if current is None:
            policy = setup.policy_for(stored)
            current = still_to_say(waits.reminder, line, policy, told, now)
            _bring_up_to_date(tx, waits, current, now)
        # A snooze asks again by itself about what it has put off.
        if not waits.arrived and line.snoozed_until is None:
            _take_back(tx, stored.id, told, told_without(told, waits.reminder, current))
    return reminder_id


def _bring_up_to_date(
    tx: Connection, waits: Written, current: Reminder | None, now: datetime
) -> None:
    """Let what waits to be sent say what holds now, or nothing if nothing does."""
    if current != waits.reminder:
        waiting.replace_reminder(tx, waits.reminder_id, current, now)


def _take_back(
    tx: Connection, line_id: int, told: dict[str, Told], kept: dict[str, Told]
) -> None:
    """Forget that something was told which never arrived and is not said any more."""
    if kept != told:
        lines.save_told(tx, line_id, told, kept)


def _reroute(tx: Connection, setup: Setup, now: datetime) -> None:
    """Give what waits for a channel that was removed to those that it may go to."""
    for stray in strays.find_strays(tx, setup.channels):
        channels = [
            route.channel
            for route in setup.routes_for(stray.route)
            if stray.is_notice or stray.severity >= route.min_severity
        ]
        strays.reroute(tx, stray, channels, now)


def _keep_house(tx: Connection, reading: ClockReading) -> None:
    now = reading.wall
    pulses.beat(tx, reading)
    meta.put(tx, LAST_PASS, now.isoformat())
    if _is_before(meta.get(tx, _LAST_THINNING), now - timedelta(days=1)):
        housekeeping.thin_readings(tx, now)
        meta.put(tx, _LAST_THINNING, now.isoformat())


def _is_before(instant: str | None, limit: datetime) -> bool:
    return instant is None or datetime.fromisoformat(instant) < limit
