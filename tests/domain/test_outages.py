"""How long a channel rests, and how often its owner hears of that."""

from datetime import datetime, timedelta

import pytest

from reminderd.domain.deliveries import PATIENCE
from reminderd.domain.outages import (
    LARGEST_SKEW,
    REPORT_EVERY,
    is_report_due,
    probe_gap,
    revival_gap,
)
from tests.builders import NOW

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("failures", "gap"),
    [
        (1, MINUTE / 2),
        (2, MINUTE),
        (3, 2 * MINUTE),
        (6, 16 * MINUTE),
        (7, 30 * MINUTE),
        (10_000, 30 * MINUTE),
    ],
)
def test_gaps_grow_from_the_first_failure_on(failures: int, gap: timedelta) -> None:
    assert probe_gap(failures) == gap


@pytest.mark.parametrize(
    ("outage", "gap"),
    [
        (timedelta(0), 30 * MINUTE),
        pytest.param(timedelta(days=-9), 30 * MINUTE, id="by a wrong clock"),
        (31 * MINUTE, 31 * MINUTE),
        (6 * HOUR, 6 * HOUR),
        (90 * 24 * HOUR, 6 * HOUR),
    ],
)
def test_broken_channel_is_tried_at_gaps_that_grow_to_six_hours(
    outage: timedelta, gap: timedelta
) -> None:
    assert revival_gap(outage) == gap


@pytest.mark.parametrize(
    ("age", "is_broken", "is_due"),
    [
        pytest.param(timedelta(0), True, True, id="broken"),
        pytest.param(PATIENCE - SECOND, False, False, id="failing for a moment"),
        pytest.param(PATIENCE, False, True, id="failing for a while"),
        pytest.param(-LARGEST_SKEW, False, False, id="by a clock a little ahead"),
        pytest.param(-LARGEST_SKEW - SECOND, False, True, id="by a wrong clock"),
    ],
)
def test_first_report_waits_for_what_may_recover(
    age: timedelta, is_broken: bool, is_due: bool
) -> None:
    assert is_report_due(NOW - age, None, NOW, is_broken=is_broken) is is_due


@pytest.mark.parametrize(
    ("reported_at", "is_due"),
    [
        pytest.param(NOW - REPORT_EVERY + SECOND, False, id="less than a day ago"),
        pytest.param(NOW - REPORT_EVERY, True, id="a day ago"),
        pytest.param(NOW + LARGEST_SKEW, False, id="by a clock that is a little ahead"),
        pytest.param(NOW + LARGEST_SKEW + SECOND, True, id="by a clock that was wrong"),
    ],
)
@pytest.mark.parametrize("is_broken", [True, False])
def test_outage_is_reported_again_after_a_day(
    reported_at: datetime, is_due: bool, is_broken: bool
) -> None:
    since = NOW - 9 * REPORT_EVERY

    assert is_report_due(since, reported_at, NOW, is_broken=is_broken) is is_due
