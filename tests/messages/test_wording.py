"""Amounts, dates and ages in both languages."""

# ruff: noqa: RUF001 - Chinese punctuation is meant

from datetime import UTC, date, datetime, timedelta

import pytest

from reminderd.domain.quantities import BINARY, AllowanceKind
from reminderd.domain.texts import Text
from reminderd.messages.wording import Wording
from tests.messages.contents import CHINESE, ENGLISH, TONIGHT

IN_ENGLISH = Wording(ENGLISH, TONIGHT)
IN_CHINESE = Wording(CHINESE, TONIGHT)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1 kB"),
        (300_000_000, "300 MB"),
        (1_250_000_000, "1.25 GB"),
        pytest.param(499_999_999, "499 MB", id="never more than there is"),
        pytest.param(1_999_999_999, "1.99 GB", id="nor with decimals"),
        (12_340_000_000, "12.3 GB"),
        (10**13, "10 TB"),
        (-20_000_000, "-20 MB"),
        (123_456 * 10**12, "123,456 TB"),
    ],
)
def test_sizes_are_rounded_down_to_three_digits(size: int, text: str) -> None:
    assert IN_ENGLISH.amount(AllowanceKind.DATA, size) == text
    assert IN_CHINESE.amount(AllowanceKind.DATA, size) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (1023, "1,023 B"),
        (1024, "1 kB"),
        (2**30, "1 GB"),
        (5 * 2**30 // 2, "2.5 GB"),
        pytest.param(2**30 - 1, "1,023 MB", id="never more than there is"),
    ],
)
def test_sizes_may_be_counted_by_1024(size: int, text: str) -> None:
    assert IN_ENGLISH.amount(AllowanceKind.DATA, size, size_base=BINARY) == text


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0, "0 s", "0秒"),
        (59, "59 s", "59秒"),
        (60, "1 min", "1分钟"),
        (719, "11 min", "11分钟"),
    ],
)
def test_talk_time_is_in_whole_minutes(
    seconds: int, english: str, chinese: str
) -> None:
    assert IN_ENGLISH.amount(AllowanceKind.VOICE, seconds) == english
    assert IN_CHINESE.amount(AllowanceKind.VOICE, seconds) == chinese


@pytest.mark.parametrize(
    ("minor", "currency", "english", "chinese"),
    [
        (230, "GBP", "£2.30", "£2.30"),
        (500, "JPY", "¥500", "JP¥500"),
        (500, "CNY", "CN¥5.00", "¥5.00"),
        (-500, "USD", "-$5.00", "-US$5.00"),
    ],
)
def test_money_has_its_currency_and_decimals(
    minor: int, currency: str, english: str, chinese: str
) -> None:
    assert IN_ENGLISH.amount(AllowanceKind.BALANCE, minor, currency) == english
    assert IN_CHINESE.amount(AllowanceKind.BALANCE, minor, currency) == chinese


@pytest.mark.parametrize(
    ("part", "text"), [(0, "0%"), (9, "under 1%"), (10, "1%"), (299, "29%")]
)
def test_a_share_is_rounded_down_but_not_to_nothing(part: int, text: str) -> None:
    assert IN_ENGLISH.share(part, 1000) == text


@pytest.mark.parametrize(
    ("day", "english", "chinese"),
    [
        (date(2026, 12, 12), "Sat 12 Dec", "12月12日周六"),
        pytest.param(date(2027, 5, 23), "Sun 23 May", "5月23日周日", id="182 days"),
        pytest.param(
            date(2027, 5, 24), "Mon 24 May 2027", "2027年5月24日周一", id="183 days"
        ),
        pytest.param(
            date(2026, 5, 23), "Sat 23 May 2026", "2026年5月23日周六", id="183 days ago"
        ),
    ],
)
def test_a_date_has_its_year_where_it_is_not_clear(
    day: date, english: str, chinese: str
) -> None:
    assert IN_ENGLISH.day(day) == english
    assert IN_CHINESE.day(day) == chinese


@pytest.mark.parametrize(
    ("days", "english", "chinese"),
    [
        pytest.param(-1, "today", "今天", id="a clock that is ahead"),
        (0, "today", "今天"),
        (1, "yesterday, 21 Nov", "昨天（11月21日）"),
        (3, "3 days ago, 19 Nov", "3天前（11月19日）"),
        (200, "200 days ago, 6 May 2026", "200天前（2026年5月6日）"),
    ],
)
def test_the_age_of_a_figure_is_in_days(days: int, english: str, chinese: str) -> None:
    observed_at = TONIGHT - timedelta(days=days, hours=1)

    assert IN_ENGLISH.age(observed_at) == english
    assert IN_CHINESE.age(observed_at) == chinese


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(seconds=5), "1 minute"),
        (timedelta(minutes=59, seconds=59), "59 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=34, minutes=59), "34 hours"),
    ],
)
def test_a_span_is_in_whole_hours_or_minutes(span: timedelta, text: str) -> None:
    assert IN_ENGLISH.span(span) == text


def test_a_moment_is_in_the_readers_zone() -> None:
    summer = datetime(2026, 8, 1, 12, tzinfo=UTC)

    assert IN_ENGLISH.moment(summer) == "Sat 1 Aug 13:00"


def test_a_text_is_told_in_the_readers_language_and_so_is_the_text_within_it() -> None:
    age = Text("{n} day ago", n=1)
    text = Text("{brief}, {date}", brief=age, date="19 Nov")

    assert text == IN_ENGLISH.tell(text) == "1 day ago, 19 Nov"
    assert IN_CHINESE.tell(text) == "1天前（19 Nov）"


def test_what_is_no_text_is_told_as_it_is() -> None:
    assert IN_CHINESE.tell("connection refused {}") == "connection refused {}"
