"""One pass over what is due, on a real store, at an instant that the test chooses."""

import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier, Event

import pytest
from sqlalchemy import Engine, event, insert, select, text, update

from reminderd.domain.deliveries import Route
from reminderd.domain.ladders import Policy, Severity
from reminderd.domain.lines import Reading
from reminderd.domain.quantities import AllowanceKind
from reminderd.errors import StoreFullError
from reminderd.scheduling.cycle import BATCH, LAST_PASS, PassReport, run_pass
from reminderd.scheduling.setup import Setup
from reminderd.storage import meta
from reminderd.storage.database import Database
from reminderd.storage.lines import (
    NewLine,
    StoredLine,
    add_line,
    all_lines,
    review_now,
    update_line,
)
from reminderd.storage.quarantine import left_aside
from reminderd.storage.readings import save_readings
from reminderd.storage.tables import metadata
from reminderd.storage.waiting import waiting_reminders
from tests.builders import NOW, a_deadline, a_policy, an_allowance
from tests.outboxes import SENT, settle, states, take
from tests.setups import a_declared_line, a_setup

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
_LINE = metadata.tables["line"]
_REMINDER = metadata.tables["reminder"]
_TOLD = metadata.tables["told"]


def add(
    database: Database,
    *readings: Reading,
    name: str = "uk-travel",
    route: tuple[str, ...] | None = None,
) -> int:
    """Add a line as a command would; return its id."""
    with database.write() as tx:
        new = NewLine(
            name=name,
            timezone="Europe/London",
            origin="cli",
            added_at=NOW,
            route=route,
        )
        line_id = add_line(tx, new)
        save_readings(tx, line_id, readings, "cli", NOW)
    return line_id


def correct(database: Database, line_id: int, *readings: Reading) -> None:
    """Put *readings* in the place of what was known, as a command would."""
    with database.write() as tx:
        save_readings(tx, line_id, readings, "cli", NOW)


def add_many(database: Database, count: int, *readings: Reading) -> None:
    """Add so many lines, of each of which *readings* are known."""
    row = {"timezone": "Europe/London", "origin": "cli", "added_at": NOW, "tags": []}
    with database.write() as tx:
        rows = [{**row, "name": f"line-{number}"} for number in range(count)]
        tx.execute(insert(_LINE).values(review_at=0), rows)
        for line_id in tx.execute(select(_LINE.c.id)).scalars().all():
            save_readings(tx, line_id, readings, "cli", NOW)


def reminders(database: Database) -> list[str]:
    """Return the names of the lines that reminders were written for, in order."""
    with database.read() as tx:
        names = select(_LINE.c.name).join_from(_REMINDER, _LINE)
        return list(tx.execute(names.order_by(_REMINDER.c.id)).scalars())


def engine_of(database: Database) -> Engine:
    """Return what all transactions that write come from."""
    with database.write() as tx:
        return tx.engine


def reviewed_at(database: Database, name: str = "uk-travel") -> int | None:
    """Return when the line is reviewed next, in seconds since 1970."""
    with database.read() as tx:
        found = tx.execute(select(_LINE.c.review_at).where(_LINE.c.name == name))
        at: int | None = found.scalar_one()
    return at


def counts(report: PassReport) -> tuple[int, int, Sequence[str]]:
    return report.reviewed, report.reminded, report.quarantined


def fails_for(name: str) -> Setup:
    """Return a setup whose policy cannot be found for one line."""
    chosen = a_policy()

    def policy_for(stored: StoredLine) -> Policy:
        if stored.card.name == name:
            raise ZeroDivisionError(name)
        return chosen

    return replace(a_setup(), policy_for=policy_for)


def test_line_at_a_limit_is_reminded_of_once(database: Database) -> None:
    add(database, a_deadline(date(2026, 12, 4)))

    first = run_pass(database, a_setup(), NOW)
    second = run_pass(database, a_setup(), NOW)

    assert counts(first) == (1, 1, [])
    assert counts(second) == (0, 0, [])
    assert states(database) == [("phone", "pending")]


