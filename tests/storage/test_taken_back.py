"""What was superseded on a channel, and not followed by anything that arrived there."""

from reminderd.storage.database import Database
from reminderd.storage.outbox import enqueue_reminder, supersede_line
from reminderd.storage.taken_back import put_back, taken_back
from tests.builders import NOW
from tests.outboxes import SENT, a_reminder, enqueue, settle, states, take


def missed(database: Database, line_id: int) -> list[tuple[str, str]]:
    """Return channel and key of what a line's channels have missed."""
    with database.read() as tx:
        return [(each.channel, each.reminder.key) for each in taken_back(tx, line_id)]


def test_what_was_superseded_has_been_missed_newest_first(
    either_database: Database,
) -> None:
    line_id = enqueue(either_database, "phone")
    enqueue(either_database, "phone", line="another")
    with either_database.write() as tx:
        enqueue_reminder(tx, line_id, a_reminder("newer"), ["phone"], NOW)
        supersede_line(tx, line_id, NOW)

    found = missed(either_database, line_id)

    assert found == [("phone", "newer"), ("phone", a_reminder().key)]


def test_what_arrived_later_leaves_nothing_missed_on_its_channel(
    database: Database,
) -> None:
    line_id = enqueue(database, "phone", "mail")
    with database.write() as tx:
        enqueue_reminder(tx, line_id, a_reminder("newer"), ["phone", "mail"], NOW)
    settle(database, take(database)[0], SENT)
    with database.write() as tx:
        supersede_line(tx, line_id, NOW)

    assert {channel for channel, _ in missed(database, line_id)} == {"mail"}


def test_what_waits_has_not_been_missed(database: Database) -> None:
    line_id = enqueue(database, "phone")
    with database.write() as tx:
        enqueue_reminder(tx, line_id, a_reminder("newer"), ["phone"], NOW)

    assert missed(database, line_id) == []


def test_what_is_put_back_can_be_sent(either_database: Database) -> None:
    line_id = enqueue(either_database, "phone")
    with either_database.write() as tx:
        supersede_line(tx, line_id, NOW)
        (known,) = taken_back(tx, line_id)
        put_back(tx, [known.delivery_id], NOW)

    (claimed,) = take(either_database)

    assert claimed.delivery_id == known.delivery_id
    assert states(either_database) == [("phone", "sending")]
