"""Whether the wall clock can be believed, and how long nobody looked at the lines.

The wall clock is compared with the uptime, which nobody can set.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from reminderd.domain.reminders import GapKind

# A clock is corrected by more than this only if it was wrong, or is wrong now.
JUMP = timedelta(hours=1)
# No clock that has been set shows an earlier time than this program was made.
_SENSIBLE_FROM = datetime(2026, 1, 1, tzinfo=UTC)
_SHORTEST_GAP = timedelta(hours=1)
_LATE = 1.5
KEPT_INTERVALS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockReading:
    """The wall clock, and the uptime in seconds at the same moment.

    ``boot`` names the boot from which it counts, None where it is not known; ``up``
    counts a suspended machine too, ``awake`` does not.
    """

    wall: datetime
    boot: str | None = None
    up: float = 0.0
    awake: float = 0.0

    def is_of_same_boot(self, other: "ClockReading") -> bool:
        """Whether the uptimes of both can be compared."""
        return self.boot is not None and self.boot == other.boot


def is_set(reading: ClockReading) -> bool:
    """Tell whether the wall clock shows a time that is possible at all."""
    return reading.wall >= _SENSIBLE_FROM


def moved_from(before: ClockReading, reading: ClockReading) -> datetime | None:
    """Return what the clock would show now if it had not been moved; None if not.

    Across a boot only a step backwards can be known.
    """
    expected = before.wall
    if reading.is_of_same_boot(before):
        expected += timedelta(seconds=reading.up - before.up)
        return expected if abs(reading.wall - expected) > JUMP else None
    return expected if expected - reading.wall > JUMP else None


def is_gap(elapsed: timedelta, intervals: Sequence[timedelta]) -> bool:
    """Tell whether *elapsed* since the last pass is more than the usual *intervals*.

    The longest of them does not count where there are others: it may have been a
    gap itself. Before the first one nothing is known.
    """
    if not intervals:
        return False
    usual = sorted(intervals)[-2:][0]
    return elapsed > max(_SHORTEST_GAP, usual * _LATE)


def gap_kind(before: ClockReading, reading: ClockReading) -> GapKind:
    """Return what made the gap between two passes."""
    if not reading.is_of_same_boot(before):
        return GapKind.DOWN
    up = timedelta(seconds=reading.up - before.up)
    if reading.wall - before.wall - up > JUMP:
        return GapKind.CLOCK
    awake = timedelta(seconds=reading.awake - before.awake)
    # Most of it: a lid that is closed for a minute explains nothing.
    return GapKind.ASLEEP if awake * 2 < up else GapKind.DOWN