def test_line_is_left_alone_until_something_new_can_be_said(
    database: Database,
) -> None:
    add(database, a_deadline(date(2026, 12, 4)))
    run_pass(database, a_setup(), NOW)

    day_before = run_pass(database, a_setup(), NOW + 4 * DAY)
    week_before = run_pass(database, a_setup(), NOW + 5 * DAY)

    assert counts(day_before) == (0, 0, [])
    assert counts(week_before) == (1, 1, [])


def test_line_without_anything_known_says_nothing(database: Database) -> None:
    add(database)

    assert counts(run_pass(database, a_setup(), NOW)) == (1, 0, [])


def test_pass_applies_no_edits(database: Database) -> None:
    """Two processes that read different files would undo each other's for ever."""
    setup = a_setup(a_declared_line(a_deadline()))

    assert counts(run_pass(database, setup, NOW)) == (0, 0, [])


def test_more_lines_than_one_batch_are_all_reviewed(database: Database) -> None:
    add_many(database, BATCH + 1)

    report = run_pass(database, a_setup(), NOW)

    assert counts(report) == (BATCH + 1, 0, [])
    assert reviewed_at(database, f"line-{BATCH}") != 0


@pytest.mark.slow
def test_stopping_between_batches_leaves_the_rest_due(database: Database) -> None:
    add_many(database, BATCH + 1)
    answers = iter([True, False])

    first = run_pass(database, a_setup(), NOW, go_on=lambda: next(answers))
    second = run_pass(database, a_setup(), NOW)

    assert (first.reviewed, second.reviewed) == (BATCH, 1)


def test_pass_that_may_not_go_on_reviews_nothing(database: Database) -> None:
    add(database, a_deadline())

    assert counts(run_pass(database, a_setup(), NOW, go_on=lambda: False)) == (0, 0, [])


def test_line_that_cannot_be_reviewed_does_not_silence_the_others(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("one", "two", "three"):
        add(database, a_deadline(), name=name)

    report = run_pass(database, fails_for("two"), NOW)

    assert counts(report) == (3, 2, ["two"])
    assert reminders(database) == ["one", "three"]
    assert "review failed line_id=2" in caplog.text


def test_line_that_could_not_be_reviewed_is_tried_again_an_hour_later(
    database: Database,
) -> None:
    add(database, a_deadline())
    run_pass(database, fails_for("uk-travel"), NOW)

    soon = run_pass(database, a_setup(), NOW + timedelta(minutes=59))
    later = run_pass(database, a_setup(), NOW + timedelta(minutes=60))

    assert (soon.reviewed, later.reminded) == (0, 1)


def test_row_that_cannot_be_read_does_not_silence_the_others(
    database: Database,
) -> None:
    for name in ("one", "two", "three"):
        add(database, a_deadline(), name=name)
    with database.write() as tx:
        bad = update(_LINE).where(_LINE.c.name == "two")
        tx.execute(bad.values(timezone="Mars/Olympus"))

    report = run_pass(database, a_setup(), NOW)

    assert report.quarantined == ["two"]
    assert reminders(database) == ["one", "three"]
    assert reviewed_at(database, "two") == (NOW + timedelta(hours=1)).timestamp()


@pytest.mark.slow
def test_batch_of_unreadable_rows_does_not_end_the_pass(database: Database) -> None:
    add_many(database, BATCH + 1)
    with database.write() as tx:
        bad = update(_LINE).where(_LINE.c.id <= BATCH)
        tx.execute(bad.values(timezone="Mars/Olympus"))

    report = run_pass(database, a_setup(), NOW)

    assert (report.reviewed, len(report.quarantined)) == (BATCH + 1, BATCH)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param("UPDATE line SET tags = '{' WHERE name = 'two'", id="broken list"),
        pytest.param("UPDATE line SET added_at = '?' WHERE name = 'two'", id="no time"),
        pytest.param("UPDATE deadline SET due_on = '?' WHERE line_id = 2", id="no day"),
        pytest.param("UPDATE deadline SET kind = '?' WHERE line_id = 2", id="no kind"),
        pytest.param("UPDATE line SET timezone = 7 WHERE name = 'two'", id="no zone"),
    ],
)
def test_value_that_its_column_cannot_hold_does_not_silence_the_others(
    database: Database, damage: str
) -> None:
    """The driver gives out no row at all while one of them has such a value."""
    for name in ("one", "two", "three"):
        add(database, a_deadline(), name=name)
    with database.write() as tx:
        tx.execute(text(damage))

    report = run_pass(database, a_setup(), NOW)

    assert report.quarantined == ["two"]
    assert reminders(database) == ["one", "three"]
    with database.read() as tx:
        assert [known.name for known in all_lines(tx)] == ["one", "three"]
        (aside,) = left_aside(tx)
    assert (aside.name, aside.since) == ("two", NOW)
    assert aside.again_at == NOW + HOUR
    assert str(aside.fault).startswith("its row cannot be read (")


