"""Readings replace what was known, and stay as a series."""

from datetime import timedelta

from sqlalchemy import select

from reminderd.domain.lines import Allowance
from reminderd.domain.quantities import AllowanceKind
from reminderd.storage import lines, readings
from reminderd.storage.database import Database
from reminderd.storage.lines import NewLine
from reminderd.storage.tables import metadata
from tests.builders import NOW, a_deadline, an_allowance

READING = metadata.tables["reading"]


def add_line(database: Database) -> int:
    new = NewLine(name="uk", timezone="Europe/London", origin="cli", added_at=NOW)
    with database.write() as tx:
        return lines.add_line(tx, new)


def stored_line(database: Database) -> lines.StoredLine:
    with database.read() as tx:
        found = lines.find_line(tx, "uk")
    assert found is not None
    return found


def test_a_reading_takes_the_place_of_the_one_before(either_database: Database) -> None:
    line_id = add_line(either_database)

    for remaining in (500, 300):
        with either_database.write() as tx:
            readings.save_readings(
                tx, line_id, [an_allowance(remaining, 1000)], "cli", NOW
            )

    known = stored_line(either_database).line.allowance(AllowanceKind.DATA)
    assert known == an_allowance(300, 1000)


def test_the_series_keeps_every_reading_and_its_source(
    either_database: Database,
) -> None:
    line_id = add_line(either_database)

    with either_database.write() as tx:
        readings.save_readings(tx, line_id, [an_allowance(500, 1000)], "config", NOW)
        readings.save_readings(
            tx, line_id, [an_allowance(300, 1000), a_deadline()], "cli", NOW
        )

    with either_database.read() as tx:
        rows = tx.execute(select(READING).order_by(READING.c.id)).all()
    assert [(row.item, row.remaining, row.due, row.source) for row in rows] == [
        ("data", 500, None, "config"),
        ("data", 300, None, "cli"),
        ("validity", None, "2026-12-04", "cli"),
    ]


def test_a_reading_makes_its_line_due(database: Database) -> None:
    line_id = add_line(database)
    with database.write() as tx:
        lines.postpone(tx, line_id, NOW + timedelta(days=1))

        readings.save_readings(tx, line_id, [a_deadline()], "cli", NOW)

        assert lines.is_any_due(tx, NOW)


def test_no_reading_changes_nothing(database: Database) -> None:
    line_id = add_line(database)
    with database.write() as tx:
        lines.postpone(tx, line_id, NOW + timedelta(days=1))

        readings.save_readings(tx, line_id, [], "cli", NOW)

        assert not lines.is_any_due(tx, NOW)


def test_a_reading_from_the_future_counts_as_of_now(database: Database) -> None:
    line_id = add_line(database)
    early = a_deadline(observed_at=NOW + timedelta(days=400))

    with database.write() as tx:
        readings.save_readings(tx, line_id, [early], "cli", NOW)

    assert stored_line(database).line.observed_at == NOW


def test_only_the_named_items_are_forgotten(either_database: Database) -> None:
    night = Allowance(
        kind=AllowanceKind.DATA, bucket="night", remaining=1, observed_at=NOW
    )
    line_id = add_line(either_database)
    with either_database.write() as tx:
        known = (an_allowance(), night, a_deadline())
        readings.save_readings(tx, line_id, known, "cli", NOW)
        lines.postpone(tx, line_id, NOW + timedelta(days=1))

        readings.forget_items(tx, line_id, ["data/night", "validity"])

        assert lines.is_any_due(tx, NOW)
    assert stored_line(either_database).line.readings == (an_allowance(),)
