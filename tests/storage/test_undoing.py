"""A renewal that is taken back leaves a line exactly as it was before."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from reminderd.domain.lines import Allowance, DeadlineKind, Reading, rolling_deadline
from reminderd.domain.periods import Period
from reminderd.domain.plans import Leftover, Plan, Start
from reminderd.domain.quantities import AllowanceKind
from reminderd.domain.renewals import Renewal, renew
from reminderd.domain.terms import Rule, Terms
from reminderd.storage import events, lines, readings, undoing
from reminderd.storage.database import Database
from reminderd.storage.lines import NewLine, StoredLine
from tests.builders import NOW, a_deadline, an_allowance

BEFORE = NOW - timedelta(days=5, microseconds=7)
MINUTE = timedelta(minutes=1)
# All examples are in one store.
NUMBERS = count()
TERMS = Terms(
    rules={
        DeadlineKind.CREDIT: Rule(every=Period(days=90), stands_still=True),
        DeadlineKind.KEEP_ALIVE: Rule(every=Period(months=6)),
    }
)

amounts = st.none() | st.integers(-(10**9), 10**12)
totals = st.none() | st.integers(0, 10**12)
days = st.dates(date(2026, 10, 1), date(2027, 6, 1))
instants = st.datetimes(datetime(2026, 10, 1), datetime(2027, 6, 1)).map(  # noqa: DTZ001 - the strategy wants naive bounds
    lambda naive: naive.replace(tzinfo=UTC)
)


@st.composite
def allowances(draw: st.DrawFn, kind: AllowanceKind, bucket: str) -> Allowance:
    has_end = bucket != "general" and draw(st.booleans())
    return replace(
        an_allowance(draw(amounts), draw(totals), kind=kind, observed_at=BEFORE),
        bucket=bucket,
        unlimited=draw(st.booleans()),
        daily=draw(st.booleans()),
        throttled=draw(st.booleans()),
        expires=draw(days | instants) if has_end else None,
        refills_on=draw(st.none() | days),
        refill_to=draw(totals),
    )


@st.composite
def known_readings(draw: st.DrawFn) -> tuple[Reading, ...]:
    since = date(2026, 10, 2)
    every = Period(days=180)
    possible: list[st.SearchStrategy[Reading]] = [
        allowances(AllowanceKind.DATA, "general"),
        allowances(AllowanceKind.DATA, "night"),
        allowances(AllowanceKind.VOICE, "general"),
        (days | instants).map(lambda due: a_deadline(due, observed_at=BEFORE)),
        days.map(lambda due: a_deadline(due, kind=DeadlineKind.START_BY)),
        st.just(rolling_deadline(since, every, BEFORE)),
        st.just(rolling_deadline(since, every, BEFORE, DeadlineKind.CREDIT)),
    ]
    return tuple(draw(known) for known in possible if draw(st.booleans()))


renewals = st.builds(
    Renewal,
    on=st.dates(date(2026, 11, 10), NOW.date()),
    until=st.dates(date(2026, 12, 1), date(2028, 1, 1)),
    data=st.none() | st.integers(1, 10**12),
    plan=st.builds(
        Plan,
        start=st.sampled_from([None, *Start]),
        leftover=st.sampled_from([None, *Leftover]),
        cap=st.integers(1, 10**9),
    ),
)


@pytest.fixture
def tx(database: Database) -> Iterator[Connection]:
    with database.write() as transaction:
        yield transaction


def add(tx: Connection, name: str, *known: Reading) -> StoredLine:
    new = NewLine(name=name, timezone="Europe/London", origin="cli", added_at=BEFORE)
    readings.write_readings(tx, lines.add_line(tx, new), known, "cli")
    return find(tx, name)


def find(tx: Connection, name: str) -> StoredLine:
    found = lines.find_line(tx, name)
    assert found is not None
    return found


def record(tx: Connection, stored: StoredLine, renewal: Renewal, now: datetime) -> None:
    outcome = renew(stored.line, renewal, TERMS, now)
    detail = undoing.changes(stored.line, outcome)
    readings.write_readings(tx, stored.id, outcome.readings, "cli")
    readings.forget_items(tx, stored.id, outcome.forgotten)
    events.add_event(tx, stored.id, undoing.RENEWAL, now, detail)


def take_back(tx: Connection, name: str, now: datetime) -> list[str]:
    stored = find(tx, name)
    renewal = undoing.last_renewal(tx, stored.id)
    assert renewal is not None
    return undoing.undo(tx, stored, renewal, now)


@pytest.mark.slow
@given(known=known_readings(), first=renewals, second=renewals)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_was_known_and_renewed_is_as_before_one_step_at_a_time(
    tx: Connection,
    known: tuple[Reading, ...],
    first: Renewal,
    second: Renewal,
) -> None:
    name = f"line {next(NUMBERS)}"
    before = add(tx, name, *known).line
    record(tx, find(tx, name), first, NOW)
    between = find(tx, name).line
    record(tx, find(tx, name), second, NOW + MINUTE)

    assert take_back(tx, name, NOW + 2 * MINUTE) == []
    assert find(tx, name).line == between
    assert take_back(tx, name, NOW + 3 * MINUTE) == []
    assert find(tx, name).line == before
    assert undoing.last_renewal(tx, find(tx, name).id) is None


def test_what_was_learnt_later_stays_also_where_it_was_seen_earlier(
    tx: Connection,
) -> None:
    stored = add(tx, "a", an_allowance(1, 10, observed_at=BEFORE), a_deadline())
    record(tx, stored, Renewal(on=NOW.date(), until=date(2027, 1, 31)), NOW)
    newer = an_allowance(7, 10, observed_at=BEFORE + MINUTE)
    readings.save_readings(tx, stored.id, [newer], "cli", NOW + MINUTE)

    assert take_back(tx, "a", NOW + 2 * MINUTE) == ["data"]

    assert find(tx, "a").line.readings == (newer, a_deadline())


def test_a_renewal_taken_back_is_no_refill_in_the_series(tx: Connection) -> None:
    stored = add(tx, "a", an_allowance(1, 10, observed_at=BEFORE))
    record(tx, stored, Renewal(on=NOW.date(), until=date(2027, 1, 31)), NOW)

    take_back(tx, "a", NOW + MINUTE)

    samples = readings.samples_of(tx, stored.id, "data", BEFORE)
    assert {sample.remaining for sample in samples} == {1}


def test_a_renewal_of_which_nothing_was_kept_cannot_be_taken_back(
    tx: Connection,
) -> None:
    stored = add(tx, "a", a_deadline())
    detail = {"items": ["validity"], "before": []}
    events.add_event(tx, stored.id, undoing.RENEWAL, NOW, detail)

    assert undoing.last_renewal(tx, stored.id) is None


@pytest.mark.parametrize("kind", ["activity", "edit"])
def test_only_renewals_are_taken_back(tx: Connection, kind: str) -> None:
    stored = add(tx, "a", a_deadline())
    events.add_event(tx, stored.id, kind, NOW, {})

    assert undoing.last_renewal(tx, stored.id) is None
