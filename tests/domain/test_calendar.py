"""`whenever` is the oracle: it resolves gaps and overlaps by documented rules."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import whenever
from hypothesis import example, given
from hypothesis import strategies as st

from reminderd.domain.calendar import (
    QuietHours,
    add_months,
    after,
    end_of_day,
    last_date,
    local_date,
    local_instant,
    require_utc,
    shift,
)
from reminderd.domain.periods import Period
from tests.builders import LONDON, NOW, SHANGHAI

BERLIN = ZoneInfo("Europe/Berlin")
SANTIAGO = ZoneInfo("America/Santiago")
HAVANA = ZoneInfo("America/Havana")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
APIA = ZoneInfo("Pacific/Apia")
ZONES = [LONDON, SHANGHAI, BERLIN, SANTIAGO, HAVANA, LORD_HOWE]

dates = st.dates(date(2000, 1, 1), date(2199, 12, 31))
years_with_rules = st.dates(date(2015, 1, 1), date(2036, 12, 31))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


class TestRequireUtc:
    def test_an_instant_in_utc_is_accepted(self) -> None:
        require_utc("now", NOW)

    @pytest.mark.parametrize(
        "instant",
        [
            pytest.param(NOW.replace(tzinfo=None), id="naive"),
            pytest.param(NOW.astimezone(SHANGHAI), id="another zone"),
        ],
    )
    def test_anything_else_is_refused_by_its_name(self, instant: datetime) -> None:
        with pytest.raises(ValueError, match="observed_at must be an aware instant"):
            require_utc("observed_at", instant)


class TestMonths:
    @pytest.mark.parametrize(
        ("day", "months", "moved"),
        [
            (date(2026, 1, 31), 1, date(2026, 2, 28)),
            (date(2028, 1, 31), 1, date(2028, 2, 29)),
            (date(2026, 3, 31), -1, date(2026, 2, 28)),
            (date(2026, 12, 1), 1, date(2027, 1, 1)),
            (date(2026, 1, 1), -1, date(2025, 12, 1)),
            (date(2024, 2, 29), 12, date(2025, 2, 28)),
            (date(2026, 5, 15), 0, date(2026, 5, 15)),
        ],
    )
    def test_the_day_stays_or_is_the_last_of_its_month(
        self, day: date, months: int, moved: date
    ) -> None:
        assert add_months(day, months) == moved

    @given(dates, st.integers(-1200, 1200))
    def test_the_oracle_agrees(self, day: date, months: int) -> None:
        expected = whenever.Date(day.year, day.month, day.day).add(months=months)

        assert add_months(day, months) == expected.to_stdlib()

    @pytest.mark.parametrize(
        ("period", "back", "moved"),
        [
            (Period(months=1), False, date(2026, 4, 30)),
            (Period(months=1), True, date(2026, 2, 28)),
            (Period(days=7), False, date(2026, 4, 7)),
            (Period(days=7), True, date(2026, 3, 24)),
            (Period(), False, date(2026, 3, 31)),
        ],
    )
    def test_a_calendar_period_moves_a_date_either_way(
        self, *, period: Period, back: bool, moved: date
    ) -> None:
        assert shift(date(2026, 3, 31), period, back=back) == moved

    @pytest.mark.parametrize("period", [Period(days=1), Period(months=1)])
    @pytest.mark.parametrize(("day", "back"), [(date.max, False), (date.min, True)])
    def test_beyond_the_calendar_is_a_value_error(
        self, *, period: Period, day: date, back: bool
    ) -> None:
        with pytest.raises(ValueError, match=r"beyond the calendar|out of range"):
            shift(day, period, back=back)


class TestLocalInstant:
    @pytest.mark.parametrize(
        ("day", "at", "zone", "instant"),
        [
            pytest.param(
                date(2026, 7, 1), time(9), BERLIN, utc("2026-07-01 07:00"), id="summer"
            ),
            pytest.param(
                date(2026, 1, 1), time(9), BERLIN, utc("2026-01-01 08:00"), id="winter"
            ),
            pytest.param(
                date(2026, 3, 29),
                time(2, 30),
                BERLIN,
                utc("2026-03-29 01:00"),
                id="in the gap: 03:00, not 03:30",
            ),
            pytest.param(
                date(2026, 3, 29),
                time(2),
                BERLIN,
                utc("2026-03-29 01:00"),
                id="the gap's first instant",
            ),
            pytest.param(
                date(2026, 3, 29),
                time(2, 59, 59, 999_999),
                BERLIN,
                utc("2026-03-29 01:00"),
                id="the gap's last instant",
            ),
            pytest.param(
                date(2026, 3, 29),
                time(3),
                BERLIN,
                utc("2026-03-29 01:00"),
                id="just after the gap",
            ),
            pytest.param(
                date(2026, 3, 29),
                time(1, 59),
                BERLIN,
                utc("2026-03-29 00:59"),
                id="just before the gap",
            ),
            pytest.param(
                date(2026, 10, 25),
                time(2, 30),
                BERLIN,
                utc("2026-10-25 00:30"),
                id="shown twice: the first",
            ),
            pytest.param(
                date(2026, 9, 6),
                time(0),
                SANTIAGO,
                utc("2026-09-06 04:00"),
                id="midnight in the gap",
            ),
            pytest.param(
                date(2026, 10, 4),
                time(2, 10),
                LORD_HOWE,
                utc("2026-10-03 15:30"),
                id="a gap of half an hour",
            ),
            pytest.param(
                date(2011, 12, 30),
                time(9),
                APIA,
                utc("2011-12-30 10:00"),
                id="a day that was skipped",
            ),
        ],
    )
    def test_it_is_when_the_clocks_show_it(
        self, day: date, at: time, zone: ZoneInfo, instant: datetime
    ) -> None:
        assert local_instant(day, at, zone) == instant

    @given(years_with_rules, st.times(), st.sampled_from(ZONES))
    @example(date(2026, 3, 29), time(2, 30, 0, 500_000), BERLIN)
    @example(date(2026, 9, 6), time(0, 30), SANTIAGO)
    @example(date(2026, 11, 1), time(0, 30), HAVANA)
    def test_the_oracle_agrees(self, day: date, at: time, zone: ZoneInfo) -> None:
        wall = whenever.PlainDateTime(datetime.combine(day, at))
        earlier = wall.assume_tz(zone.key, disambiguation="earlier").to_stdlib()
        later = wall.assume_tz(zone.key, disambiguation="later").to_stdlib()
        instant = local_instant(day, at, zone)

        if earlier.replace(tzinfo=None) == datetime.combine(day, at):
            assert instant == earlier.astimezone(UTC)
        else:
            assert earlier.astimezone(UTC) < instant <= later.astimezone(UTC)
            just_before = (instant - timedelta(microseconds=1)).astimezone(zone)
            assert just_before.utcoffset() == earlier.utcoffset()
            assert instant.astimezone(zone).utcoffset() == later.utcoffset()

    def test_the_answer_is_in_utc(self) -> None:
        assert local_instant(date(2026, 3, 29), time(2, 30), BERLIN).tzinfo is UTC
        assert local_instant(date(2026, 7, 1), time(9), BERLIN).tzinfo is UTC


class TestDays:
    @pytest.mark.parametrize(
        ("day", "zone", "end"),
        [
            (date(2026, 12, 12), LONDON, utc("2026-12-13 00:00")),
            (date(2026, 12, 12), SHANGHAI, utc("2026-12-12 16:00")),
            (date(2026, 3, 28), BERLIN, utc("2026-03-28 23:00")),
            (date(2026, 3, 29), BERLIN, utc("2026-03-29 22:00")),
            (date(2026, 9, 5), SANTIAGO, utc("2026-09-06 04:00")),
            (date(2026, 4, 4), SANTIAGO, utc("2026-04-05 04:00")),
        ],
    )
    def test_a_day_ends_with_the_carriers_midnight(
        self, day: date, zone: ZoneInfo, end: datetime
    ) -> None:
        assert end_of_day(day, zone) == end

    @given(years_with_rules, st.sampled_from(ZONES))
    def test_the_last_date_before_the_end_of_a_day_is_that_day(
        self, day: date, zone: ZoneInfo
    ) -> None:
        assert last_date(end_of_day(day, zone), zone) == day

    def test_an_instant_has_the_date_of_its_zone(self) -> None:
        late = utc("2026-12-12 16:00")

        assert local_date(late, LONDON) == date(2026, 12, 12)
        assert local_date(late, SHANGHAI) == date(2026, 12, 13)
        assert last_date(late, SHANGHAI) == date(2026, 12, 12)


class TestAfter:
    @pytest.mark.parametrize(
        ("period", "end"),
        [
            pytest.param(
                Period(days=1), utc("2026-03-29 07:00"), id="a day of 23 hours"
            ),
            pytest.param(Period(months=1), utc("2026-04-28 07:00"), id="a month"),
            pytest.param(Period(), utc("2026-03-28 08:00"), id="the same day"),
            pytest.param(
                Period(seconds=86_400), utc("2026-03-29 13:30"), id="24 hours"
            ),
        ],
    )
    def test_calendar_periods_end_at_the_hour_and_exact_ones_to_the_second(
        self, period: Period, end: datetime
    ) -> None:
        assert after(utc("2026-03-28 13:30"), period, time(9), BERLIN) == end


class TestQuietHours:
    NIGHT = QuietHours(time(22), time(8))
    SIESTA = QuietHours(time(13), time(15))

    @pytest.mark.parametrize(
        ("now", "end"),
        [
            pytest.param(utc("2026-11-22 21:59:59"), None, id="just before"),
            pytest.param(
                utc("2026-11-22 22:00"), utc("2026-11-23 08:00"), id="the first instant"
            ),
            pytest.param(
                utc("2026-11-23 00:00"),
                utc("2026-11-23 08:00"),
                id="midnight is within",
            ),
            pytest.param(
                utc("2026-11-23 07:59:59"),
                utc("2026-11-23 08:00"),
                id="the last second",
            ),
            pytest.param(utc("2026-11-23 08:00"), None, id="over"),
        ],
    )
    def test_hours_over_midnight_end_on_the_next_day(
        self, now: datetime, end: datetime | None
    ) -> None:
        assert self.NIGHT.ends_at(now, LONDON) == end

    @pytest.mark.parametrize(
        ("now", "end"),
        [
            (utc("2026-11-22 12:59"), None),
            (utc("2026-11-22 13:00"), utc("2026-11-22 15:00")),
            (utc("2026-11-22 15:00"), None),
        ],
    )
    def test_hours_within_a_day_end_on_that_day(
        self, now: datetime, end: datetime | None
    ) -> None:
        assert self.SIESTA.ends_at(now, LONDON) == end

    def test_they_are_hours_of_the_readers_zone(self) -> None:
        assert self.NIGHT.ends_at(NOW, SHANGHAI) is None
        assert self.NIGHT.ends_at(utc("2026-11-22 15:00"), SHANGHAI) == utc(
            "2026-11-23 00:00"
        )

    def test_an_end_that_the_clocks_skip_is_the_end_of_the_gap(self) -> None:
        quiet = QuietHours(time(22), time(2, 30))

        assert quiet.ends_at(utc("2026-03-29 00:00"), BERLIN) == utc("2026-03-29 01:00")

    def test_a_whole_day_of_quiet_is_refused(self) -> None:
        with pytest.raises(ValueError, match="begin and end at the same time"):
            QuietHours(time(8), time(8))
