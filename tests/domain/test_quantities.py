from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminderd.domain.periods import Period, parse_period
from reminderd.domain.quantities import (
    AllowanceKind,
    Money,
    Share,
    minor_digits,
    parse_count,
    parse_money,
    parse_quantity,
    parse_share,
    parse_size,
    parse_talk_time,
)

MOST_SECONDS = 100 * 365 * 86_400

periods = st.one_of(
    st.builds(Period, months=st.integers(0, 1200)),
    st.builds(Period, days=st.integers(0, 36_500)),
    st.builds(Period, seconds=st.integers(0, MOST_SECONDS)),
    st.builds(Period, seconds=st.integers(0, 5000).map(lambda hours: hours * 3600)),
)


class TestSizes:
    @pytest.mark.parametrize(
        ("text", "size"),
        [
            ("0B", 0),
            ("1B", 1),
            ("1kB", 1000),
            ("1KB", 1000),
            ("500MB", 500_000_000),
            ("500 MB", 500_000_000),
            (" 500MB ", 500_000_000),
            ("1.2GB", 1_200_000_000),
            ("2TB", 2 * 1000**4),
            ("1KiB", 1024),
            ("1MiB", 1024**2),
            ("1.5GiB", 1024**3 * 3 // 2),
            ("1TiB", 1024**4),
            ("0.000000001GB", 1),
        ],
    )
    def test_a_number_and_a_unit_are_bytes(self, text: str, size: int) -> None:
        assert parse_size(text) == size

    @pytest.mark.parametrize(
        ("text", "hint"),
        [
            ("500", '"500MB"'),
            ("", '"500MB"'),
            ("MB", '"500MB"'),
            ("-1MB", '"500MB"'),
            ("+1MB", '"500MB"'),
            ("1e3MB", '"500MB"'),
            (".5GB", '"500MB"'),
            ("5.GB", '"500MB"'),
            ("1 000MB", '"500MB"'),
            ("infGB", '"500MB"'),
            ("500MB of 1GB", '"500MB"'),
            ("1,5 GB", "not a comma"),
            ("500Mb", '"500MB"'),
            ("500 mb", '"500MB"'),
            ("3gib", '"3GiB"'),
            ("3XB", '"3GB"'),
            ("5min", '"5GB"'),
        ],
    )
    def test_anything_else_is_refused_with_what_to_write_instead(
        self, text: str, hint: str
    ) -> None:
        with pytest.raises(ValueError, match=hint):
            parse_size(text)

    def test_the_hint_about_commas_is_only_for_commas(self) -> None:
        with pytest.raises(ValueError, match=r'"1\.2GB"$'):
            parse_size("500")

    @given(st.integers(0, 10**12 - 1))
    def test_a_number_without_a_unit_is_never_a_size(self, number: int) -> None:
        with pytest.raises(ValueError, match="is not a size"):
            parse_size(str(number))


class TestShares:
    @pytest.mark.parametrize(
        ("text", "percent"),
        [("20%", "20"), ("20 %", "20"), ("12.5%", "12.5"), ("100%", "100")],
    )
    def test_a_percentage_is_a_share(self, text: str, percent: str) -> None:
        assert parse_share(text) == Share(Decimal(percent))

    @pytest.mark.parametrize("text", ["20", "%", "-5%", "1,5%", "20%%", "nan%"])
    def test_anything_else_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match='write "20%"'):
            parse_share(text)

    @pytest.mark.parametrize("text", ["0%", "0.0%", "100.001%", "999%"])
    def test_a_share_is_above_0_and_at_most_100_per_cent(self, text: str) -> None:
        with pytest.raises(ValueError, match="more than 0% and at most 100%"):
            parse_share(text)

    @pytest.mark.parametrize(
        ("percent", "total", "part"),
        [("20", 10, 2), ("100", 7, 7), ("20", 7, 2), ("20", 3, 1), ("20", 0, 0)],
    )
    def test_a_part_that_is_no_whole_number_is_rounded_up(
        self, percent: str, total: int, part: int
    ) -> None:
        assert Share(Decimal(percent)).of(total) == part

    @given(
        st.decimals("0.001", 100, places=3),
        st.integers(0, 10**15),
        st.integers(-5, 5),
    )
    def test_below_the_part_means_below_the_exact_share(
        self, percent: Decimal, total: int, step: int
    ) -> None:
        part = Share(percent).of(total)

        assert (part + step < part) == ((part + step) * 100 < total * percent)

    @given(st.decimals("0.001", 100, places=3))
    def test_its_text_is_read_back_as_the_same_share(self, percent: Decimal) -> None:
        assert parse_share(str(Share(percent))) == Share(percent)

    @pytest.mark.parametrize(
        ("percent", "text"), [("20.0", "20%"), ("100", "100%"), ("2.50", "2.5%")]
    )
    def test_equal_shares_have_equal_texts(self, percent: str, text: str) -> None:
        assert str(Share(Decimal(percent))) == text


