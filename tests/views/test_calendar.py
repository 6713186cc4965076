"""Deadlines as events: on which day, with which alarms, and how they move."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from reminderd.domain.ladders import Policy
from reminderd.domain.lines import Allowance, Deadline, DeadlineKind
from reminderd.domain.periods import Period
from reminderd.domain.terms import Back, Loss, Rule, Stage, Terms
from reminderd.messages.wording import Reader, Wording
from reminderd.storage.stored import StoredLine
from reminderd.views.calendar import Owner, calendar_file
from reminderd.views.status import overview
from tests.builders import (
    LONDON,
    NOW,
    SHANGHAI,
    a_deadline,
    a_policy,
    an_allowance,
    with_readings,
)
from tests.calendars import by_summary, read_calendar
from tests.views.test_status import a_stored

DAY = timedelta(days=1)
# The plan ends, a month later the line is barred, and another month later it is lost.
GOING_DOWN = Terms(
    rules={
        DeadlineKind.VALIDITY: Rule(
            loses=(Loss.PLAN,),
            back=Back.RENEW,
            stages=(
                Stage(after=Period(days=30), loses=(Loss.OUTGOING,), back=Back.RENEW),
                Stage(after=Period(days=60), loses=(Loss.NUMBER,), back=Back.NEVER),
            ),
        )
    }
)


def a_calendar(
    *lines: StoredLine,
    now: datetime = NOW,
    zone: ZoneInfo = LONDON,
    language: str = "en",
    terms: Terms | None = None,
    previous: bytes = b"",
) -> bytes:
    """Return the calendar of *lines* for a reader in *zone*."""
    policy = a_policy(zone=zone)
    if terms is not None:
        policy = replace(policy, terms=terms)

    def policy_for(_stored: StoredLine) -> Policy:
        return policy

    words = Wording(Reader(language=language, zone=zone), now)
    owner = Owner(policy_for=policy_for, carriers={}, words=words)
    return calendar_file(overview(lines, policy_for, now), owner, previous)


def numbered(stored: StoredLine, number: int) -> StoredLine:
    return replace(stored, id=number)


def renewed(stored: StoredLine, *readings: Allowance | Deadline) -> StoredLine:
    return replace(stored, line=with_readings(stored.line, *readings))


def test_event_is_all_day_on_the_last_day_and_has_its_limits_ahead_as_alarms() -> None:
    (event,) = read_calendar(a_calendar(a_stored(a_deadline())))

    assert event.summary == "uk-travel: plan ends"
    assert (event.start, event.end) == (date(2026, 12, 4), date(2026, 12, 5))
    # That of 30 days is reached and told already.
    assert event.alarms == tuple(
        datetime(2026, month, day, 9, tzinfo=UTC)
        for month, day in ((11, 27), (12, 1), (12, 3))
    )


def test_alarms_come_at_the_reader_s_hour_also_after_the_clocks_change() -> None:
    # In London they do on 28 March 2027.
    line = a_stored(a_deadline(date(2027, 4, 1)))

    (event,) = read_calendar(a_calendar(line, now=NOW + 100 * DAY))

    assert event.alarms[-3:] == (
        datetime(2027, 3, 25, 9, tzinfo=UTC),
        datetime(2027, 3, 29, 8, tzinfo=UTC),
        datetime(2027, 3, 31, 8, tzinfo=UTC),
    )


def test_day_is_the_line_s_own_and_alarms_are_the_reader_s() -> None:
    at = datetime(2026, 12, 4, 0, 30, tzinfo=UTC)

    dated, exact = read_calendar(
        a_calendar(
            a_stored(a_deadline()),
            numbered(a_stored(a_deadline(at), name="exact"), 2),
            zone=SHANGHAI,
        )
    )

    assert dated.start == exact.start == date(2026, 12, 4)
    assert {alarm.hour for alarm in (*dated.alarms, *exact.alarms)} == {1}
    assert "in Shanghai it is Sat 5 Dec 08:00 then" in dated.text
    assert "Exactly: Fri 4 Dec 08:30" in exact.text


@pytest.mark.parametrize("days", [1, 4])
def test_calendar_is_the_same_to_the_byte_until_something_changes(days: int) -> None:
    lines = a_stored(a_deadline(), an_allowance(), a_deadline(kind=DeadlineKind.NUMBER))

    before = a_calendar(lines)
    after = a_calendar(lines, now=NOW + days * DAY, previous=before)

    assert after == before


def test_renewed_line_moves_its_event_and_leaves_the_others_alone() -> None:
    other = numbered(a_stored(a_deadline(), name="other"), 2)
    line = a_stored(a_deadline())
    before = a_calendar(line, other)
    line = renewed(line, a_deadline(date(2027, 1, 4), observed_at=NOW + DAY))

    after = a_calendar(line, other, now=NOW + DAY, previous=before)

    (old, same), (new, still_same) = read_calendar(before), read_calendar(after)
    assert same == still_same
    assert (new.uid, new.start) == (old.uid, date(2027, 1, 4))
    assert new.sequence > old.sequence
    assert new.stamp == NOW + DAY


def test_each_change_is_later_than_the_one_before_even_if_the_clock_is_not() -> None:
    line = a_stored(a_deadline())
    before = a_calendar(line)
    moved = renewed(line, a_deadline(date(2027, 1, 4)))
    after = a_calendar(moved, now=NOW - 30 * DAY, previous=before)
    # A renewal that is taken back is a change, too.
    undone = a_calendar(line, now=NOW - 30 * DAY, previous=after)

    events = [read_calendar(content)[0] for content in (before, after, undone)]

    assert [event.sequence - events[0].sequence for event in events] == [0, 1, 2]
    assert {event.stamp for event in events} == {NOW}


def test_calendar_that_was_lost_goes_on_with_later_stamps() -> None:
    line = a_stored(a_deadline())
    (before,) = read_calendar(a_calendar(line))

    (after,) = read_calendar(a_calendar(line, now=NOW + DAY))

    assert after.uid == before.uid
    assert after.sequence > before.sequence


def test_renamed_line_keeps_its_events() -> None:
    line = a_stored(a_deadline())
    new = replace(line, card=replace(line.card, name="holiday"))

    (before,) = read_calendar(a_calendar(line))
    (after,) = read_calendar(a_calendar(new))

    assert after.uid == before.uid
    assert after.summary == "holiday: plan ends"


@pytest.mark.parametrize(
    "previous",
    [
        pytest.param(b"no calendar at all", id="foreign"),
        pytest.param(
            b"BEGIN:VEVENT\r\nUID:\xff\r\nDTSTAMP:20269999T999999Z\r\n"
            b"SEQUENCE:1\r\nEND:VEVENT\r\n",
            id="impossible",
        ),
        pytest.param(b"BEGIN:VEVENT\r\nUID:x\r\nEND:VEVENT\r\n", id="without stamps"),
    ],
)
def test_file_that_somebody_else_wrote_there_is_no_obstacle(previous: bytes) -> None:
    line = a_stored(a_deadline())

    assert a_calendar(line, previous=previous) == a_calendar(line)


def test_what_follows_from_the_end_of_a_plan_has_its_own_events() -> None:
    events = by_summary(a_calendar(a_stored(a_deadline()), terms=GOING_DOWN))

    assert {what: event.start for what, event in events.items()} == {
        "plan ends": date(2026, 12, 4),
        "grace ends": date(2027, 1, 3),
        "last day to keep the number": date(2027, 2, 2),
    }
    # Its limit of 30 days is not before the plan has ended.
    assert events["last day to keep the number"].alarms[0].date() == date(2027, 1, 3)


def test_corrected_terms_move_the_event_of_what_follows() -> None:
    line = a_stored(a_deadline())
    rule = GOING_DOWN.rule(DeadlineKind.VALIDITY)
    later = tuple(replace(stage, after=Period(days=90)) for stage in rule.stages[1:])
    corrected = Terms(
        rules={
            DeadlineKind.VALIDITY: replace(rule, stages=(rule.stages[0], *later)),
        }
    )

    before = by_summary(a_calendar(line, terms=GOING_DOWN))
    after = by_summary(a_calendar(line, terms=corrected))

    what = "last day to keep the number"
    assert after[what].uid == before[what].uid
    assert after[what].start == date(2027, 3, 4)


def test_forecast_is_no_event_and_an_allowance_s_own_end_is_one() -> None:
    data = replace(an_allowance(), per_day=10**8, expires=date(2026, 12, 1))

    events = by_summary(a_calendar(a_stored(a_deadline(), data)))

    assert set(events) == {"plan ends", "last day to use data"}


def test_severity_of_today_ranks_an_event_and_a_far_one_has_none() -> None:
    line = a_stored(
        a_deadline(date(2026, 11, 23)),
        a_deadline(date(2027, 11, 1), kind=DeadlineKind.CREDIT),
    )
    line = replace(line, tags=("travel", "a,b;c"))

    events = by_summary(a_calendar(line))

    assert events["plan ends"].priority == 1
    assert events["plan ends"].categories == ("critical", "travel", "a,b;c")
    assert events["credit ends"].priority is None
    assert events["credit ends"].categories == ("travel", "a,b;c")


def test_passed_deadline_stays_where_it_was_and_is_silent() -> None:
    (event,) = read_calendar(a_calendar(a_stored(a_deadline(date(2026, 11, 1)))))

    assert event.start == date(2026, 11, 1)
    assert event.alarms == ()
    assert "If it is not renewed" in event.text


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_hostile_names_are_read_back_as_they_are(language: str) -> None:
    name = 'say "hi", 爸爸的卡; a\\b\\n 旅行用的电话卡很长很长很长很长 END:VEVENT'
    bucket = replace(
        an_allowance(), bucket='夜间,"流量";\\n', expires=date(2026, 12, 1)
    )

    events = read_calendar(
        a_calendar(a_stored(a_deadline(), bucket, name=name), language=language)
    )

    assert len(events) == 2
    assert all(event.summary.startswith(name) for event in events)
    assert '夜间,"流量";\\n' in events[1].summary


def test_name_that_looks_like_the_end_of_an_event_ends_none() -> None:
    line = a_stored(
        a_deadline(), a_deadline(kind=DeadlineKind.NUMBER), name="END:VEVENT"
    )
    before = a_calendar(line, language="zh_CN")

    after = a_calendar(line, language="zh_CN", now=NOW + DAY, previous=before)

    assert after == before
    assert len(read_calendar(after)) == 2


def test_calendar_without_a_line_is_still_one() -> None:
    assert read_calendar(a_calendar()) == []
    assert b"NAME:Prepaid lines\r\n" in a_calendar()
