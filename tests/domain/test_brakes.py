"""When so many reminders at once are more likely a mistake."""

from dataclasses import replace

import pytest

from reminderd.domain.brakes import enough_lines, is_news, is_storm
from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import Finding, Recovery, Reminder
from tests.builders import NOW

FINDING = Finding(
    item="validity",
    step="7d",
    severity=Severity.WARNING,
    cycle="1",
    new=True,
    observed_at=NOW,
)
REMINDER = Reminder(findings=(FINDING,), severity=Severity.WARNING, key="k")


@pytest.mark.parametrize(
    ("news", "total", "expected"),
    [
        pytest.param(5, 5, False, id="all of a few"),
        pytest.param(50, 50, False, id="all of fifty"),
        pytest.param(51, 51, True, id="all of fifty-one"),
        pytest.param(51, 169, True, id="just above 30 %"),
        pytest.param(51, 170, False, id="30 % exactly"),
        pytest.param(300_000, 1_000_000, False, id="30 % of many"),
        pytest.param(300_001, 1_000_000, True, id="more than 30 % of many"),
        pytest.param(0, 0, False, id="nothing"),
    ],
)
def test_storm_is_more_than_fifty_and_more_than_thirty_per_cent(
    news: int, total: int, *, expected: bool
) -> None:
    assert is_storm(news, total) is expected


@pytest.mark.parametrize("due", [51, 60, 100, 301, 100_000])
def test_so_many_lines_make_it_no_storm_and_one_less_does(due: int) -> None:
    assert not is_storm(due, enough_lines(due))
    assert is_storm(due, enough_lines(due) - 1)


def test_news_is_what_has_not_been_said_before() -> None:
    repeated = replace(FINDING, count=1)
    known = replace(FINDING, new=False)
    recovery = Recovery(item="data", cycle="2")

    assert is_news(REMINDER)
    assert not is_news(replace(REMINDER, findings=(repeated, known)))
    assert is_news(replace(REMINDER, findings=(repeated, FINDING)))
    assert is_news(replace(REMINDER, findings=(), recoveries=(recovery,)))