class TestMoney:
    @pytest.mark.parametrize(
        ("text", "minor", "currency"),
        [
            ("15.00 GBP", 1500, "GBP"),
            ("15 GBP", 1500, "GBP"),
            ("15.5GBP", 1550, "GBP"),
            ("-0.05 EUR", -5, "EUR"),
            ("0 EUR", 0, "EUR"),
            ("500 JPY", 500, "JPY"),
            ("1.5 KWD", 1500, "KWD"),
            ("1.005 KWD", 1005, "KWD"),
        ],
    )
    def test_an_amount_and_a_currency_are_money(
        self, text: str, minor: int, currency: str
    ) -> None:
        assert parse_money(text) == Money(minor, currency)

    @pytest.mark.parametrize(
        "text", ["15", "GBP", "15 gbp", "£15", "1,5 EUR", "15 GBPX", "+1 EUR", "1. EUR"]
    )
    def test_anything_else_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match=r'write "15\.00 GBP"'):
            parse_money(text)

    @pytest.mark.parametrize(
        ("text", "digits"), [("1.5 JPY", 0), ("1.005 GBP", 2), ("0.0 VND", 0)]
    )
    def test_more_decimals_than_the_currency_has_are_refused(
        self, text: str, digits: int
    ) -> None:
        with pytest.raises(ValueError, match=f"has {digits}$"):
            parse_money(text)

    @pytest.mark.parametrize(
        ("minor", "currency", "major"),
        [(1505, "GBP", "15.05"), (500, "JPY", "500"), (-5, "EUR", "-0.05")],
    )
    def test_major_is_in_whole_units(
        self, minor: int, currency: str, major: str
    ) -> None:
        assert Money(minor, currency).major == Decimal(major)

    @pytest.mark.parametrize("currency", ["", "gbp", "GB", "GBPX", "£"])
    def test_a_currency_is_three_capital_letters(self, currency: str) -> None:
        with pytest.raises(ValueError, match="not an ISO currency"):
            Money(1, currency)

    @pytest.mark.parametrize(
        ("currency", "digits"), [("JPY", 0), ("XPF", 0), ("GBP", 2), ("TND", 3)]
    )
    def test_currencies_have_the_decimals_of_iso_4217(
        self, currency: str, digits: int
    ) -> None:
        assert minor_digits(currency) == digits


class TestCounts:
    @pytest.mark.parametrize(("text", "count"), [("50", 50), (" 0 ", 0)])
    def test_a_whole_number_is_a_count(self, text: str, count: int) -> None:
        assert parse_count(text) == count

    @pytest.mark.parametrize("text", ["", "-1", "1.0", "1e3", "5 texts", "1_000"])
    def test_anything_else_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match='write "50"'):
            parse_count(text)