def test_line_whose_review_cannot_be_written_does_not_silence_the_others(
    database: Database,
) -> None:
    for name in ("one", "two", "three"):
        add(database, a_deadline(), name=name)
    with database.write() as tx:
        tx.execute(
            text(
                "CREATE TRIGGER refuse BEFORE INSERT ON told WHEN NEW.line_id = 2 "
                "BEGIN SELECT RAISE(ABORT, 'secret'); END"
            )
        )

    report = run_pass(database, a_setup(), NOW)

    assert report.quarantined == ["two"]
    assert reminders(database) == ["one", "three"]
    with database.read() as tx:
        (aside,) = left_aside(tx)
    assert aside.fault == "its review cannot be written (IntegrityError)"


def notices(database: Database) -> list[Mapping[str, str]]:
    """Return what is said of reminderd itself, in order."""
    with database.read() as tx:
        wanted = select(_REMINDER.c.content).where(_REMINDER.c.line_id.is_(None))
        found = tx.execute(wanted.order_by(_REMINDER.c.id)).scalars()
        return [content["details"] for content in found]


def test_line_left_aside_is_told_of_once_while_its_fault_lasts(
    database: Database,
) -> None:
    add(database, a_deadline(), name="two")
    broken = fails_for("two")

    for hour in range(3):
        run_pass(database, broken, NOW + hour * HOUR)

    (notice,) = notices(database)
    assert notice == {
        "lines": "two",
        "line": "two",
        "fault": "it cannot be reviewed (ZeroDivisionError)",
    }
    with database.read() as tx:
        (aside,) = left_aside(tx)
    assert (aside.since, aside.again_at) == (NOW, NOW + 3 * HOUR)


def test_line_that_was_well_in_between_is_told_of_again(database: Database) -> None:
    line_id = add(database, a_deadline(), name="two")
    run_pass(database, fails_for("two"), NOW)
    run_pass(database, a_setup(), NOW + HOUR)
    with database.read() as tx:
        assert left_aside(tx) == []
    with database.write() as tx:
        review_now(tx, line_id)

    run_pass(database, fails_for("two"), NOW + 2 * HOUR)

    assert len(notices(database)) == 2


def test_other_fault_of_a_line_is_told_of_again(database: Database) -> None:
    line_id = add(database, a_deadline(), name="two")
    run_pass(database, fails_for("two"), NOW)
    with database.write() as tx:
        update_line(tx, line_id, timezone="Mars/Olympus")

    run_pass(database, a_setup(), NOW + HOUR)

    assert [known["fault"].partition(" (")[0] for known in notices(database)] == [
        "it cannot be reviewed",
        "its row cannot be read",
    ]


