"""One pass: claim the due lines, review each, and write what was decided.

The decision and the outbox row are one transaction. Sending and recording verdicts
is the dispatcher's, which reads the same outbox.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from reminderd.clock import Uptime
from reminderd.domain.brakes import is_news
from reminderd.domain.clocks import ClockReading
from reminderd.domain.reminders import Gap
from reminderd.domain.review import review
from reminderd.domain.texts import Text
from reminderd.failpoints import reach
from reminderd.scheduling.braking import Brake
from reminderd.scheduling.outset import (
    LAST_PASS,
    Found,
    is_before,
    look,
    tend_outbox,
)
from reminderd.scheduling.proof import prove
from reminderd.scheduling.quarantine import Faulty, tell_of
from reminderd.scheduling.setup import Setup
from reminderd.scheduling.timekeeping import (
    Doubt,
    doubt_about,
    gap_before,
    reading_at,
)
from reminderd.scheduling.writing import write
from reminderd.storage import (
    brakes,
    housekeeping,
    lines,
    meta,
    pulses,
)
from reminderd.storage.brakes import Held
from reminderd.storage.channels import Health
from reminderd.storage.database import Database
from reminderd.storage.lines import StoredLine, UnreadableLine
from reminderd.storage.quarantine import leave_aside

__all__ = ["BATCH", "LAST_PASS", "PassReport", "run_pass"]

# One batch holds SQLite's only write lock: half a second on a small machine.
BATCH = 200
_LAST_THINNING = "last_thinning"
# An idle pass writes nothing, but for a sign of life once a minute.
_SIGN_OF_LIFE = timedelta(minutes=1)
# A process that waits for SQLite's lock looks for it ten times a second.
_PAUSE_SECONDS = 0.12

log = logging.getLogger(__name__)


@dataclass(slots=True)
class PassReport:
    """What a pass did: lines reviewed, reminders written, lines it could not review.

    ``written`` are the ids of the reminders, of which so many are ``news`` and not
    only said again. With a ``doubt`` about the clock nothing was reviewed. ``silent``
    holds all channels if none of them lives.
    """

    reviewed: int = 0
    reminded: int = 0
    quarantined: list[str] = field(default_factory=list)
    silent: Sequence[Health] = ()
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
        found = look(tx, setup, now)
    doubt = doubt_about(database, setup, found.pulses, reading)
    report = PassReport(doubt=doubt, silent=found.silent, held=found.held)
    if report.doubt is None:
        tend_outbox(database, setup, found, now)
        brake = _prepare(database, setup, found, reading, report)
        is_due = brake.due > 0
        while is_due and go_on():
            is_due = _review_batch(database, setup, brake, now, report)
        brake.end(database, setup, report.written, report.news, now)
        prove(database, setup, now)
        _finish(database, found, reading, report)
        _count_held(database, found, report, now)
    return report


def _count_held(
    database: Database, found: Found, report: PassReport, now: datetime
) -> None:
    """Find out what is held in the end, unless nothing can have changed."""
    was_held = found.held is not None and (report.reviewed or found.held.is_over(now))
    if was_held or found.brake.is_on:
        with database.read() as tx:
            report.held = brakes.held(tx)


def _prepare(
    database: Database,
    setup: Setup,
    found: Found,
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
    reach("pass.before-decision")
    with database.write() as tx:
        due = lines.due_lines(tx, now, BATCH)
        before = len(report.written)
        faulty = [
            known
            for line in due
            if (known := _review_line(tx, line, setup, now, report)) is not None
        ]
        tell_of(tx, faulty, setup.channels, now)
        brake.hold(tx, report.written[before:], now)
    reach("pass.after-decision")
    if len(due) == BATCH and database.is_shared:
        time.sleep(_PAUSE_SECONDS)
    # Until nothing is left: taking back what was told calls for another review.
    return bool(due)


def _finish(
    database: Database, found: Found, reading: ClockReading, report: PassReport
) -> None:
    if report.reviewed or is_before(found.last_pass, reading.wall - _SIGN_OF_LIFE):
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
) -> Faulty | None:
    """Review one line; one that cannot be reviewed is left aside for an hour.

    Return it then, unless that has been told.
    """
    report.reviewed += 1
    fault = _fault(tx, stored, setup, now, report)
    if fault is None:
        return None
    report.quarantined.append(stored.name)
    is_new = leave_aside(tx, stored.id, fault, now)
    return Faulty(stored.name, fault) if is_new else None


def _fault(
    tx: Connection,
    stored: StoredLine | UnreadableLine,
    setup: Setup,
    now: datetime,
    report: PassReport,
) -> str | None:
    """Review one line; return why that cannot be done, None if it is done."""
    if isinstance(stored, UnreadableLine):
        return stored.fault
    what = Text("it cannot be reviewed")
    try:
        with tx.begin_nested():
            outcome = review(stored.line, setup.policy_for(stored), stored.told, now)
            if outcome.reminder is not None:
                told = replace(outcome.reminder, gap=report.gap)
                outcome = replace(outcome, reminder=told)
            what = Text("its review cannot be written")
            written = write(tx, stored, outcome, setup, now)
    except OperationalError:
        # The store is full, locked or gone: not the fault of this line.
        raise
    except Exception as error:
        # One bad row must not silence the others.
        log.exception("review failed line_id=%d", stored.id)
        return f"{what} ({type(error).__name__})"
    if outcome.reminder is not None:
        report.reminded += 1
        report.news += is_news(outcome.reminder)
    if written is not None:
        report.written.append(written)
    return None


def _keep_house(tx: Connection, reading: ClockReading) -> None:
    now = reading.wall
    pulses.beat(tx, reading)
    meta.put(tx, LAST_PASS, now.isoformat())
    if is_before(meta.get(tx, _LAST_THINNING), now - timedelta(days=1)):
        housekeeping.thin_readings(tx, now)
        meta.put(tx, _LAST_THINNING, now.isoformat())
