"""What enters the outbox, and what is taken back."""

from datetime import timedelta

import pytest

from reminderd.storage.database import Database
from reminderd.storage.outbox import enqueue_notice, enqueue_reminder, supersede_line
from tests.builders import NOW
from tests.outboxes import a_notice, a_reminder, add_stored_line, enqueue, states, take

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def test_same_decision_enters_once(database: Database) -> None:
    line_id = enqueue(database, "phone", "mail")

    with database.write() as tx:
        again = enqueue_reminder(tx, line_id, a_reminder(), ["phone"], NOW)

    assert again is None
    assert states(database) == [("phone", "pending"), ("mail", "pending")]


def test_same_decision_after_another_one_enters_again(database: Database) -> None:
    """A date that was corrected and corrected back is worth its word again."""
    line_id = add_stored_line(database)
    keys = ["4 Dec/30d", "24 Dec/renewed", "4 Dec/30d", "4 Dec/30d"]

    with database.write() as tx:
        entered = [
            enqueue_reminder(tx, line_id, a_reminder(key), ["phone"], NOW)
            for key in keys
        ]

    assert [known is not None for known in entered] == [True, True, True, False]


@pytest.mark.parametrize(
    ("ahead", "is_said"),
    [
        pytest.param(DAY, False, id="a day ahead"),
        pytest.param(DAY + SECOND, True, id="more than a day ahead"),
    ],
)
def test_what_a_clock_ahead_has_said_enters_again(
    either_database: Database, ahead: timedelta, *, is_said: bool
) -> None:
    line_id = enqueue(either_database, "phone", now=NOW + ahead)

    with either_database.write() as tx:
        entered = [
            enqueue_reminder(tx, line_id, a_reminder(), ["phone"], NOW)
            for _ in range(2)
        ]

    assert [known is not None for known in entered] == [is_said, False]


def test_same_decision_about_another_line_is_another_one(database: Database) -> None:
    enqueue(database, "phone", line="one")
    enqueue(database, "phone", line="two")

    assert len(take(database)) == 2


def test_newer_reminder_supersedes_what_waits_on_every_channel(
    database: Database,
) -> None:
    line_id = enqueue(database, "phone", "mail")

    with database.write() as tx:
        enqueue_reminder(tx, line_id, a_reminder("newer"), ["phone"], NOW)

    assert states(database) == [
        ("phone", "superseded"),
        ("mail", "superseded"),
        ("phone", "pending"),
    ]


def test_reminder_of_another_line_supersedes_nothing(database: Database) -> None:
    enqueue(database, "phone", line="one")
    enqueue(database, "phone", line="two")

    assert states(database) == [("phone", "pending"), ("phone", "pending")]


def test_renewal_takes_back_what_waits(database: Database) -> None:
    line_id = enqueue(database, "phone")

    with database.write() as tx:
        supersede_line(tx, line_id, NOW)

    assert states(database) == [("phone", "superseded")]
    assert take(database) == []


def test_notice_enters_once_for_its_key(database: Database) -> None:
    notice = a_notice()
    with database.write() as tx:
        first = enqueue_notice(tx, notice, "k", ["phone"], NOW)
        second = enqueue_notice(tx, notice, "k", ["phone"], NOW)

    (claimed,) = take(database)
    assert first is not None
    assert second is None
    assert claimed.line_id is None
    assert claimed.content.decoded() == notice