def test_many_lines_left_aside_are_one_message_to_each_channel(
    database: Database,
) -> None:
    add_many(database, 7, a_deadline())
    with database.write() as tx:
        tx.execute(update(_LINE).values(timezone="Mars/Olympus"))
    routes = (Route(channel="phone"), Route(channel="mail"))

    run_pass(database, a_setup(routes=routes), NOW)

    (notice,) = notices(database)
    assert notice["lines"] == "line-0, line-1, line-2, line-3, line-4, +2"
    assert states(database) == [("phone", "pending"), ("mail", "pending")]


class PowerCut(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("INSERT INTO told", id="before the told state"),
        pytest.param("UPDATE line SET snoozed", id="before the next review"),
        pytest.param("INSERT INTO reminder", id="before the reminder"),
        pytest.param("INSERT INTO delivery", id="between reminder and delivery"),
    ],
)
def test_death_in_the_middle_leaves_nothing_half_written(
    database: Database, statement: str
) -> None:
    add(database, a_deadline())

    def die(_connection: object, _cursor: object, sql: str, *_: object) -> None:
        if sql.startswith(statement):
            raise PowerCut

    event.listen(engine_of(database), "before_cursor_execute", die)
    with pytest.raises(PowerCut):
        run_pass(database, a_setup(), NOW)
    event.remove(engine_of(database), "before_cursor_execute", die)
    with database.read() as tx:
        assert tx.execute(select(_TOLD)).all() == []
        assert tx.execute(select(_REMINDER)).all() == []

    assert counts(run_pass(database, a_setup(), NOW)) == (1, 1, [])
    assert states(database) == [("phone", "pending")]


@pytest.mark.slow
def test_full_disk_is_not_the_fault_of_a_line(database: Database) -> None:
    add_many(database, 30, a_deadline())
    with database.write() as tx:
        pages = tx.execute(text("PRAGMA page_count")).scalar_one()

    def fill(raw: sqlite3.Connection, *_: object) -> None:
        raw.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(engine_of(database), "checkout", fill)
    with pytest.raises(StoreFullError):
        run_pass(database, a_setup(), NOW)
    event.remove(engine_of(database), "checkout", fill)

    with database.write() as tx:
        tx.execute(text("PRAGMA max_page_count = 1000000"))
    assert counts(run_pass(database, a_setup(), NOW)) == (30, 30, [])


@pytest.mark.slow
def test_two_passes_at_once_write_each_reminder_once(database: Database) -> None:
    add_many(database, 40, a_deadline())
    barrier = Barrier(2)

    def make_pass() -> PassReport:
        barrier.wait()
        return run_pass(database, a_setup(), NOW)

    with ThreadPoolExecutor(2) as pool:
        made = [pool.submit(make_pass) for _ in range(2)]
    reports = [known.result() for known in made]

    assert sum(report.reminded for report in reports) == 40
    assert len(reminders(database)) == len(set(reminders(database))) == 40


def test_channel_gets_what_is_severe_enough_for_it(database: Database) -> None:
    routes = [
        Route(channel="all"),
        Route(channel="warning", min_severity=Severity.WARNING),
        Route(channel="critical", min_severity=Severity.CRITICAL),
    ]
    add(database, a_deadline(date(2026, 12, 4)))

    run_pass(database, a_setup(routes=routes), NOW)

    assert states(database) == [("all", "pending"), ("warning", "pending")]


def test_last_limit_goes_to_the_channel_for_what_is_critical(
    database: Database,
) -> None:
    add(database, a_deadline(date(2026, 11, 23)))
    routes = [Route(channel="critical", min_severity=Severity.CRITICAL)]

    run_pass(database, a_setup(routes=routes), NOW)

    assert states(database) == [("critical", "pending")]


def test_line_goes_to_the_channels_of_its_own(database: Database) -> None:
    add(database, a_deadline(), name="one", route=("mail",))
    add(database, a_deadline(), name="two")
    routes = [Route(channel="phone"), Route(channel="mail")]

    run_pass(database, a_setup(routes=routes), NOW)

    assert states(database) == [
        ("mail", "pending"),
        ("phone", "pending"),
        ("mail", "pending"),
    ]


