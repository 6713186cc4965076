"""Dates that count in one zone and are read in another."""

# ruff: noqa: RUF001 - Chinese punctuation is meant

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from reminderd.domain.calendar import end_of_day
from reminderd.domain.lines import DeadlineKind
from reminderd.messages.deadlines import Due, confirmed, countdown, in_both_zones
from reminderd.messages.wording import Reader, Wording
from tests.builders import LONDON, SHANGHAI

SANTIAGO = ZoneInfo("America/Santiago")
END = date(2027, 1, 31)


def a_due(
    on: date | datetime = END,
    *,
    kind: DeadlineKind = DeadlineKind.VALIDITY,
    zone: ZoneInfo = LONDON,
) -> Due:
    at = on if isinstance(on, datetime) else end_of_day(on, zone)
    return Due(kind=kind, on=on, at=at, zone=zone)


def words_at(now: datetime, zone: ZoneInfo, language: str = "en") -> Wording:
    return Wording(Reader(language=language, zone=zone), now)


@pytest.mark.parametrize(
    ("now", "text"),
    [
        pytest.param(
            datetime(2027, 1, 1, 12, tzinfo=UTC),
            "30 days left, ends Sun 31 Jan",
            id="a month before",
        ),
        pytest.param(
            datetime(2027, 1, 29, 23, 59, tzinfo=UTC),
            "2 days left, ends Sun 31 Jan",
            id="two days before",
        ),
        pytest.param(
            datetime(2027, 1, 30, tzinfo=UTC),
            "ends tomorrow, Sun 31 Jan",
            id="the day before",
        ),
        pytest.param(
            datetime(2027, 1, 31, 23, 59, 59, tzinfo=UTC),
            "ends today, Sun 31 Jan",
            id="the last second",
        ),
        pytest.param(
            datetime(2027, 2, 1, tzinfo=UTC),
            "ended yesterday, Sun 31 Jan",
            id="the due instant",
        ),
        pytest.param(
            datetime(2027, 2, 5, 12, tzinfo=UTC),
            "ended 5 days ago, Sun 31 Jan",
            id="days after",
        ),
        pytest.param(
            datetime(2027, 12, 5, 12, tzinfo=UTC),
            "ended 308 days ago, Sun 31 Jan 2027",
            id="so long after that the year counts",
        ),
    ],
)
def test_days_are_counted_where_reader_and_carrier_agree(
    now: datetime, text: str
) -> None:
    assert countdown(a_due(), words_at(now, LONDON)).full == text


@pytest.mark.parametrize(
    ("now", "text"),
    [
        pytest.param(
            datetime(2027, 1, 29, 15, tzinfo=UTC),
            "2 days left, ends Sun 31 Jan",
            id="far away: the carrier's date",
        ),
        pytest.param(
            datetime(2027, 1, 31, 14, tzinfo=UTC),
            "10 hours left, ends Mon 1 Feb 08:00",
            id="in Shanghai it is not the last day yet",
        ),
        pytest.param(
            datetime(2027, 1, 31, 19, tzinfo=UTC),
            "5 hours left, ends Mon 1 Feb 08:00",
            id="the last day in both, under two dates",
        ),
        pytest.param(
            datetime(2027, 1, 31, 23, 20, tzinfo=UTC),
            "40 minutes left, ends Mon 1 Feb 08:00",
            id="the last hour",
        ),
        pytest.param(
            datetime(2027, 2, 1, 1, tzinfo=UTC),
            "ended 1 hour ago, Mon 1 Feb 08:00",
            id="over",
        ),
    ],
)
def test_near_the_end_today_is_only_said_if_it_is_true_for_both(
    now: datetime, text: str
) -> None:
    assert countdown(a_due(), words_at(now, SHANGHAI)).full == text


def test_the_end_of_a_date_is_told_in_the_readers_zone_too() -> None:
    words = words_at(datetime(2027, 1, 20, tzinfo=UTC), SHANGHAI)

    assert in_both_zones(a_due(), words) == (
        "The day ends by London time; in Shanghai it is Mon 1 Feb 08:00 then"
    )


