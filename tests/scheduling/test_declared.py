"""Edits of the configuration file, and what they do to the store."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from reminderd.domain.deliveries import Route
from reminderd.domain.lines import Reading
from reminderd.scheduling.declared import apply_setup
from reminderd.storage.database import Database
from reminderd.storage.lines import (
    NewLine,
    StoredLine,
    add_line,
    all_lines,
    find_line,
    line_names,
)
from reminderd.storage.readings import save_readings
from reminderd.storage.tables import metadata
from tests.builders import NOW, a_deadline, a_policy, an_allowance
from tests.outboxes import states
from tests.setups import a_declared_line, a_setup, take_up

DAY = timedelta(days=1)
_EVENT = metadata.tables["event"]


def find(database: Database, name: str = "uk-travel") -> StoredLine:
    with database.read() as tx:
        found = find_line(tx, name)
    assert found is not None
    return found


def known(database: Database, name: str = "uk-travel") -> list[Reading]:
    line = find(database, name).line
    return [*line.allowances, *line.deadlines]


def names(database: Database) -> list[str]:
    with database.read() as tx:
        return line_names(tx)


def events(database: Database) -> list[tuple[str, Any]]:
    with database.read() as tx:
        rows = tx.execute(select(_EVENT.c.kind, _EVENT.c.detail)).all()
    return [(row.kind, row.detail) for row in rows]


def add_by_command(database: Database, *readings: Reading) -> None:
    with database.write() as tx:
        new = NewLine(
            name="uk-travel", timezone="Europe/Paris", origin="cli", added_at=NOW
        )
        line_id = add_line(tx, new)
        save_readings(tx, line_id, readings, "cli", NOW)


def test_lines_of_the_file_are_added(database: Database) -> None:
    line = a_declared_line(a_deadline(), an_allowance(), route=("phone",))

    assert apply_setup(database, a_setup(line), NOW)

    stored = find(database)
    assert known(database) == [an_allowance(), a_deadline()]
    assert (stored.origin, stored.carrier, stored.route) == (
        "config",
        "giffgaff",
        ("phone",),
    )
    assert stored.line.added_at == NOW


def test_same_file_changes_nothing(database: Database) -> None:
    apply_setup(database, a_setup(a_declared_line(a_deadline())), NOW)

    again = apply_setup(database, a_setup(a_declared_line(a_deadline())), NOW + DAY)

    assert not again
    assert events(database) == []


def test_edited_date_is_a_new_reading(database: Database) -> None:
    apply_setup(database, a_setup(a_declared_line(a_deadline())), NOW)
    renewed = a_deadline(date(2027, 1, 4), observed_at=NOW + DAY)

    apply_setup(database, a_setup(a_declared_line(renewed), digest="2"), NOW + DAY)

    assert known(database) == [renewed]
    assert events(database) == [("edit", {"items": ["validity"]})]


def test_figure_that_was_not_edited_does_not_overwrite_a_later_one(
    database: Database,
) -> None:
    line = a_declared_line(a_deadline(), an_allowance())
    apply_setup(database, a_setup(line), NOW)
    used_up = an_allowance(remaining=1, observed_at=NOW + DAY)
    with database.write() as tx:
        save_readings(tx, find(database).id, [used_up], "cli", NOW + DAY)
    later = a_deadline(date(2027, 1, 4), observed_at=NOW + 2 * DAY)

    edited = a_declared_line(later, an_allowance())
    apply_setup(database, a_setup(edited, digest="2"), NOW + 2 * DAY)

    assert known(database) == [used_up, later]


def test_figure_that_was_taken_out_becomes_unknown(database: Database) -> None:
    line = a_declared_line(a_deadline(), an_allowance())
    apply_setup(database, a_setup(line), NOW)

    apply_setup(database, a_setup(a_declared_line(a_deadline()), digest="2"), NOW)

    assert known(database) == [a_deadline()]
    assert events(database) == [("edit", {"items": ["data"]})]


def test_edited_zone_takes_effect(database: Database) -> None:
    apply_setup(database, a_setup(a_declared_line(a_deadline())), NOW)

    moved = a_declared_line(a_deadline(), timezone="Asia/Shanghai")
    apply_setup(database, a_setup(moved, digest="2"), NOW)

    assert find(database).line.zone.key == "Asia/Shanghai"


def test_edited_limits_of_a_line_have_it_reviewed(database: Database) -> None:
    take_up(database, a_setup(a_declared_line(a_deadline())), NOW)

    edited = a_setup(a_declared_line(a_deadline(), limits="14d"), digest="2")

    assert take_up(database, edited, NOW).reviewed == 1


def test_edit_of_something_else_has_no_line_reviewed(database: Database) -> None:
    take_up(database, a_setup(a_declared_line(a_deadline())), NOW)

    edited = a_setup(a_declared_line(a_deadline()), digest="2")

    assert take_up(database, edited, NOW).reviewed == 0


def test_edited_limits_for_all_have_every_line_reviewed(database: Database) -> None:
    add_by_command(database, a_deadline(date(2026, 12, 12)))
    strict = a_policy(ladders={"validity": "7d"})
    lenient = a_policy(ladders={"validity": "30d"})
    first = take_up(database, a_setup(policy=strict), NOW)

    second = take_up(database, a_setup(policy=lenient, digest="2"), NOW)

    assert (first.reminded, second.reviewed, second.reminded) == (0, 1, 1)


def test_line_that_was_taken_out_is_archived_and_falls_silent(
    database: Database,
) -> None:
    take_up(database, a_setup(a_declared_line(a_deadline())), NOW)

    report = take_up(database, a_setup(digest="2"), NOW + 12 * DAY)

    assert (names(database), report.reviewed) == ([], 0)
    assert states(database) == [("phone", "superseded")]
    with database.read() as tx:
        assert len(list(all_lines(tx, archived=True))) == 1


def test_line_that_was_put_back_is_reminded_of_anew(database: Database) -> None:
    line = a_declared_line(a_deadline())
    take_up(database, a_setup(line), NOW)
    take_up(database, a_setup(digest="2"), NOW)

    report = take_up(database, a_setup(line, digest="3"), NOW)

    assert (names(database), report.reminded) == (["uk-travel"], 1)


def test_line_added_by_command_is_not_archived(database: Database) -> None:
    add_by_command(database, a_deadline())

    apply_setup(database, a_setup(), NOW)

    assert names(database) == ["uk-travel"]


def test_line_added_by_command_is_taken_over_by_the_file(database: Database) -> None:
    add_by_command(database, a_deadline(), an_allowance())
    take_up(database, a_setup(), NOW)
    told = find(database).told

    line = a_declared_line(a_deadline(date(2026, 12, 3)))
    apply_setup(database, a_setup(line, digest="2"), NOW)

    stored = find(database)
    assert known(database) == [an_allowance(), a_deadline(date(2026, 12, 3))]
    assert (stored.origin, stored.line.zone.key) == ("config", "Europe/London")
    assert stored.told == told


def test_what_waits_for_a_removed_channel_goes_to_the_others(
    database: Database,
) -> None:
    line = a_declared_line(a_deadline())
    take_up(database, a_setup(line), NOW)

    mail = [Route(channel="mail")]
    take_up(database, a_setup(line, routes=mail, digest="2"), NOW)

    assert states(database) == [("phone", "superseded"), ("mail", "pending")]


def test_edit_is_applied_whole_or_not_at_all(database: Database) -> None:
    setup = a_setup(a_declared_line(a_deadline()), a_declared_line(name="esim"))
    with database.write() as tx:
        engine = tx.engine

    def die(
        _connection: object, _cursor: object, _sql: str, values: Any, *_: Any
    ) -> None:
        if "esim" in values:
            raise KeyboardInterrupt

    event.listen(engine, "before_cursor_execute", die)
    with pytest.raises(KeyboardInterrupt):
        apply_setup(database, setup, NOW)
    event.remove(engine, "before_cursor_execute", die)
    after_death = names(database)

    assert apply_setup(database, setup, NOW)
    assert (after_death, names(database)) == ([], ["esim", "uk-travel"])
