"""Whether the wall clock is believed, and what is a gap between passes."""

from datetime import UTC, datetime, timedelta

import pytest

from reminderd.domain.clocks import (
    ClockReading,
    gap_kind,
    is_gap,
    is_set,
    moved_from,
)
from reminderd.domain.reminders import GapKind
from tests.builders import NOW

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def a_reading(
    passed: timedelta = timedelta(),
    *,
    moved: timedelta = timedelta(),
    asleep: timedelta = timedelta(),
    boot: str | None = "first",
) -> ClockReading:
    """Return the clocks so long after NOW, of a wall clock *moved* by so much."""
    return ClockReading(
        wall=NOW + passed + moved,
        boot=boot,
        up=1000 + passed.total_seconds(),
        awake=1000 + (passed - asleep).total_seconds(),
    )


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        pytest.param(a_reading(MINUTE), None, id="as it should be"),
        pytest.param(a_reading(9 * DAY, asleep=9 * DAY), None, id="asleep for days"),
        pytest.param(a_reading(MINUTE, moved=HOUR), None, id="an hour ahead"),
        pytest.param(
            a_reading(MINUTE, moved=HOUR + SECOND), NOW + MINUTE, id="more than that"
        ),
        pytest.param(a_reading(MINUTE, moved=-HOUR), None, id="an hour back"),
        pytest.param(
            a_reading(DAY, moved=-HOUR - SECOND), NOW + DAY, id="back, but after"
        ),
        pytest.param(
            a_reading(boot="second", moved=9 * DAY), None, id="off for nine days"
        ),
        pytest.param(
            a_reading(boot="second", moved=-HOUR), None, id="booted an hour before"
        ),
        pytest.param(
            a_reading(boot="second", moved=-HOUR - SECOND), NOW, id="booted long before"
        ),
        pytest.param(a_reading(boot=None, moved=DAY), None, id="no uptime"),
    ],
)
def test_clock_was_moved_if_it_disagrees_with_the_uptime_by_more_than_an_hour(
    reading: ClockReading, expected: datetime | None
) -> None:
    assert moved_from(a_reading(), reading) == expected


def test_two_readings_without_an_uptime_cannot_be_compared() -> None:
    assert not a_reading(boot=None).is_of_same_boot(a_reading(boot=None))


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), False),
        (datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 1, 1, tzinfo=UTC), True),
    ],
)
def test_clock_that_is_not_set_shows_a_time_before_this_program(
    wall: datetime, *, expected: bool
) -> None:
    assert is_set(ClockReading(wall=wall)) is expected


@pytest.mark.parametrize(
    ("elapsed", "intervals", "expected"),
    [
        pytest.param(9 * DAY, [], False, id="nothing is known yet"),
        pytest.param(HOUR, [MINUTE], False, id="one hour"),
        pytest.param(HOUR + SECOND, [MINUTE], True, id="more than an hour"),
        pytest.param(36 * HOUR, [DAY], False, id="a day and a half, usually a day"),
        pytest.param(36 * HOUR + SECOND, [DAY], True, id="more than that"),
        pytest.param(9 * DAY, [DAY, 9 * DAY, DAY], True, id="second long gap"),
        pytest.param(DAY, [DAY, HOUR, DAY], False, id="one more check by hand"),
        pytest.param(DAY, [MINUTE, DAY, DAY], False, id="now once a day"),
    ],
)
def test_gap_is_much_longer_than_usual(
    elapsed: timedelta, intervals: list[timedelta], *, expected: bool
) -> None:
    assert is_gap(elapsed, intervals) is expected


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        pytest.param(a_reading(DAY, boot="second"), GapKind.DOWN, id="booted"),
        pytest.param(a_reading(DAY, boot=None), GapKind.DOWN, id="unknown"),
        pytest.param(a_reading(DAY), GapKind.DOWN, id="stopped"),
        pytest.param(a_reading(DAY, asleep=12 * HOUR), GapKind.DOWN, id="half of it"),
        pytest.param(
            a_reading(DAY, asleep=12 * HOUR + SECOND), GapKind.ASLEEP, id="most of it"
        ),
        pytest.param(a_reading(DAY, moved=HOUR), GapKind.DOWN, id="corrected"),
        pytest.param(
            a_reading(DAY, moved=HOUR + SECOND), GapKind.CLOCK, id="put forward"
        ),
    ],
)
def test_reason_of_a_gap_is_seen_from_the_clocks(
    reading: ClockReading, expected: GapKind
) -> None:
    assert gap_kind(a_reading(), reading) is expected