class TestPeriods:
    @pytest.mark.parametrize(
        ("text", "period"),
        [
            ("7d", Period(days=7)),
            (" 7d ", Period(days=7)),
            ("2w", Period(days=14)),
            ("1w2d", Period(days=9)),
            ("6mo", Period(months=6)),
            ("1y", Period(months=12)),
            ("1y6mo", Period(months=18)),
            ("12h", Period(seconds=43_200)),
            ("90min", Period(seconds=5400)),
            ("30s", Period(seconds=30)),
            ("1d12h", Period(seconds=129_600)),
            ("0d", Period()),
            ("0h", Period()),
        ],
    )
    def test_numbers_and_units_are_a_period(self, text: str, period: Period) -> None:
        assert parse_period(text) == period

    @pytest.mark.parametrize(
        ("text", "hint"),
        [
            ("", '"7d"'),
            ("d", '"7d"'),
            ("7", '"7d"'),
            ("30", '"30d"'),
            ("7 d", '"7d"'),
            ("7 days", '"7d"'),
            ("-7d", '"7d"'),
            ("P1M", '"7d"'),
            ("1.5h", '"1d"'),
            ("7D", '"7d"'),
            ("1h30m", '"1d"'),
            ("9999999999999d", '"7d"'),
            ("5m", '"5mo" for months or "5min" for minutes'),
            ("1mo3d", "mixes months"),
            ("1y1h", "mixes months"),
        ],
    )
    def test_anything_else_is_refused_with_what_to_write_instead(
        self, text: str, hint: str
    ) -> None:
        with pytest.raises(ValueError, match=hint):
            parse_period(text)

    @pytest.mark.parametrize(
        "text", ["101y", "1201mo", "36501d", "876001h", "999999y", "999999999999s"]
    )
    def test_more_than_100_years_are_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="at most 100 years"):
            parse_period(text)

    @pytest.mark.parametrize(
        ("text", "period"),
        [
            ("100y", Period(months=1200)),
            ("36500d", Period(days=36_500)),
            ("876000h", Period(seconds=MOST_SECONDS)),
        ],
    )
    def test_100_years_are_accepted(self, text: str, period: Period) -> None:
        assert parse_period(text) == period

    @given(periods)
    def test_its_text_is_read_back_as_the_same_period(self, period: Period) -> None:
        assert parse_period(str(period)) == period

    @pytest.mark.parametrize(
        ("text", "canonical"),
        [
            ("1w", "7d"),
            ("1y", "12mo"),
            ("48h", "48h"),
            ("90min", "90min"),
            ("60min", "1h"),
            ("61s", "61s"),
            ("0s", "0d"),
            ("12d12h30min1s", "1081801s"),
        ],
    )
    def test_equal_periods_have_equal_texts(self, text: str, canonical: str) -> None:
        assert str(parse_period(text)) == canonical

    @given(st.integers(0, 10**12 - 1))
    def test_a_number_without_a_unit_is_never_a_period(self, number: int) -> None:
        with pytest.raises(ValueError, match="is not a duration"):
            parse_period(str(number))

    @pytest.mark.parametrize(
        ("months", "days", "seconds"), [(-1, 0, 0), (0, -1, 0), (0, 0, -1)]
    )
    def test_no_part_is_negative(self, months: int, days: int, seconds: int) -> None:
        with pytest.raises(ValueError, match="negative"):
            Period(months, days, seconds)

    @pytest.mark.parametrize(
        ("months", "days", "seconds"), [(1, 1, 0), (1, 0, 1), (0, 1, 1)]
    )
    def test_only_one_part_is_set(self, months: int, days: int, seconds: int) -> None:
        with pytest.raises(ValueError, match="in months, or in days, or exact"):
            Period(months, days, seconds)

    @pytest.mark.parametrize(
        ("period", "is_calendar"),
        [
            (Period(), True),
            (Period(months=1), True),
            (Period(days=1), True),
            (Period(seconds=1), False),
        ],
    )
    def test_only_seconds_are_exact(self, period: Period, *, is_calendar: bool) -> None:
        assert period.is_calendar is is_calendar


class TestTalkTime:
    @pytest.mark.parametrize(
        ("text", "seconds"),
        [("100min", 6000), ("1h30min", 5400), ("45s", 45), ("0min", 0), (" 1h ", 3600)],
    )
    def test_hours_minutes_and_seconds_are_talk_time(
        self, text: str, seconds: int
    ) -> None:
        assert parse_talk_time(text) == seconds

    @pytest.mark.parametrize("text", ["100", "1d", "1d1h", "0d", "90m", "1mo", ""])
    def test_anything_else_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match='write "100min" or "1h30min"'):
            parse_talk_time(text)


@pytest.mark.parametrize(
    ("kind", "text", "quantity"),
    [
        (AllowanceKind.DATA, "1kB", 1000),
        (AllowanceKind.VOICE, "1min", 60),
        (AllowanceKind.SMS, "5", 5),
        (AllowanceKind.BALANCE, "5 GBP", Money(500, "GBP")),
    ],
)
def test_every_kind_of_allowance_has_its_own_unit(
    kind: AllowanceKind, text: str, quantity: int | Money
) -> None:
    assert parse_quantity(kind, text) == quantity


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (AllowanceKind.DATA, "5"),
        (AllowanceKind.VOICE, "5"),
        (AllowanceKind.SMS, "5MB"),
        (AllowanceKind.BALANCE, "5"),
    ],
)
def test_no_kind_of_allowance_takes_the_unit_of_another(
    kind: AllowanceKind, text: str
) -> None:
    with pytest.raises(ValueError, match="write"):
        parse_quantity(kind, text)