def test_line_whose_channels_are_gone_goes_to_all_of_them(database: Database) -> None:
    add(database, a_deadline(), route=("pager",))

    run_pass(database, a_setup(), NOW)

    assert states(database) == [("phone", "pending")]


def test_newer_reminder_takes_the_place_of_one_that_waits(database: Database) -> None:
    add(database, a_deadline(date(2026, 12, 4)))
    run_pass(database, a_setup(), NOW)

    run_pass(database, a_setup(), NOW + 5 * DAY)

    assert states(database) == [("phone", "superseded"), ("phone", "pending")]


def test_clock_that_is_set_back_half_a_day_says_nothing_again(
    database: Database,
) -> None:
    add(database, an_allowance(), a_deadline(date(2026, 12, 4)))

    reports = [
        run_pass(database, a_setup(), NOW + after)
        for after in (0 * DAY, 11 * DAY, 10.5 * DAY)
    ]

    assert [report.reminded for report in reports] == [1, 1, 0]


def test_limit_that_a_clock_ahead_has_taken_back_is_said_when_it_comes(
    database: Database,
) -> None:
    add(database, a_deadline(date(2026, 12, 29)))
    run_pass(database, a_setup(), NOW + 7 * DAY)
    run_pass(database, a_setup(), NOW)
    assert states(database) == [("phone", "superseded")]

    run_pass(database, a_setup(), NOW + 6.9 * DAY)

    assert states(database) == [("phone", "pending")]


def test_limit_said_more_mildly_after_a_clock_ahead_is_said_when_it_comes(
    database: Database,
) -> None:
    add(database, a_deadline(date(2026, 12, 4)))
    run_pass(database, a_setup(), NOW + 5 * DAY)
    run_pass(database, a_setup(), NOW + 4.5 * DAY)
    (claimed,) = take(database, now=NOW + 5 * DAY)
    settle(database, claimed, SENT)

    run_pass(database, a_setup(), NOW + 5 * DAY)

    assert states(database) == [("phone", "sent"), ("phone", "pending")]


@pytest.mark.slow
def test_channel_that_missed_what_another_got_is_told_when_it_is_so_again(
    database: Database,
) -> None:
    setup = a_setup(routes=[Route(channel="phone"), Route(channel="mail")])
    enough, too_little = (
        an_allowance(left, 6000, kind=AllowanceKind.VOICE) for left in (1210, 1190)
    )
    line_id = add(database, too_little)
    run_pass(database, setup, NOW)
    (claimed,) = take(database, "phone")
    settle(database, claimed, SENT)
    correct(database, line_id, enough)
    run_pass(database, setup, NOW)
    assert states(database) == [("phone", "sent"), ("mail", "superseded")]

    correct(database, line_id, too_little)
    run_pass(database, setup, NOW)

    assert states(database) == [("phone", "sent"), ("mail", "pending")]


def test_reminder_that_is_taken_back_gives_way_to_what_it_took_the_place_of(
    database: Database,
) -> None:
    enough, too_little = (
        an_allowance(left, 6000, kind=AllowanceKind.VOICE) for left in (1210, 1190)
    )
    line_id = add(database, an_allowance(), enough)
    run_pass(database, a_setup(), NOW)
    correct(database, line_id, too_little)
    run_pass(database, a_setup(), NOW)
    assert states(database) == [("phone", "superseded"), ("phone", "pending")]

    correct(database, line_id, enough)
    run_pass(database, a_setup(), NOW)

    assert states(database) == [("phone", "pending"), ("phone", "superseded")]


