"""What a brake holds in the outbox, and how it is let go."""

from datetime import timedelta

import pytest

from reminderd.storage import brakes, channels, waiting
from reminderd.storage.brakes import Held
from reminderd.storage.database import Database
from reminderd.storage.outbox import enqueue_reminder, supersede_line
from reminderd.storage.strays import has_strays
from tests.builders import NOW
from tests.outboxes import a_reminder, add_stored_line, enqueue, states, take

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def hold_all(database: Database) -> None:
    with database.write() as tx:
        brakes.hold(tx, range(1, 10), NOW)


def held(database: Database) -> Held | None:
    with database.read() as tx:
        return brakes.held(tx)


def test_held_is_let_go_by_itself_after_an_hour(either_database: Database) -> None:
    enqueue(either_database, "phone", "mail")
    hold_all(either_database)

    with either_database.write() as tx:
        before = brakes.release_over(tx, NOW + HOUR - SECOND)
    assert take(either_database) == []
    with either_database.write() as tx:
        after = brakes.release_over(tx, NOW + HOUR)

    assert (before, after) == (0, 2)
    assert len(take(either_database, now=NOW + HOUR)) == 1


def test_release_lets_everything_go_at_once(either_database: Database) -> None:
    enqueue(either_database, "phone", "mail")
    enqueue(either_database, "phone", line="another")
    hold_all(either_database)
    assert held(either_database) == Held(2, NOW + HOUR, NOW + HOUR)

    with either_database.write() as tx:
        assert brakes.release(tx, NOW) == 3
        assert brakes.release(tx, NOW) == 0

    assert held(either_database) is None
    assert len(take(either_database)) == 2


def test_nothing_is_held_past_its_last_useful_moment(
    either_database: Database,
) -> None:
    enqueue(either_database, "phone", useful_until=NOW + HOUR)
    hold_all(either_database)

    found = held(either_database)

    assert found is not None
    assert found.until == NOW + 45 * MINUTE


def test_what_loses_its_use_soon_is_not_held_at_all(either_database: Database) -> None:
    enqueue(either_database, "phone", useful_until=NOW + 15 * MINUTE)
    hold_all(either_database)

    assert held(either_database) is None
    assert len(take(either_database)) == 1


def test_only_the_named_ones_are_let_go(either_database: Database) -> None:
    enqueue(either_database, "phone")
    enqueue(either_database, "phone", line="another")
    hold_all(either_database)

    with either_database.write() as tx:
        brakes.let_go(tx, [2], NOW)

    assert states(either_database) == [("phone", "held"), ("phone", "pending")]


def test_hold_of_a_clock_that_was_ahead_ends_an_hour_from_now(
    either_database: Database,
) -> None:
    enqueue(either_database, "phone")
    hold_all(either_database)
    earlier = NOW - timedelta(days=400)
    found = held(either_database)
    assert found is not None
    assert found.is_too_long(earlier)
    assert not found.is_too_long(NOW)

    with either_database.write() as tx:
        brakes.shorten(tx, earlier)

    assert held(either_database) == Held(1, earlier + HOUR, earlier + HOUR)


def test_mended_channel_does_not_let_go_what_a_brake_holds(database: Database) -> None:
    enqueue(database, "phone")
    hold_all(database)

    with database.write() as tx:
        channels.mark_broken(tx, "phone", "401", NOW)
        assert waiting.hold(tx, "phone") == 0
        channels.mend(tx, "phone", NOW)

    assert states(database) == [("phone", "held")]


def test_release_does_not_let_go_what_waits_for_its_channel(
    database: Database,
) -> None:
    enqueue(database, "phone")
    with database.write() as tx:
        waiting.hold(tx, "phone")
        assert brakes.held(tx) is None
        assert brakes.release(tx, NOW) == 0

    assert states(database) == [("phone", "held")]


def test_fallback_does_not_get_what_a_brake_holds(database: Database) -> None:
    enqueue(database, "phone", useful_until=NOW + 20 * MINUTE)
    hold_all(database)

    with database.read() as tx:
        assert waiting.overdue(tx, "phone", "mail", 15 * MINUTE, NOW + HOUR) == []


def test_what_is_held_for_a_removed_channel_stays_held(database: Database) -> None:
    enqueue(database, "phone")
    hold_all(database)

    with database.write() as tx:
        assert not has_strays(tx, ["mail"])
        brakes.release(tx, NOW)
        assert has_strays(tx, ["mail"])


@pytest.mark.parametrize("is_renewed", [True, False])
def test_held_is_superseded_by_what_is_newer(
    database: Database, *, is_renewed: bool
) -> None:
    line_id = add_stored_line(database)
    with database.write() as tx:
        enqueue_reminder(tx, line_id, a_reminder(), ["phone"], NOW)
    hold_all(database)

    with database.write() as tx:
        if is_renewed:
            supersede_line(tx, line_id, NOW)
        else:
            enqueue_reminder(tx, line_id, a_reminder("worse"), ["phone"], NOW)
        brakes.release(tx, NOW)

    newer = [] if is_renewed else [("phone", "pending")]
    assert states(database) == [("phone", "superseded"), *newer]
