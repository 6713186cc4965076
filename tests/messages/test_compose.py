"""One message for whatever waits for a channel."""

# ruff: noqa: RUF001 - Chinese punctuation is meant

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from reminderd.domain.ladders import Severity
from reminderd.domain.lines import DeadlineKind
from reminderd.domain.quantities import AllowanceKind
from reminderd.domain.reminders import Finding, LineReminder, Recovery, Reminder
from tests.messages.cases import hundred_lines, low_data
from tests.messages.contents import (
    CHINESE,
    TONIGHT,
    a_date,
    a_notice,
    a_reminder,
    an_amount,
    composed,
    text_of,
)

HOSTILE = "=[x](https://evil.test) @everyone"


def with_findings(*findings: Finding, recoveries: tuple[Recovery, ...] = ()) -> str:
    """Return the body for a line without carrier or number."""
    content = a_reminder(a_date(TONIGHT.date()))
    reminder = Reminder(
        findings=findings, recoveries=recoveries, severity=Severity.WARNING, key="k"
    )
    card = replace(content.line, carrier=None, number=None)
    return composed(replace(content, line=card, reminder=reminder)).body


def a_finding(item: str, step: str = "20%", **known: int | None) -> Finding:
    return Finding(
        item=item,
        step=step,
        severity=Severity.WARNING,
        cycle="1",
        new=True,
        observed_at=TONIGHT,
        remaining=known.get("remaining"),
        total=known.get("total"),
    )


def test_nothing_to_say_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="needs something to say"):
        composed()


def test_a_message_is_as_severe_as_the_worst_it_says() -> None:
    warning = a_reminder(a_date(TONIGHT.date() + timedelta(days=7)))
    expired = a_reminder(a_date(TONIGHT.date() - timedelta(days=1)), name="home")
    notice = a_notice("channel-broken", severity=Severity.CRITICAL)

    assert composed(warning).severity is Severity.WARNING
    assert composed(warning, expired).severity is Severity.CRITICAL
    assert composed(warning, notice).severity is Severity.CRITICAL


def test_days_are_counted_from_sending_not_from_deciding() -> None:
    content = a_reminder(a_date(date(2026, 11, 25)))

    message = composed(content, now=TONIGHT + timedelta(days=2))

    assert message.title == "uk-travel: ends tomorrow, Wed 25 Nov"


def test_of_two_reminders_of_one_line_the_newer_counts() -> None:
    older = low_data()
    newer = replace(
        a_reminder(a_date(TONIGHT.date())), created_at=TONIGHT + timedelta(hours=1)
    )

    assert text_of(newer, older) == text_of(newer)


def test_a_line_on_an_instant_is_told_to_the_minute() -> None:
    content = a_reminder(
        a_date(datetime(2026, 11, 23, 18, 30, tzinfo=UTC), DeadlineKind.VALIDITY)
    )

    assert composed(content).title == "uk-travel: ends tomorrow, Mon 23 Nov 18:30"


def test_an_unknown_carrier_sends_people_to_official_places() -> None:
    body = with_findings(a_finding("data", remaining=100, total=1000))

    assert "Renew or top up: the carrier's official website, app or shop" in body
    assert "Line:" not in body


def test_the_full_number_is_never_shown() -> None:
    message = composed(*hundred_lines())

    assert "7700900123" not in message.title + message.body + (message.table or "")


@pytest.mark.parametrize(
    ("finding", "text"),
    [
        pytest.param(
            a_finding("data", remaining=300_000_000),
            "300 MB data left, as of today",
            id="unknown total",
        ),
        pytest.param(
            a_finding("data", remaining=12 * 10**9, total=10 * 10**9),
            "12 GB data left, as of today",
            id="more than the total",
        ),
        pytest.param(
            a_finding("data", "exhausted", remaining=-20_000_000, total=10**9),
            "Data used up, 20 MB over, as of today",
            id="overused",
        ),
        pytest.param(
            a_finding("sms", remaining=1),
            "1 text left, as of today",
            id="one text",
        ),
        pytest.param(
            a_finding("voice", "exhausted", remaining=0),
            "Call time used up, as of today",
            id="no total and nothing left",
        ),
        pytest.param(
            a_finding("data/@all", remaining=10**6, total=10**9),
            "1 MB of 1 GB data (@\u200ball) left (under 1%), as of today",
            id="a bucket",
        ),
        pytest.param(
            a_finding("moon_phase", "full"),
            "Moon_phase: full, as of today",
            id="of a newer version",
        ),
    ],
)
def test_what_is_left_is_said_as_far_as_it_is_known(
    finding: Finding, text: str
) -> None:
    assert with_findings(finding).splitlines()[0] == text


@pytest.mark.parametrize(
    ("recovery", "text"),
    [
        pytest.param(
            Recovery(item="sms", cycle="2", remaining=40, total=50),
            "Topped up: 40 of 50 texts left (80%)",
            id="refilled in part",
        ),
        pytest.param(
            Recovery(item="moon_phase", cycle="2"),
            "Moon_phase is fine again",
            id="of a newer version",
        ),
    ],
)
def test_what_has_improved_is_confirmed(recovery: Recovery, text: str) -> None:
    assert with_findings(recoveries=(recovery,)) == text


def test_the_plan_is_confirmed_before_what_came_with_it() -> None:
    plan = Recovery(
        item="validity",
        cycle="2",
        due=date(2027, 1, 31),
        due_at=datetime(2027, 2, 1, tzinfo=UTC),
    )
    data = Recovery(item="data", cycle="2", remaining=10**10, total=10**10)

    body = with_findings(recoveries=(data, plan))

    assert body == "Plan: renewed until Sun 31 Jan\nTopped up: 10 GB data left"


@pytest.mark.parametrize("reader_is_chinese", [False, True])
@pytest.mark.parametrize("count", [1, 5, 100])
def test_a_short_message_is_short_and_plain(
    count: int, reader_is_chinese: bool
) -> None:
    contents: list[LineReminder] = hundred_lines()[:count]

    reader = CHINESE if reader_is_chinese else None
    message = (
        composed(*contents, reader=reader, short=True)
        if reader
        else composed(*contents, short=True)
    )

    assert len(message.title) + len(message.body) <= 400
    assert message.table is None
    assert not set("，。：；（）•…\u200b\u00a0\u202f") & set(message.body)
    assert message.body.endswith("...") == (count == 100)


def test_a_short_message_has_one_line_for_each_finding() -> None:
    content = a_reminder(
        a_date(TONIGHT.date()), an_amount(AllowanceKind.DATA, 300_000_000, 10**10)
    )

    message = composed(content, short=True)

    assert message.title == "uk-travel: ends today, Sun 22 Nov"
    assert message.body == ("ends today, Sun 22 Nov\n300 MB of 10 GB data left (3%)")


def test_a_short_message_of_a_hostile_line_stays_harmless() -> None:
    message = composed(a_reminder(a_date(TONIGHT.date()), name=HOSTILE), short=True)

    assert message.title.startswith("=[x] (https: //evil.test) @ everyone: ends today")
