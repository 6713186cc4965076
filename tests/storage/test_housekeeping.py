"""Old readings are thinned to one a day; young ones stay."""

from datetime import datetime, timedelta

from sqlalchemy import insert, select

from reminderd.storage import housekeeping, lines
from reminderd.storage.database import Database
from reminderd.storage.lines import NewLine
from reminderd.storage.tables import metadata
from tests.builders import NOW

READING = metadata.tables["reading"]
MIDNIGHT = NOW.replace(hour=0)
LIMIT = MIDNIGHT - timedelta(days=90)
HOUR = timedelta(hours=1)


def thinned(database: Database, *series: tuple[str, datetime]) -> list[int]:
    """Return the positions in *series* of the readings that stay."""
    new = NewLine(name="uk", timezone="Europe/London", origin="cli", added_at=NOW)
    with database.write() as tx:
        line_id = lines.add_line(tx, new)
        for position, (item, at) in enumerate(series):
            row = {"item": item, "remaining": position, "observed_at": at}
            tx.execute(
                insert(READING).values(
                    line_id=line_id, unlimited=False, source="cli", **row
                )
            )
        deleted = housekeeping.thin_readings(tx, NOW)
        kept = tx.execute(select(READING.c.remaining).order_by(READING.c.id))
        positions = [row.remaining for row in kept]
    assert deleted == len(series) - len(positions)
    return positions


def test_of_an_old_day_the_last_reading_stays(either_database: Database) -> None:
    old = LIMIT - timedelta(days=10)

    kept = thinned(
        either_database,
        ("data", old + 20 * HOUR),
        ("data", old + 23.9 * HOUR),
        ("data", old + 1 * HOUR),
        ("data", old + 24 * HOUR),
    )

    assert kept == [1, 3]


def test_items_are_thinned_each_by_itself(either_database: Database) -> None:
    old = LIMIT - timedelta(days=10)

    kept = thinned(either_database, ("data", old), ("sms", old), ("data", old + HOUR))

    assert kept == [1, 2]


def test_of_two_readings_at_one_instant_the_later_written_stays(
    either_database: Database,
) -> None:
    old = LIMIT - timedelta(days=10)

    assert thinned(either_database, ("data", old), ("data", old)) == [1]


def test_whole_days_within_ninety_days_are_left_alone(
    either_database: Database,
) -> None:
    kept = thinned(
        either_database,
        ("data", LIMIT - 2 * HOUR),
        ("data", LIMIT - 1 * HOUR),
        ("data", LIMIT),
        ("data", LIMIT + 1 * HOUR),
    )

    assert kept == [1, 2, 3]
