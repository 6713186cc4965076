"""How fast an allowance is used: what is said of it, and when nothing can be."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminderd.domain.forecasts import (
    FEWEST_READINGS,
    LOOK_BACK,
    SHORTEST_SPAN,
    Sample,
    Usage,
    runs_out_at,
    usage_of,
)
from tests.builders import NOW

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
MB = 10**6
# A Monday.
START = datetime(2026, 11, 2, 20, tzinfo=UTC)
WEEKEND = [0, 0, 0, 0, 0, 500, 500]


def after_each_day(used: Sequence[int], filled: int = 20_000) -> list[Sample]:
    """Return a reading at the start, and one after each day of use."""
    left = [filled - sum(used[:days]) for days in range(len(used) + 1)]
    return [Sample(START + day * DAY, known) for day, known in enumerate(left)]


def per_day(samples: Sequence[Sample]) -> int | None:
    usage = usage_of(samples)
    assert usage is not None
    return usage.per_day


@pytest.mark.parametrize(
    ("used", "expected"),
    [
        pytest.param([150] * 2, 150, id="steady, the fewest readings"),
        pytest.param([150] * 10, 150, id="steady"),
        pytest.param(WEEKEND * 2, 143, id="weekends only, two weeks"),
        pytest.param(WEEKEND * 3, 143, id="weekends only, three weeks"),
        pytest.param(WEEKEND, 143, id="weekends only, one week"),
        pytest.param([*WEEKEND, 0, 0, 0, 0, 0, 500, 9000], 143, id="one big Sunday"),
        pytest.param([0, 0, 700, 0, 0, 0, 0], 100, id="one day of use is all there is"),
        pytest.param([100] * 4 + [5000] + [100] * 5, 100, id="one big day"),
        pytest.param([5000] + [100] * 5, 100, id="the first day is the big one"),
        pytest.param([100] * 5 + [5000], 100, id="the last day is the big one"),
        pytest.param([100, 5000, 100, 100], 100, id="one big day of four"),
        pytest.param([100, 5200, 100], 1800, id="three days, none is odd"),
        pytest.param([100, 5000, 50, 1], 38, id="the day beside it counts no more"),
        pytest.param([100, 5000, 100, 0], 1300, id="too little use to call it odd"),
        pytest.param([100] * 5 + [400] * 5, 250, id="more from the middle on"),
        pytest.param([0] * 10, 0, id="no use at all"),
        pytest.param([1, 0, 0, 0, 0], 0, id="hardly any use"),
        pytest.param([-20] * 10, 0, id="only corrections upwards"),
        pytest.param([100, -20, 120, 100, -20, 120], 67, id="corrections in between"),
    ],
)
def test_use_per_day(used: list[int], expected: int) -> None:
    samples = after_each_day(used)

    assert usage_of(samples) == Usage(filled_at=START, per_day=expected)


def test_big_day_that_lies_between_two_readings_counts_like_the_others() -> None:
    half = after_each_day([100] * 4 + [2500, 2500] + [100] * 5)

    assert per_day(half) == 100


def test_hourly_readings_give_the_same_as_daily_ones() -> None:
    film = [300 * min(max(hour - 100, 0), 10) for hour in range(24 * 10)]
    left = [20_000 - 5 * hour - more for hour, more in enumerate(film)]
    hourly = [Sample(START + hour * HOUR, known) for hour, known in enumerate(left)]

    assert per_day(hourly) == 120


def test_stretch_of_days_with_much_use_is_no_odd_day() -> None:
    readings = [(0, 9000), (1, 8900), (2, 8800), (3, 8700), (13, 3700)]
    samples = [Sample(START + day * DAY, left) for day, left in readings]

    assert per_day(samples) == 408


@pytest.mark.parametrize(
    ("lasting", "expected"),
    [
        pytest.param(36 * HOUR, 100, id="half as long as the others"),
        pytest.param(37 * HOUR, 1145, id="longer than that"),
    ],
)
def test_odd_day_is_short_beside_the_others(lasting: timedelta, expected: int) -> None:
    offsets = [0 * DAY, DAY, 2 * DAY, 3 * DAY, 3 * DAY + lasting]
    left = [9000, 8900, 8800, 8700, 3800]

    samples = [
        Sample(START + at, known) for at, known in zip(offsets, left, strict=True)
    ]

    assert per_day(samples) == expected


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        pytest.param(LOOK_BACK, 20, id="five weeks old"),
        pytest.param(LOOK_BACK + SECOND, None, id="older"),
    ],
)
def test_reading_counts_for_five_weeks(age: timedelta, expected: int | None) -> None:
    offsets = {0 * DAY: 1000, age - DAY: 400, age: 300}

    samples = [Sample(START + at, known) for at, known in offsets.items()]

    assert per_day(samples) == expected


def test_readings_a_week_apart_give_the_mean_of_the_weeks() -> None:
    readings = [(0, 9000), (7, 8300), (14, 7600), (21, 6900)]
    samples = [Sample(START + day * DAY, left) for day, left in readings]

    assert per_day(samples) == 100


@pytest.mark.parametrize(
    "offsets",
    [
        pytest.param([0 * DAY], id="one reading"),
        pytest.param([0 * DAY, 20 * DAY], id="two readings only"),
        pytest.param([hour * HOUR for hour in range(24)], id="within one day"),
        pytest.param([0 * DAY, DAY, SHORTEST_SPAN - SECOND], id="just under two days"),
        pytest.param([0 * DAY, DAY, DAY, DAY], id="one instant several times"),
        pytest.param(
            [0 * DAY, DAY, DAY + LOOK_BACK, 2 * DAY + LOOK_BACK],
            id="the others are from long ago",
        ),
    ],
)
def test_too_few_readings_are_said_to_be_too_few(offsets: list[timedelta]) -> None:
    samples = [Sample(START + offset, 5000 - offset.days) for offset in offsets]

    assert usage_of(samples) == Usage(filled_at=START, per_day=None)


def test_three_readings_over_two_days_are_enough_wherever_the_middle_one_lies() -> None:
    offsets = [0 * DAY, HOUR, SHORTEST_SPAN]
    samples = [Sample(START + offset, 500 - offset.days) for offset in offsets]

    assert len(samples) == FEWEST_READINGS
    assert per_day(samples) == 1


def test_nothing_is_known_without_readings() -> None:
    assert usage_of([]) is None


def test_only_what_is_after_a_refill_counts() -> None:
    before = after_each_day([900] * 5, filled=5000)
    refill = START + 6 * DAY
    after = [Sample(refill + day * DAY, 5000 - 100 * day) for day in range(5)]

    assert usage_of([*before, *after]) == Usage(filled_at=refill, per_day=100)


def test_after_a_refill_there_are_too_few_readings_at_first() -> None:
    before = after_each_day([900] * 5, filled=5000)
    refill = START + 6 * DAY

    known = usage_of([*before, Sample(refill, 5000), Sample(refill + DAY, 4900)])

    assert known == Usage(filled_at=refill, per_day=None)


@pytest.mark.parametrize(
    ("most", "left", "then", "expected"),
    [
        pytest.param(5000, 1000, 1101, True, id="more than a tenth of what was left"),
        pytest.param(5000, 1000, 1100, False, id="a tenth of it"),
        pytest.param(5000, 50, 101, True, id="more than a hundredth of the cycle"),
        pytest.param(
            5000, 50, 100, False, id="a hundredth of it, corrected at its end"
        ),
        pytest.param(5000, 0, 5000, True, id="from nothing"),
        pytest.param(0, 0, 1, True, id="for the first time"),
        pytest.param(0, 0, 0, False, id="still nothing"),
        pytest.param(5000, -300, -200, True, id="from below nothing"),
        pytest.param(-500, -500, -499, True, id="only ever below nothing"),
        pytest.param(-400, -400, -500, False, id="more below nothing"),
        pytest.param(-500, -500, -501, False, id="a little more below nothing"),
    ],
)
def test_refill_is_told_from_a_corrected_figure(
    most: int, left: int, then: int, *, expected: bool
) -> None:
    figures = [most, left, then]
    samples = [Sample(START + day * DAY, left) for day, left in enumerate(figures)]

    usage = usage_of(samples)

    assert usage is not None
    assert (usage.filled_at == START + 2 * DAY) is expected


def test_what_the_cycle_before_held_does_not_make_a_refill_small() -> None:
    figures = [100_000, 0, 2000, 100, 600]
    samples = [Sample(START + day * DAY, left) for day, left in enumerate(figures)]

    assert usage_of(samples) == Usage(filled_at=START + 4 * DAY, per_day=None)


def test_use_of_last_season_is_forgotten_and_the_start_of_the_cycle_is_not() -> None:
    used = [400] * 10 + [100] * LOOK_BACK.days

    assert usage_of(after_each_day(used)) == Usage(filled_at=START, per_day=100)


def test_of_two_readings_at_one_instant_the_last_one_given_counts() -> None:
    samples = after_each_day([100] * 3)
    mistaken = Sample(samples[-1].observed_at, 19_000)

    assert per_day([*samples[:-1], mistaken, samples[-1]]) == 100
    assert per_day([*samples, mistaken]) == 333


def test_reading_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware instant in UTC"):
        Sample(START.replace(tzinfo=None), 1)


@pytest.mark.parametrize(
    ("remaining", "per_day", "expected"),
    [
        pytest.param(1000, 100, 10 * DAY, id="days"),
        pytest.param(50, 100, 12 * HOUR, id="hours"),
        pytest.param(0, 100, 0 * DAY, id="nothing left"),
        pytest.param(-100, 100, 0 * DAY, id="less than nothing left"),
        pytest.param(3653, 1, 3653 * DAY, id="ten years"),
        pytest.param(3654, 1, None, id="more than ten years"),
        pytest.param(10**30, 1, None, id="more than a timedelta holds"),
        pytest.param(1000, 0, None, id="nothing is used"),
        pytest.param(0, 0, None, id="nothing left and nothing used"),
        pytest.param(1000, None, None, id="not known"),
    ],
)
def test_end_of_an_allowance(
    remaining: int, per_day: int | None, expected: timedelta | None
) -> None:
    end = runs_out_at(remaining, NOW, per_day)

    assert end == (None if expected is None else NOW + expected)


def test_end_beyond_the_calendar_is_none() -> None:
    assert runs_out_at(10, datetime(9999, 12, 31, tzinfo=UTC), 1) is None


offsets = st.timedeltas(timedelta(), 60 * DAY)
figures = st.integers(-(10**12), 10**13)
series = st.lists(
    st.builds(Sample, offsets.map(START.__add__), figures),
    unique_by=lambda sample: sample.observed_at,
    max_size=70,
)


@given(series, st.randoms(use_true_random=False))
def test_order_of_the_readings_does_not_matter(
    samples: list[Sample], chance: random.Random
) -> None:
    mixed = list(samples)
    chance.shuffle(mixed)

    assert usage_of(mixed) == usage_of(samples)


@given(series)
def test_use_is_never_negative_and_its_cycle_began_with_a_reading(
    samples: list[Sample],
) -> None:
    usage = usage_of(samples)

    if usage is not None:
        assert usage.filled_at in {sample.observed_at for sample in samples}
        assert usage.per_day is None or usage.per_day >= 0


@given(series, st.integers(1, 2000))
def test_use_in_another_unit_is_the_same_use(
    samples: list[Sample], factor: int
) -> None:
    scaled = [Sample(known.observed_at, known.remaining * factor) for known in samples]

    usage, other = usage_of(samples), usage_of(scaled)

    if usage is None or other is None:
        assert usage is other
        return
    assert other.filled_at == usage.filled_at
    if usage.per_day is None or other.per_day is None:
        assert usage.per_day is other.per_day
        return
    # Rounded to the whole unit, each in its own.
    assert 2 * abs(usage.per_day * factor - other.per_day) <= factor + 1


@given(
    st.integers(0, 10**10),
    st.sets(st.integers(0, 34 * 24), min_size=FEWEST_READINGS).filter(
        lambda hours: max(hours) - min(hours) >= 48
    ),
)
def test_constant_rate_is_found_whenever_it_is_read(
    hourly: int, hours: set[int]
) -> None:
    samples = [Sample(START + hour * HOUR, 10**14 - hour * hourly) for hour in hours]

    assert per_day(samples) == hourly * 24


@given(st.integers(1, 10**9), st.integers(0, 13), st.integers(0, 10**12))
def test_one_odd_day_changes_nothing_among_steady_ones(
    daily: int, odd: int, more: int
) -> None:
    used = [daily] * 14
    used[odd] += more

    assert per_day(after_each_day(used, filled=10**13)) == daily