def test_a_countdown_in_hours_names_the_carriers_date() -> None:
    words = words_at(datetime(2027, 1, 31, 14, tzinfo=UTC), SHANGHAI, "zh_CN")

    assert countdown(a_due(), words).full == "还剩10小时，2月1日周一 08:00到期"
    assert in_both_zones(a_due(), words) == "伦敦时间：1月31日周日结束时"


def test_one_zone_needs_no_second_clock() -> None:
    words = words_at(datetime(2027, 1, 20, tzinfo=UTC), ZoneInfo("Europe/Lisbon"))

    assert in_both_zones(a_due(), words) is None


def test_an_instant_is_counted_on_the_readers_calendar() -> None:
    due = a_due(datetime(2027, 1, 31, 16, tzinfo=UTC))
    words = words_at(datetime(2027, 1, 31, 1, tzinfo=UTC), SHANGHAI)

    assert countdown(due, words).full == "ends today, Mon 1 Feb 00:00"
    assert in_both_zones(due, words) == "In London time: Sun 31 Jan 16:00"


def test_an_instant_that_passed_a_moment_ago_ended_today() -> None:
    due = a_due(datetime(2027, 1, 31, 12, tzinfo=UTC))
    words = words_at(datetime(2027, 1, 31, 12, tzinfo=UTC), LONDON)

    assert countdown(due, words).full == "ended today, Sun 31 Jan 12:00"


@pytest.mark.parametrize(
    ("now", "text"),
    [
        # Clocks go back on 4 April 2027: that Saturday has 25 hours.
        (datetime(2027, 4, 3, 12, tzinfo=UTC), "ends today, Sat 3 Apr"),
        (datetime(2027, 4, 4, 3, 30, tzinfo=UTC), "ends today, Sat 3 Apr"),
        (datetime(2027, 4, 4, 4, tzinfo=UTC), "ended yesterday, Sat 3 Apr"),
    ],
)
def test_a_day_of_25_hours_ends_with_its_last(now: datetime, text: str) -> None:
    due = a_due(date(2027, 4, 3), zone=SANTIAGO)

    assert countdown(due, words_at(now, SANTIAGO)).full == text


@pytest.mark.parametrize(
    ("kind", "brief", "loss"),
    [
        (DeadlineKind.VALIDITY, "ended yesterday", "The plan has stopped."),
        (DeadlineKind.CREDIT, "credit ended yesterday", "The credit may be lost;"),
        (
            DeadlineKind.KEEP_ALIVE,
            "last day to keep it alive was yesterday",
            "The line may be switched off.",
        ),
        (
            DeadlineKind.NUMBER,
            "last day to keep the number was yesterday",
            "The number may be lost.",
        ),
        (
            DeadlineKind.START_BY,
            "last day to start it was yesterday",
            "It may be void.",
        ),
    ],
)
def test_each_kind_says_what_is_over_and_what_may_still_be_saved(
    kind: DeadlineKind, brief: str, loss: str
) -> None:
    words = words_at(datetime(2027, 2, 1, 12, tzinfo=UTC), LONDON)

    said = countdown(a_due(kind=kind), words)

    assert said.brief == brief
    assert said.loss.startswith(loss)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (DeadlineKind.VALIDITY, "renewed until Sun 31 Jan"),
        (DeadlineKind.CREDIT, "credit good until Sun 31 Jan"),
        (DeadlineKind.KEEP_ALIVE, "kept alive until Sun 31 Jan"),
        (DeadlineKind.NUMBER, "number kept until Sun 31 Jan"),
        (DeadlineKind.START_BY, "to be started by Sun 31 Jan"),
    ],
)
def test_each_kind_confirms_its_new_date(kind: DeadlineKind, text: str) -> None:
    words = words_at(datetime(2027, 1, 1, tzinfo=UTC), LONDON)

    assert confirmed(a_due(kind=kind), words) == text
