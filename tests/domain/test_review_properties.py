"""The promises of a review, for any line, policy, clock and answer."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminderd.domain.calendar import local_date
from reminderd.domain.effects import in_effect
from reminderd.domain.ladders import (
    EXPIRED,
    NEVER_EXPIRES,
    Limit,
    Policy,
    Severity,
    instant_of,
)
from reminderd.domain.lines import (
    FOLLOWING,
    Allowance,
    Deadline,
    DeadlineKind,
    Line,
)
from reminderd.domain.periods import Period, parse_period
from reminderd.domain.plans import Leftover, Plan, Start
from reminderd.domain.quantities import AllowanceKind, Money, parse_share
from reminderd.domain.review import Quiet, Review, review
from reminderd.domain.states import states_of
from reminderd.domain.terms import Loss, Promotion, Rule, Stage, Terms
from tests.builders import LONDON, a_deadline, a_line, a_policy, with_readings
from tests.domain.kept import KeptLine

DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)
ZONES = [
    LONDON,
    ZoneInfo("Asia/Shanghai"),
    ZoneInfo("Europe/Berlin"),
    ZoneInfo("America/Santiago"),
    ZoneInfo("America/Los_Angeles"),
    ZoneInfo("Australia/Lord_Howe"),
]

zones = st.sampled_from(ZONES)
# Around the changes of clocks, and around the end of February, more often.
starts = st.one_of(
    st.sampled_from(
        [
            datetime(2026, 3, 27, 22, 30, tzinfo=UTC),
            datetime(2026, 10, 23, 22, 30, tzinfo=UTC),
            datetime(2026, 4, 3, 3, 30, tzinfo=UTC),
            datetime(2026, 9, 4, 3, 30, tzinfo=UTC),
            datetime(2028, 1, 30, 12, tzinfo=UTC),
        ]
    ),
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)).map(  # noqa: DTZ001 - the strategy wants naive bounds
        lambda naive: naive.replace(tzinfo=UTC)
    ),
)
ladders_of_days = st.lists(
    st.sampled_from(["1d", "2d", "3d", "7d", "14d", "30d"]), min_size=1, unique=True
)
spans = st.timedeltas(timedelta(), 50 * DAY)
periods = st.sampled_from(
    ["0d", "1d", "3d", "7d", "30d", "1mo", "90min", "12h", "36h"]
).map(parse_period)
date_limits = st.builds(Limit, periods, st.none() | st.sampled_from(Severity))
amount_limits = st.builds(
    Limit,
    st.sampled_from(["20%", "5%", "100%"]).map(parse_share)
    | st.integers(0, 110)
    | st.integers(0, 110).map(lambda minor: Money(minor, "GBP")),
)


# Built once and small: drawing is what takes the time of these tests.
stages = st.lists(
    st.sampled_from(
        [
            Stage(parse_period(after), loses)
            for after in ("1d", "10d", "30d", "1mo")
            for loses in (
                (Loss.INCOMING,),
                (Loss.NUMBER,),
                (Loss.CREDIT, Loss.OUTGOING),
            )
        ]
    ),
    max_size=3,
    unique_by=lambda stage: stage.after,
).map(tuple)
rules = st.none() | st.builds(Rule, stands_still=st.booleans(), stages=stages)
plans = st.builds(
    Plan,
    period=st.sampled_from([None, Period(days=30)]),
    start=st.sampled_from(Start),
    leftover=st.sampled_from(Leftover),
    auto_renews=st.booleans(),
)
offers = st.lists(st.tuples(st.integers(-20, 40), st.integers(0, 20)), max_size=2)
repeats = st.lists(periods.filter(lambda gap: gap != Period()), max_size=3).map(tuple)
ladders_of_dates = st.lists(date_limits, max_size=4).map(tuple)
ladders_of_amounts = st.lists(amount_limits, max_size=3).map(tuple)
days = st.none() | st.integers(-3, 30)
amounts = st.none() | st.integers(-5, 120)
rates = st.none() | st.integers(0, 40)
kinds_of_allowances = st.sampled_from(AllowanceKind)
kinds_of_deadlines = st.sampled_from(
    [each for each in DeadlineKind if each not in FOLLOWING]
)


@st.composite
def terms(draw: st.DrawFn, start: datetime) -> Terms:
    kinds = [DeadlineKind.VALIDITY, DeadlineKind.CREDIT, DeadlineKind.KEEP_ALIVE]
    said = {kind: draw(rules) for kind in kinds}
    return Terms(
        plan=draw(plans),
        rules={kind: rule for kind, rule in said.items() if rule is not None},
        promotions=tuple(
            Promotion(
                title=f"offer {number}",
                begins_on=(start + begins * DAY).date(),
                ends_on=(start + (begins + lasts) * DAY).date(),
                url="https://www.example.com/",
            )
            for number, (begins, lasts) in enumerate(draw(offers))
        ),
    )


@st.composite
def policies(draw: st.DrawFn, start: datetime) -> Policy:
    dates = [draw(ladders_of_dates), draw(ladders_of_dates)]
    amounts = [draw(ladders_of_amounts), draw(ladders_of_amounts)]
    return Policy(
        zone=draw(zones),
        ladders={
            **{kind: dates[place % 2] for place, kind in enumerate(DeadlineKind)},
            **dict.fromkeys(AllowanceKind, amounts[0]),
            **{f"daily_{kind}": amounts[1] for kind in AllowanceKind},
        },
        terms=draw(terms(start)),
        within=draw(st.sampled_from([None, Period(days=14)])),
        stale=draw(st.none() | periods),
        at=draw(st.sampled_from([time(), time(2, 30), time(9), time(23, 30)])),
        repeat=draw(repeats),
    )


@st.composite
def allowances(draw: st.DrawFn, observed_at: datetime) -> Allowance:
    def on(day: int | None) -> date | None:
        return None if day is None else (observed_at + day * DAY).date()

    kind = draw(kinds_of_allowances)
    return Allowance(
        kind=kind,
        bucket=draw(st.sampled_from(["general", "night"])),
        remaining=draw(amounts),
        total=draw(st.sampled_from([None, 100])),
        currency="GBP" if kind is AllowanceKind.BALANCE else None,
        daily=draw(st.booleans()),
        throttled=draw(st.booleans()),
        expires=on(draw(days)),
        refills_on=on(draw(days)),
        refill_to=draw(st.sampled_from([None, 0, 20, 100])),
        filled_at=observed_at - draw(st.sampled_from([DAY, 5 * DAY])),
        per_day=draw(rates),
        observed_at=observed_at,
    )


@st.composite
def deadlines(draw: st.DrawFn, observed_at: datetime) -> Deadline:
    instant = observed_at - 5 * DAY + draw(spans)
    return Deadline(
        kind=draw(kinds_of_deadlines),
        due=draw(st.sampled_from([instant, instant.date()])),
        observed_at=observed_at,
    )


@st.composite
def lines(draw: st.DrawFn, start: datetime) -> Line:
    readings = draw(
        st.lists(
            allowances(start) | deadlines(start),
            max_size=5,
            unique_by=lambda reading: reading.item,
        )
    )
    line = a_line(zone=draw(zones), added_at=start)
    return with_readings(line, *readings)


@st.composite
def kept_lines(draw: st.DrawFn) -> tuple[KeptLine, datetime]:
    start = draw(starts)
    return KeptLine(draw(lines(start)), draw(policies(start))), start


def answer(data: st.DataObject, kept: KeptLine, now: datetime) -> None:
    """Let the owner do something, or nothing."""
    deed = data.draw(st.sampled_from(["nothing", "acknowledge", "snooze", "read"]))
    if deed == "acknowledge":
        kept.acknowledge(now)
    elif deed == "snooze":
        kept.snooze(now + data.draw(st.timedeltas(MICROSECOND, 20 * DAY)))
    elif deed == "read":
        kept.read(data.draw(allowances(now) | deadlines(now)))


def said_keys(outcome: Review) -> list[str]:
    return [] if outcome.reminder is None else outcome.reminder.key.split("|")


def walk(
    kept: KeptLine, due: datetime | None, until: datetime | None = None
) -> list[str]:
    """Review the line whenever it asks for it; return all that is said on the way."""
    keys = []
    while due is not None and (until is None or due <= until):
        outcome = kept.review(due)
        keys += said_keys(outcome)
        due = outcome.next_review_at
    return keys


def told_of_what_counts(kept: KeptLine, now: datetime) -> set[tuple[str, str, str]]:
    """Return what has been told, without what an ended plan has made worthless."""
    line = in_effect(kept.line, kept.policy, now)
    counts = {
        state.item
        for state in states_of(line, kept.policy, now)
        if not (state.allowance and state.allowance.is_assumed)
        and (
            state.deadline is None
            or state.deadline.kind not in NEVER_EXPIRES
            or state.deadline.due_at(line.zone) > now
        )
    }
    return {
        (told.item, told.cycle, told.step)
        for told in kept.told.values()
        if told.item in counts
    }


@given(kept_lines(), st.data())
def test_a_review_repeated_at_once_says_nothing_and_changes_nothing(
    case: tuple[KeptLine, datetime], data: st.DataObject
) -> None:
    kept, now = case
    for _ in range(4):
        outcome = kept.review(now)
        again = kept.review(now)

        assert again.reminder is None
        assert again.quiet is not None
        assert again.told == outcome.told
        assert again.snoozed_until == outcome.snoozed_until
        assert again.next_review_at == outcome.next_review_at
        answer(data, kept, now)
        now += data.draw(spans)


@given(kept_lines(), st.data())
def test_nothing_is_said_before_the_next_review_and_something_at_it(
    case: tuple[KeptLine, datetime], data: st.DataObject
) -> None:
    kept, now = case
    for _ in range(8):
        kept.review(now)
        answer(data, kept, now)
        next_at = kept.review(now).next_review_at
        assert next_at is None or next_at > now
        horizon = now + 800 * DAY if next_at is None else next_at
        shares = data.draw(st.lists(st.floats(0, 0.999_999), max_size=4))
        between = [now + (horizon - now) * share for share in shares]
        # A microsecond has no inside: its parts are rounded to none or to all of it.
        between = [instant for instant in between if instant < horizon]
        for instant in (*between, horizon - MICROSECOND):
            outcome = review(kept.line, kept.policy, kept.told, instant)
            assert outcome.reminder is None
            assert next_at is None or outcome.next_review_at == next_at
        if next_at is None:
            return
        was_snoozed = kept.line.snoozed_until is not None
        outcome = review(kept.line, kept.policy, kept.told, next_at)
        assert outcome.reminder or (was_snoozed and outcome.quiet)
        now = next_at


@given(kept_lines(), st.lists(spans, max_size=6), spans)
def test_passes_in_any_number_and_order_end_in_the_same_told_state(
    case: tuple[KeptLine, datetime], passes: list[timedelta], last: timedelta
) -> None:
    kept, start = case
    once = replace(kept)
    end = start + max([last, *passes])

    for span in passes:
        kept.review(start + span)
    kept.review(end)
    once.review(end)

    assert told_of_what_counts(kept, end) == told_of_what_counts(once, end)


@pytest.mark.slow
@given(kept_lines(), spans)
def test_a_machine_off_for_any_span_catches_up_with_one_message(
    case: tuple[KeptLine, datetime], off_for: timedelta
) -> None:
    was_on, start = case
    was_off = replace(was_on)
    end = start + off_for
    walk(was_on, start, until=end)
    was_off.review(start)
    messages = [was_off.review(end).reminder, was_off.review(end).reminder]

    assert told_of_what_counts(was_off, end) == told_of_what_counts(was_on, end)
    assert messages[1] is None


@given(
    kept_lines(), st.lists(spans, min_size=2, max_size=8), st.data(), st.floats(0, 1)
)
def test_a_clock_that_is_set_back_and_right_again_repeats_nothing(
    case: tuple[KeptLine, datetime],
    passes: list[timedelta],
    data: st.DataObject,
    share: float,
) -> None:
    kept, start = case
    right = sorted(passes)
    number = data.draw(st.integers(1, len(right)))
    times = [*right[:number], right[number - 1] * share, *right[number - 1 :]]

    keys = [key for span in times for key in said_keys(kept.review(start + span))]

    assert len(keys) == len(set(keys))


@given(starts, zones, zones, ladders_of_days, st.data())
def test_after_a_renewal_each_limit_ahead_is_said_once_more(
    start: datetime,
    line_zone: ZoneInfo,
    zone: ZoneInfo,
    limits: list[str],
    data: st.DataObject,
) -> None:
    policy = a_policy(zone=zone, ladders={"validity": " ".join(limits)}, stale=None)
    old_due = local_date(start, line_zone) + data.draw(st.integers(0, 40)) * DAY
    new_due = old_due + data.draw(st.integers(1, 80)) * DAY
    now = start + data.draw(spans)
    old = a_deadline(old_due, observed_at=start)
    new = a_deadline(new_due, observed_at=now)
    kept = KeptLine(a_line(old, zone=line_zone, added_at=start), policy)
    walk(kept, start, until=now)
    before = kept.steps

    kept.read(new)
    first = kept.review(now)
    is_renewed = before and kept.steps != before and now < new.due_at(line_zone)
    said = walk(kept, first.next_review_at)

    if is_renewed:
        assert said_keys(first) == [f"validity@{new_due}/renewed"]
    instants = {
        limit: instant_of(limit, new, line_zone, policy) for limit in (*limits, EXPIRED)
    }
    ahead = sorted(
        (limit for limit in instants if instants[limit] > now), key=instants.__getitem__
    )
    assert said == [f"validity@{new_due}/{limit}#0" for limit in ahead]


@given(
    starts.flatmap(lambda start: st.tuples(st.just(start), policies(start))),
    st.lists(
        st.builds(
            Allowance,
            kind=st.sampled_from(
                [AllowanceKind.DATA, AllowanceKind.VOICE, AllowanceKind.SMS]
            ),
            remaining=st.none(),
            total=st.none() | st.integers(0, 100),
            unlimited=st.booleans(),
            observed_at=st.just(datetime(2026, 1, 1, tzinfo=UTC)),
        ),
        max_size=3,
        unique_by=lambda allowance: allowance.item,
    ),
)
def test_unlimited_and_unknown_allowances_never_speak(
    case: tuple[datetime, Policy], known: list[Allowance]
) -> None:
    now, policy = case
    outcome = review(a_line(*known), replace(policy, stale=None), {}, now)

    assert outcome.quiet is Quiet.NOTHING_REACHED
    assert outcome.next_review_at is None
