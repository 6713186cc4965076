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

from reminderd.domain.deliveries import channels_for
from reminderd.domain.reminders import Reminder
from reminderd.domain.review import Review, review, still_to_say, told_without
from reminderd.domain.told import Told
from reminderd.scheduling.missed import send_missed
from reminderd.scheduling.setup import Setup
from reminderd.storage import housekeeping, lines, meta, outbox, strays, waiting
from reminderd.storage.database import Database
from reminderd.storage.lines import StoredLine, UnreadableLine
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
    """What a pass did: lines reviewed, reminders written, lines it could not review."""

    reviewed: int = 0
    reminded: int = 0
    quarantined: list[str] = field(default_factory=list)


def run_pass(
    database: Database,
    setup: Setup,
    now: datetime,
    *,
    go_on: Callable[[], bool] = lambda: True,
) -> PassReport:
    """Review every line that is due at *now* and put its reminders into the outbox.

    ``go_on`` is asked between batches; when it says no, the rest stays due.

    Raises:
        StoreError: The store cannot be read or written; what was decided before
            is safe in it, and the rest stays due.
    """
    report = PassReport()
    with database.read() as tx:
        last_pass = meta.get(tx, LAST_PASS)
        has_strays = setup.has_channels and strays.has_strays(tx, setup.channels)
    if has_strays:
        with database.write() as tx:
            _reroute(tx, setup, now)
    if last_pass is not None and not _is_before(last_pass, now + _CLOCK_WAS_AHEAD):
        _forget_the_future(database, now)
    with database.read() as tx:
        is_due = lines.is_any_due(tx, now)
    while is_due and go_on():
        with database.write() as tx:
            due = lines.due_lines(tx, now, BATCH)
            for line in due:
                _review_line(tx, line, setup, now, report)
        # Until nothing is left: taking back what was told calls for another review.
        is_due = bool(due)
        if len(due) == BATCH:
            time.sleep(_PAUSE_SECONDS)
    if report.reviewed or _is_before(last_pass, now - _SIGN_OF_LIFE):
        with database.write() as tx:
            _keep_house(tx, now)
        database.refill_ballast()
    return report


def _forget_the_future(database: Database, now: datetime) -> None:
    """Review every line: the clock was wrong, and so may be when they are due."""
    log.warning("the clock was ahead before; looking at all lines")
    with database.write() as tx:
        lines.review_all_now(tx)
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
            _write(tx, stored, outcome, setup, now)
    except OperationalError:
        # The store is full, locked or gone: not the fault of this line.
        raise
    except Exception:
        # One bad row must not silence the others.
        log.exception("review failed line_id=%d", stored.id)
        lines.postpone(tx, stored.id, now + _QUARANTINE)
        report.quarantined.append(stored.card.name)
        return
    report.reminded += outcome.reminder is not None


def _write(
    tx: Connection, stored: StoredLine, outcome: Review, setup: Setup, now: datetime
) -> None:
    lines.save_review(tx, stored, outcome, now)
    undelivered = waiting.undelivered(tx, stored.id)
    written = waiting.waiting_reminders(tx, stored.id) if undelivered else []
    if outcome.reminder is not None:
        routes = setup.routes_for(stored.route)
        channels = channels_for(outcome.reminder, routes, undelivered)
        outbox.enqueue_reminder(tx, stored.id, outcome.reminder, channels, now)
    line = replace(stored.line, snoozed_until=outcome.snoozed_until)
    told = {known.item: known for known in outcome.told}
    for waits in written:
        current = outcome.reminder
        if current is None:
            policy = setup.policy_for(stored)
            current = still_to_say(waits.reminder, line, policy, told, now)
            _bring_up_to_date(tx, waits, current, now)
        # A snooze asks again by itself about what it has put off.
        if line.snoozed_until is None:
            kept = told_without(told, waits.reminder, current, arrived=waits.arrived)
            if current is not None and kept != told:
                waiting.free_key(tx, waits.reminder_id)
            _take_back(tx, stored.id, told, kept)
    if outcome.findings and line.snoozed_until is None:
        send_missed(tx, stored, outcome, setup, now)


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


def _keep_house(tx: Connection, now: datetime) -> None:
    meta.put(tx, LAST_PASS, now.isoformat())
    if _is_before(meta.get(tx, _LAST_THINNING), now - timedelta(days=1)):
        housekeeping.thin_readings(tx, now)
        meta.put(tx, _LAST_THINNING, now.isoformat())


def _is_before(instant: str | None, limit: datetime) -> bool:
    return instant is None or datetime.fromisoformat(instant) < limit
