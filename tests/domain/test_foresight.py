"""What a line says next if nothing is heard of it until then."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reminderd.domain.foresight import foresee
from reminderd.domain.review import review
from tests.builders import NOW, a_deadline, a_line, a_policy, an_allowance

SOON = a_deadline(date(2026, 12, 4))
LATER = a_deadline(date(2027, 3, 14))


def test_what_is_due_now_is_said_now() -> None:
    ahead = foresee(a_line(SOON), a_policy(), {}, NOW)

    assert ahead is not None
    assert ahead.at == NOW
    assert [finding.step for finding in ahead.reminder.findings] == ["30d"]


def test_what_is_not_due_is_said_at_its_first_limit() -> None:
    ahead = foresee(a_line(LATER), a_policy(stale=None), {}, NOW)

    assert ahead is not None
    assert ahead.at == datetime(2027, 2, 12, 9, tzinfo=UTC)
    assert [finding.step for finding in ahead.reminder.findings] == ["30d"]


def test_of_a_line_that_never_speaks_nothing_is_foreseen() -> None:
    assert foresee(a_line(), a_policy(stale=None), {}, NOW) is None


def test_a_snooze_that_ends_with_nothing_to_say_is_looked_past() -> None:
    until = NOW + timedelta(days=2)
    line = a_line(LATER, snoozed_until=until)

    ahead = foresee(line, a_policy(stale=None), {}, NOW)

    assert ahead is not None
    assert ahead.at == datetime(2027, 2, 12, 9, tzinfo=UTC)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(
    days=st.integers(-10, 70),
    left=st.integers(0, 10**10),
    snoozed=st.none() | st.integers(1, 20),
    repeat=st.sampled_from(["", "2d", "1d 5d"]),
)
def test_it_is_what_a_pass_in_every_hour_says_first(
    days: int, left: int, snoozed: int | None, repeat: str
) -> None:
    until = None if snoozed is None else NOW + timedelta(days=snoozed)
    line = a_line(
        a_deadline(date(2026, 11, 22) + timedelta(days=days)),
        an_allowance(left, 10**10),
        snoozed_until=until,
    )
    policy = a_policy(repeat=repeat)

    ahead = foresee(line, policy, {}, NOW)

    at = NOW
    while (outcome := review(line, policy, {}, at)).reminder is None:
        at += timedelta(hours=1)
        if at > NOW + timedelta(days=120):
            break
    if ahead is None:
        assert outcome.reminder is None
    else:
        assert at - timedelta(hours=1) < ahead.at <= at
        assert outcome.reminder is not None
        said = {finding.item for finding in outcome.reminder.findings if finding.new}
        foreseen = {each.item for each in ahead.reminder.findings if each.new}
        assert foreseen == said