def test_what_waits_again_says_what_is_left_now(database: Database) -> None:
    enough, too_little = (
        an_allowance(left, 6000, kind=AllowanceKind.VOICE) for left in (1210, 1190)
    )
    line_id = add(database, an_allowance(300_000_000), enough)
    run_pass(database, a_setup(), NOW)
    correct(database, line_id, too_little)
    run_pass(database, a_setup(), NOW)

    correct(database, line_id, enough, an_allowance(200_000_000))
    run_pass(database, a_setup(), NOW)

    with database.read() as tx:
        (waits,) = waiting_reminders(tx, line_id)
    assert [each.remaining for each in waits.reminder.findings] == [200_000_000]


def test_idle_pass_writes_only_a_sign_of_life_each_minute(database: Database) -> None:
    def last_pass() -> str | None:
        with database.read() as tx:
            return meta.get(tx, LAST_PASS)

    run_pass(database, a_setup(), NOW)
    run_pass(database, a_setup(), NOW + timedelta(seconds=59))
    after_59_seconds = last_pass()
    run_pass(database, a_setup(), NOW + timedelta(seconds=61))

    assert after_59_seconds == NOW.isoformat()
    assert last_pass() == (NOW + timedelta(seconds=61)).isoformat()


def test_readings_are_thinned_once_a_day(database: Database) -> None:
    line_id = add(database, an_allowance())
    long_ago = NOW - 100 * DAY
    with database.write() as tx:
        for minutes in range(5):
            seen_at = long_ago + timedelta(minutes=minutes)
            reading = an_allowance(remaining=minutes, observed_at=seen_at)
            save_readings(tx, line_id, [reading], "cli", NOW)

    run_pass(database, a_setup(), NOW)

    with database.read() as tx:
        known = select(metadata.tables["reading"].c.observed_at)
        seen = list(tx.execute(known).scalars())
    assert len([instant for instant in seen if instant < NOW - 90 * DAY]) == 1


def test_clock_that_was_far_ahead_does_not_silence_a_line(database: Database) -> None:
    add(database, a_deadline())
    run_pass(database, fails_for("uk-travel"), NOW + 3000 * DAY)

    reports = [run_pass(database, a_setup(), NOW) for _ in range(2)]

    assert [report.reminded for report in reports] == [1, 0]


def test_pass_that_began_a_little_earlier_is_no_clock_that_was_ahead(
    database: Database,
) -> None:
    add(database, a_deadline())
    run_pass(database, a_setup(), NOW)

    assert run_pass(database, a_setup(), NOW - timedelta(minutes=59)).reviewed == 0


@pytest.mark.slow
def test_another_process_can_write_while_a_pass_is_made(database: Database) -> None:
    add_many(database, 3 * BATCH)
    impatient = Database.open(f"sqlite:///{database.place}", patience=3)
    has_begun = Event()

    def go_on() -> bool:
        has_begun.set()
        return True

    with ThreadPoolExecutor(1) as pool:
        made = pool.submit(run_pass, database, a_setup(), NOW, go_on=go_on)
        has_begun.wait()
        with impatient.write() as tx:
            meta.put(tx, "heard", "yes")
        was_running = not made.done()
        made.result()

    assert was_running
    impatient.close()


PASS = """
import sys
from datetime import datetime
from reminderd.scheduling.cycle import run_pass
from reminderd.storage.database import Database
from tests.setups import a_declared_line, a_setup
database = Database.open(sys.argv[1])
sys.stdin.readline()
report = run_pass(database, a_setup(), datetime.fromisoformat(sys.argv[2]))
print(report.reminded)
database.close()
"""


@pytest.mark.slow
def test_passes_of_several_processes_write_each_reminder_once(
    database: Database,
) -> None:
    add_many(database, 1200, a_deadline())
    command = [sys.executable, "-c", PASS, f"sqlite:///{database.place}"]
    processes = [
        subprocess.Popen(
            [*command, NOW.isoformat()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]

    written = [int(process.communicate("\n", timeout=60)[0]) for process in processes]

    assert sum(written) == 1200
    assert len(set(reminders(database))) == 1200
