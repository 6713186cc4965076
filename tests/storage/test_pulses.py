"""What is kept of the clocks from one pass to the next."""

from datetime import timedelta

from reminderd.domain.clocks import ClockReading
from reminderd.storage import pulses
from reminderd.storage.database import Database
from reminderd.storage.pulses import Doubted, Pulses
from tests.builders import NOW

DAY = timedelta(days=1)
READING = ClockReading(wall=NOW, boot="b", up=12.5, awake=11.5)


def at(day: int) -> ClockReading:
    return ClockReading(wall=NOW + day * DAY)


def test_before_the_first_pass_nothing_is_known(either_database: Database) -> None:
    with either_database.read() as tx:
        assert pulses.read(tx) == Pulses(None, None)


def test_last_reading_and_five_intervals_are_kept(either_database: Database) -> None:
    with either_database.write() as tx:
        for day in (0, 1, 3, 6, 10, 15, 21):
            pulses.beat(tx, at(day))
        last = pulses.read(tx).last

    assert last is not None
    assert last.reading == at(21)
    assert last.intervals == [day * DAY for day in (2, 3, 4, 5, 6)]


def test_clock_that_is_set_back_makes_no_interval(database: Database) -> None:
    with database.write() as tx:
        pulses.beat(tx, at(9))
        pulses.beat(tx, READING)
        last = pulses.read(tx).last

    assert last is not None
    assert (last.reading, last.intervals) == (READING, [])


def test_doubt_lasts_until_a_pass_is_made(database: Database) -> None:
    with database.write() as tx:
        pulses.doubt(tx, READING)
        doubted = pulses.read(tx).doubted
        pulses.doubt(tx, READING, is_trusted=True)
        trusted = pulses.read(tx).doubted
        pulses.beat(tx, READING)
        afterwards = pulses.read(tx).doubted

    assert doubted == Doubted(READING, is_trusted=False)
    assert trusted == Doubted(READING, is_trusted=True)
    assert afterwards is None
