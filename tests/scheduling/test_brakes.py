"""A pass that would say too much at once: held, reported, and let go."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import event

from reminderd.domain.deliveries import Route
from reminderd.domain.reminders import LineReminder, Notice
from reminderd.scheduling.braking import Brakes, brakes_now, release
from reminderd.scheduling.cycle import PassReport, run_pass
from reminderd.scheduling.timekeeping import reading_at
from reminderd.storage import lines
from reminderd.storage.database import Database
from reminderd.storage.readings import save_readings
from tests.builders import NOW, a_deadline, a_policy
from tests.outboxes import deliveries, states, take
from tests.scheduling.test_cycle import PowerCut, add, add_many, engine_of
from tests.setups import a_setup

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FAR = a_deadline(date(2027, 12, 4))


def count(database: Database, state: str) -> int:
    return [known for _, known in states(database)].count(state)


def brakes(database: Database) -> Brakes:
    with database.read() as tx:
        return brakes_now(tx)


def notices(database: Database, now: datetime = NOW) -> list[Notice]:
    """Return what is to be sent now besides reminders of lines."""
    contents = [claimed.content.decoded() for claimed in take(database, now=now)]
    return [content for content in contents if isinstance(content, Notice)]


@pytest.mark.slow
def test_fifty_of_fifty_lines_are_no_storm(database: Database) -> None:
    add_many(database, 50, a_deadline())

    report = run_pass(database, a_setup(), NOW)

    assert (report.reminded, report.held) == (50, None)
    assert count(database, "pending") == 50


@pytest.mark.slow
def test_more_than_fifty_are_held_and_one_message_says_so(database: Database) -> None:
    add_many(database, 51, a_deadline())

    report = run_pass(database, a_setup(), NOW)
    (notice,) = notices(database)

    assert report.held is not None
    assert report.held.reminders == 51
    assert count(database, "held") == 51
    assert notice.code == "held"
    assert notice.details == {
        "reminders": "51",
        "lines": "51",
        "until": (NOW + HOUR).isoformat(),
    }


@pytest.mark.slow
def test_the_message_goes_to_every_channel(database: Database) -> None:
    add_many(database, 51, a_deadline())
    routes = [Route(channel="phone"), Route(channel="mail")]

    run_pass(database, a_setup(routes=routes), NOW)

    sent_now = [known for known, state in states(database) if state == "pending"]
    assert sent_now == ["phone", "mail"]


@pytest.mark.slow
def test_thirty_per_cent_of_many_lines_are_no_storm(database: Database) -> None:
    add_many(database, 140, FAR)
    add_few_due(database, 60)

    run_pass(database, a_setup(), NOW)

    assert (count(database, "pending"), count(database, "held")) == (60, 0)


@pytest.mark.slow
def test_many_due_lines_with_little_to_say_are_let_go_at_the_end(
    database: Database,
) -> None:
    add_many(database, 240, FAR)
    add_few_due(database, 10)

    report = run_pass(database, a_setup(), NOW)

    assert (report.reviewed, report.held) == (250, None)
    assert states(database) == [("phone", "pending")] * 10


@pytest.mark.slow
def test_repeats_that_are_wanted_are_no_storm(database: Database) -> None:
    setup = a_setup(policy=a_policy(repeat="1d"))
    add_many(database, 60, a_deadline())
    run_pass(database, setup, NOW)
    with database.write() as tx:
        release(tx, reading_at(NOW, None))

    report = run_pass(database, setup, NOW + DAY)

    assert (report.reminded, report.held) == (60, None)


@pytest.mark.slow
def test_held_goes_out_after_an_hour_and_not_before(database: Database) -> None:
    add_many(database, 51, a_deadline())
    run_pass(database, a_setup(), NOW)
    take(database)

    early = run_pass(database, a_setup(), NOW + HOUR - SECOND)
    late = run_pass(database, a_setup(), NOW + HOUR)

    assert early.held is not None
    assert late.held is None
    assert len(take(database, now=NOW + HOUR)) == 51


@pytest.mark.slow
def test_release_lets_it_go_at_once(database: Database) -> None:
    add_many(database, 51, a_deadline())
    run_pass(database, a_setup(), NOW)

    with database.write() as tx:
        released = release(tx, reading_at(NOW, None))

    assert released.held is not None
    assert released.held.reminders == 51
    assert not brakes(database).are_on
    assert len(take(database)) == 52


@pytest.mark.slow
def test_line_that_gets_worse_is_heard_of_while_others_are_held(
    database: Database,
) -> None:
    add_many(database, 51, a_deadline())
    run_pass(database, a_setup(), NOW)
    with database.write() as tx:
        worse = a_deadline(date(2026, 11, 24), observed_at=NOW + SECOND)
        save_readings(tx, 7, [worse], "cli", NOW)

    report = run_pass(database, a_setup(), NOW + SECOND)

    assert report.reminded == 1
    assert [state for _, state in states(database)][-1] == "pending"
    assert count(database, "held") == 50
    assert count(database, "superseded") == 1


@pytest.mark.slow
def test_line_that_was_renewed_meanwhile_is_not_reminded_of(
    database: Database,
) -> None:
    add_many(database, 51, a_deadline())
    run_pass(database, a_setup(), NOW)
    with database.write() as tx:
        renewed = a_deadline(date(2027, 12, 4), observed_at=NOW + SECOND)
        save_readings(tx, 7, [renewed], "cli", NOW)

    run_pass(database, a_setup(), NOW + SECOND)
    run_pass(database, a_setup(), NOW + HOUR)

    said = [known.content.decoded() for known in take(database, now=NOW + HOUR)]
    of_it = [
        content.reminder
        for content in said
        if isinstance(content, LineReminder) and content.line.name == "line-6"
    ]
    assert [bool(reminder.findings) for reminder in of_it] == [False]


@pytest.mark.slow
def test_pass_that_dies_in_a_storm_leaves_it_held(database: Database) -> None:
    add_many(database, 250, a_deadline())
    began = []

    def die(_connection: object, _cursor: object, sql: str, *_: object) -> None:
        if sql.startswith("INSERT INTO reminder"):
            began.append(sql)
            if len(began) > 220:
                raise PowerCut

    event.listen(engine_of(database), "before_cursor_execute", die)
    with pytest.raises(PowerCut):
        run_pass(database, a_setup(), NOW)
    event.remove(engine_of(database), "before_cursor_execute", die)

    assert states(database) == [("phone", "held")] * 200
    assert take(database) == []


@pytest.mark.slow
def test_two_passes_at_once_let_no_storm_through(database: Database) -> None:
    add_many(database, 450, a_deadline())
    barrier = Barrier(2)

    def make_pass() -> PassReport:
        barrier.wait()
        return run_pass(database, a_setup(), NOW)

    with ThreadPoolExecutor(2) as pool:
        made = [pool.submit(make_pass) for _ in range(2)]
    assert sum(known.result().reminded for known in made) == 450

    assert count(database, "held") == 450


@pytest.mark.slow
def test_line_that_ends_within_minutes_is_not_held(database: Database) -> None:
    soon = NOW + timedelta(minutes=10)
    add_many(database, 51, a_deadline())
    add(database, a_deadline(soon), name="soon")

    run_pass(database, a_setup(), NOW)

    assert count(database, "held") == 51
    assert [known.channel for known in deliveries(database) if known.state != "held"]
    assert "soon" in [
        known.content.line.name for known in take(database) if known.content.line
    ]


@pytest.mark.slow
def test_storm_by_a_clock_that_was_ahead_is_reviewed_again(
    database: Database,
) -> None:
    """Also when the process died before it noted that it had made a pass."""
    add_many(database, 51, FAR)
    run_pass(database, a_setup(), NOW)
    year_ahead = NOW + 370 * DAY

    def die(_connection: object, _cursor: object, sql: str, *_: object) -> None:
        if sql.startswith("INSERT INTO meta"):
            raise PowerCut

    event.listen(engine_of(database), "before_cursor_execute", die)
    with pytest.raises(PowerCut):
        run_pass(database, a_setup(), year_ahead)
    event.remove(engine_of(database), "before_cursor_execute", die)
    assert count(database, "held") == 51

    run_pass(database, a_setup(), NOW + HOUR)

    assert count(database, "held") == 0
    assert count(database, "superseded") == 51


def test_lines_are_counted_no_further_than_needed(
    database: Database,
) -> None:
    add_many(database, 30, FAR)

    with database.read() as tx:
        assert lines.count_lines(tx, 10) == 10
        assert lines.count_lines(tx, 100) == 30


def add_few_due(database: Database, number: int) -> None:
    for each in range(number):
        add(database, a_deadline(), name=f"due-{each}")
