"""Where things stand in a chart."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from reminderd.domain.forecasts import Sample
from reminderd.views.charts import (
    Scale,
    Span,
    bars,
    curve,
    forecast,
    spread,
    stretches,
    ticks,
)
from tests.builders import LONDON, NOW

DAY = timedelta(days=1)
TEN_DAYS = Span(NOW, NOW + 10 * DAY)
SCALE = Scale(most=100, height=50, top=20)


@pytest.mark.parametrize(
    ("days", "x"),
    [(-1, 0), (0, 0), (2.5, 25), (10, 100), pytest.param(11, 100, id="beyond the end")],
)
def test_an_instant_stands_where_its_share_of_the_time_is(
    days: float, x: float
) -> None:
    assert TEN_DAYS.at(NOW + days * DAY) == x


@pytest.mark.parametrize(
    ("amount", "y"), [(100, 20), (25, 57.5), (0, 70), (-5, 70), (120, 20)]
)
def test_more_stands_higher_and_never_outside(amount: float, y: float) -> None:
    assert SCALE.at(amount) == y


def test_a_tick_is_at_midnight_of_the_first_in_the_readers_zone() -> None:
    span = Span(datetime(2026, 11, 30, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))

    assert ticks(span, LONDON)[0].x == 100
    assert ticks(span, ZoneInfo("Asia/Shanghai"))[0].x < 100
    assert ticks(TEN_DAYS, LONDON)[0].on == date(2026, 12, 1)


def test_a_long_span_has_few_ticks_at_even_distances() -> None:
    found = ticks(Span(NOW, NOW + 700 * DAY), LONDON)

    assert [tick.on.isoformat()[:7] for tick in found] == [
        "2026-12",
        "2027-05",
        "2027-10",
        "2028-03",
        "2028-08",
    ]


def test_a_span_within_a_month_has_no_tick() -> None:
    assert ticks(Span(NOW, NOW + DAY), LONDON) == []


def test_many_readings_become_a_line_that_ends_with_the_last() -> None:
    samples = [Sample(NOW + hour * DAY / 48, 480 - hour) for hour in range(481)]

    points = list(curve(samples, TEN_DAYS, Scale(480, 50, 20)).points)

    assert len(points) <= 121
    assert points.pop() == (100, 70)
    assert [x for x, _ in points] == sorted(x for x, _ in points)


def test_what_was_read_before_or_after_is_not_drawn() -> None:
    samples = [Sample(NOW + day * DAY, 50) for day in (-1, 5, 11)]

    assert curve(samples, TEN_DAYS, SCALE).path == "50,45"


def test_a_forecast_goes_down_in_a_straight_line_to_its_end() -> None:
    last = Sample(NOW, 100)

    assert forecast(last, 10, NOW + 5 * DAY, TEN_DAYS, SCALE).path == "0,20 50,45"
    assert forecast(last, 30, NOW + 5 * DAY, TEN_DAYS, SCALE).points[1] == (50, 70)


@pytest.mark.parametrize(
    ("heights", "kept"),
    [
        ([], []),
        ([10, 23], [True, True]),
        pytest.param([10, 22.9], [True, False], id="one over the other"),
        pytest.param([30, 20, 10], [True, False, True], id="the middle one gives way"),
    ],
)
def test_numbers_that_would_overlap_are_left_out(
    heights: list[float], kept: list[bool]
) -> None:
    assert spread(heights) == kept


def test_the_highest_bar_fills_the_chart_and_nothing_is_no_bar() -> None:
    high, half, nothing = bars([200, 100, 0], height=60, top=20)

    assert (high.y, high.high) == (20, 60)
    assert (half.y, half.high) == (50, 30)
    assert nothing.high == 0
    assert bars([0], height=60, top=20)[0].high == 0


def test_stages_follow_each_other_as_far_as_they_are_in_sight() -> None:
    instants = [NOW + day * DAY for day in (2, 5, 12, 20)]

    found = [(part.x, part.wide, part.step) for part in stretches(instants, TEN_DAYS)]

    assert found == [(20, 30, 0), (50, 50, 1)]
