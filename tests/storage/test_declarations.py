"""Lines in the care of the configuration file, and what was last said of them there."""

from datetime import timedelta

from reminderd.domain.lines import Line
from reminderd.storage import declarations, lines, readings
from reminderd.storage.database import Database
from reminderd.storage.declarations import Declared
from reminderd.storage.lines import NewLine
from tests.builders import NOW, a_deadline

COLUMNS = {"timezone": "Europe/London", "carrier": "giffgaff", "tags": ["a"]}
MARKS = {"line": "x", "validity": "2026-12-04"}


def known_line(database: Database) -> Line:
    with database.read() as tx:
        found = lines.find_line(tx, "uk")
    assert found is not None
    return found.line


def test_a_new_line_of_the_file_is_added_with_its_marks(
    either_database: Database,
) -> None:
    with either_database.write() as tx:
        line_id = declarations.adopt_line(tx, "uk", COLUMNS, MARKS, NOW)

    with either_database.read() as tx:
        assert declarations.declared_marks(tx) == {"uk": Declared(line_id, MARKS)}
        stored = lines.find_line(tx, "uk")
    assert stored is not None
    assert (stored.origin, stored.carrier, stored.tags) == (
        "config",
        "giffgaff",
        ("a",),
    )


def test_a_line_that_a_command_added_is_adopted_with_what_is_known(
    either_database: Database,
) -> None:
    new = NewLine(name="uk", timezone="UTC", origin="cli", added_at=NOW)
    with either_database.write() as tx:
        added = lines.add_line(tx, new)
        readings.save_readings(tx, added, [a_deadline()], "cli", NOW)
        lines.postpone(tx, added, NOW + timedelta(days=1))

        adopted = declarations.adopt_line(tx, "uk", COLUMNS, MARKS, NOW)

        assert adopted == added
        assert lines.is_any_due(tx, NOW)
    line = known_line(either_database)
    assert line.readings == (a_deadline(),)
    assert line.zone.key == "Europe/London"


def test_a_line_put_back_into_the_file_begins_anew(database: Database) -> None:
    with database.write() as tx:
        old = declarations.adopt_line(tx, "uk", COLUMNS, MARKS, NOW)
        readings.save_readings(tx, old, [a_deadline()], "config", NOW)
        lines.archive_line(tx, old, NOW)
        assert declarations.declared_marks(tx) == {}

        new = declarations.adopt_line(tx, "uk", COLUMNS, MARKS, NOW)

        assert new != old
    assert known_line(database).readings == ()


def test_lines_of_commands_are_not_declared(database: Database) -> None:
    new = NewLine(name="uk", timezone="UTC", origin="cli", added_at=NOW)
    with database.write() as tx:
        lines.add_line(tx, new)

        assert declarations.declared_marks(tx) == {}
