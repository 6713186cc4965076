"""Before a pass: whether the clock can be believed, and how long nobody looked."""

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from reminderd.clock import Uptime
from reminderd.domain.brakes import HOLD
from reminderd.domain.clocks import (
    JUMP,
    ClockReading,
    gap_kind,
    is_gap,
    is_set,
    moved_from,
)
from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import Gap, Notice
from reminderd.scheduling.setup import Setup
from reminderd.storage import lines, outbox, pulses, waiting
from reminderd.storage.database import Database
from reminderd.storage.pulses import Doubted, Pulse, Pulses
from reminderd.views.status import LineStatus, overview

# So many lines are reviewed once more to count them; of more, a few do not matter.
_COUNTED_ONE_BY_ONE = 200

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Doubt:
    """The clock was moved: nothing is decided before ``until``.

    None stands for a clock that shows an impossible time: until it is set.
    """

    until: datetime | None


def reading_at(now: datetime, uptime: Uptime | None) -> ClockReading:
    """Return the clocks as they stand at *now*."""
    if uptime is None:
        return ClockReading(wall=now)
    return ClockReading(
        wall=now, boot=uptime.boot, up=uptime.seconds, awake=uptime.awake_seconds
    )


def doubt_now(tx: Connection) -> Doubt | None:
    """Return what keeps passes from deciding anything, as the last one found it."""
    known = pulses.read(tx).doubted
    return None if known is None or known.is_trusted else _doubt(known.reading)


def doubt_about(
    database: Database, setup: Setup, pulse: Pulses, reading: ClockReading
) -> Doubt | None:
    """Return why nothing is to be decided now, None where the clock is believed.

    A clock that was moved is believed after an hour, or at once if it is moved back;
    the owner is told. Nothing is known without an uptime.
    """
    if reading.boot is None:
        return None
    before, known = pulse.last, pulse.doubted
    expected = None if before is None else moved_from(before.reading, reading)
    if expected is None and is_set(reading):
        if known is not None:
            _settle(database, reading.wall)
        return None
    if known is None or _is_another(known, reading):
        return _begin(database, setup, reading, expected)
    if known.is_trusted:
        return None
    if is_set(reading) and reading.up - known.reading.up >= HOLD.total_seconds():
        log.warning("the clock was not moved back, and is believed from now on")
        with database.write() as tx:
            pulses.doubt(tx, known.reading, is_trusted=True)
        return None
    return _doubt(known.reading)


def trust_clock(tx: Connection, reading: ClockReading) -> bool:
    """Believe a clock that was moved; tell whether there was any doubt about it."""
    if doubt_now(tx) is None or not is_set(reading):
        return False
    pulses.doubt(tx, reading, is_trusted=True)
    return True


def _is_another(known: Doubted, reading: ClockReading) -> bool:
    """Tell whether the clock was moved once more since it was first doubted."""
    is_comparable = known.reading.is_of_same_boot(reading)
    return not is_comparable or moved_from(known.reading, reading) is not None


def _begin(
    database: Database,
    setup: Setup,
    reading: ClockReading,
    expected: datetime | None,
) -> Doubt:
    found = _doubt(reading)
    with database.write() as tx:
        known = pulses.read(tx).doubted
        if known is not None and not _is_another(known, reading):
            # Another process has found it at the same time.
            return found
        pulses.doubt(tx, reading)
        if found.until is not None and expected is not None:
            _tell_owner(tx, setup, reading, expected)
    _log_doubt(found, reading.wall, expected)
    return found


def _log_doubt(found: Doubt, now: datetime, expected: datetime | None) -> None:
    if found.until is None or expected is None:
        # Nobody can be told: no certificate is valid yet.
        log.error("the clock is not set: nothing is decided until it is")
        return
    log.warning(
        "the clock was moved from=%s to=%s: nothing is decided until %s; if it is "
        "right, run: reminderd release",
        f"{expected:%Y-%m-%dT%H:%MZ}",
        f"{now:%Y-%m-%dT%H:%MZ}",
        f"{found.until:%Y-%m-%dT%H:%MZ}",
    )


def _tell_owner(
    tx: Connection, setup: Setup, reading: ClockReading, expected: datetime
) -> None:
    now = reading.wall
    notice = Notice(
        code="clock-moved",
        severity=Severity.WARNING,
        details={
            "before": expected.isoformat(),
            "after": now.isoformat(),
            "until": (now + HOLD).isoformat(),
        },
        created_at=now,
    )
    # Where several machines share a store, one of them with a wrong clock finds it
    # again after each pass of the others.
    booted_at = round((now.timestamp() - reading.up) / JUMP.total_seconds())
    key = f"clock-moved|{reading.boot}|{booted_at}|{expected.date()}"
    outbox.enqueue_notice(tx, notice, key, setup.channels, now)


def _settle(database: Database, now: datetime) -> None:
    log.warning("the clock is right again")
    with database.write() as tx:
        waiting.revive(tx, now + JUMP, now)
        pulses.settle_doubt(tx)


def _doubt(since: ClockReading) -> Doubt:
    return Doubt(since.wall + HOLD if is_set(since) else None)


def gap_before(
    database: Database, setup: Setup, before: Pulse | None, reading: ClockReading
) -> Gap | None:
    """Return the gap that ends with this pass, if lines reached a limit in it."""
    if before is None:
        return None
    start, end = before.reading.wall, reading.wall
    if not is_gap(end - start, before.intervals):
        return None
    kind = gap_kind(before.reading, reading)
    with database.read() as tx:
        count = _count_reached(tx, setup, start, end)
    log.warning(
        "nobody looked at the lines from=%s to=%s why=%s reached=%d",
        f"{start:%Y-%m-%dT%H:%MZ}",
        f"{end:%Y-%m-%dT%H:%MZ}",
        kind,
        count,
    )
    return Gap(kind=kind, start=start, end=end, lines=count) if count else None


def _count_reached(tx: Connection, setup: Setup, start: datetime, end: datetime) -> int:
    count = lines.count_reached(tx, start, end)
    if count > _COUNTED_ONE_BY_ONE:
        return count
    due = lines.reached_lines(tx, start, end)
    return sum(_is_at_a_new_limit(row) for row in overview(due, setup.policy_for, end))


def _is_at_a_new_limit(row: LineStatus) -> bool:
    """Tell whether the next pass says more of the line than what is said again."""
    findings = () if row.reminder is None else row.reminder.findings
    return any(finding.new and finding.count == 0 for finding in findings)
