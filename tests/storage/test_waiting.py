"""What waits in the outbox, for news of its line or for its channel to work."""

from datetime import timedelta

import pytest

from reminderd.domain.deliveries import DeliveryState
from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import LineReminder
from reminderd.storage.claims import lapsed
from reminderd.storage.database import Database
from reminderd.storage.outbox import enqueue_notice, enqueue_reminder, give_to
from reminderd.storage.waiting import (
    hold,
    let_go,
    overdue,
    replace_reminder,
    undelivered,
    waiting_reminders,
)
from tests.builders import NOW
from tests.outboxes import (
    AGAIN,
    LATER,
    LEASE,
    SENT,
    UNKNOWN,
    a_notice,
    a_reminder,
    enqueue,
    settle,
    states,
    take,
)

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def test_channels_of_a_line_are_undelivered_until_they_are_settled(
    database: Database,
) -> None:
    line_id = enqueue(database, "phone", "mail")
    (claimed,) = take(database)

    with database.read() as tx:
        while_sending = undelivered(tx, line_id)
    settle(database, claimed, SENT)
    with database.read() as tx:
        afterwards = undelivered(tx, line_id)

    assert while_sending == {"phone": Severity.WARNING, "mail": Severity.WARNING}
    assert afterwards == {"mail": Severity.WARNING}


def test_held_ones_wait_until_they_are_let_go(database: Database) -> None:
    enqueue(database, "phone")
    with database.write() as tx:
        assert hold(tx, "phone") == 1
    assert take(database, now=LATER) == []

    with database.write() as tx:
        assert let_go(tx, "phone", NOW) == 1

    assert len(take(database)) == 1


def test_fallback_is_due_after_the_patience_and_given_once(database: Database) -> None:
    enqueue(database, "phone")
    patience = 15 * MINUTE

    with database.write() as tx:
        early = overdue(tx, "phone", "mail", patience, NOW + patience - SECOND)
        (reminder_id,) = overdue(tx, "phone", "mail", patience, NOW + patience)
        assert give_to(tx, reminder_id, "mail", NOW)
        assert not give_to(tx, reminder_id, "mail", NOW)
        given = overdue(tx, "phone", "mail", patience, NOW + patience)

    assert early == []
    assert given == []
    assert states(database) == [("phone", "pending"), ("mail", "pending")]


def test_fallback_is_due_at_once_for_what_soon_loses_its_use(
    database: Database,
) -> None:
    enqueue(database, "phone", useful_until=NOW + 10 * MINUTE)

    with database.read() as tx:
        assert len(overdue(tx, "phone", "mail", 15 * MINUTE, NOW)) == 1


def test_worst_of_what_has_not_arrived_is_known_for_each_channel(
    either_database: Database,
) -> None:
    line_id = enqueue(either_database, "phone", "mail")
    take(either_database)
    with either_database.write() as tx:
        worse = a_reminder("newer", severity=Severity.CRITICAL)
        enqueue_reminder(tx, line_id, worse, ["phone"], NOW)

    with either_database.read() as tx:
        assert undelivered(tx, line_id) == {"phone": Severity.CRITICAL}


def test_waiting_reminder_comes_back_as_it_was_written(
    either_database: Database,
) -> None:
    line_id = enqueue(either_database, "phone", "mail", useful_until=LATER)
    enqueue(either_database, "phone", line="another")

    with either_database.read() as tx:
        (written,) = waiting_reminders(tx, line_id)

    assert written.reminder == a_reminder(useful_until=LATER)
    assert not written.arrived


def test_reminder_waits_until_nothing_of_it_waits(either_database: Database) -> None:
    line_id = enqueue(either_database, "phone")
    (claimed,) = take(either_database)
    settle(either_database, claimed, SENT)

    with either_database.read() as tx:
        assert waiting_reminders(tx, line_id) == []


def test_replaced_reminder_goes_out_with_its_own_last_useful_moment(
    either_database: Database,
) -> None:
    line_id = enqueue(either_database, "phone", "mail", useful_until=NOW - SECOND)
    newer = a_reminder(severity=Severity.CRITICAL, useful_until=LATER)
    with either_database.write() as tx:
        (written,) = waiting_reminders(tx, line_id)
        replace_reminder(tx, written.reminder_id, newer, NOW)

    (claimed,) = take(either_database)

    content = claimed.content.decoded()
    assert isinstance(content, LineReminder)
    assert content.reminder == newer
    assert claimed.useful_until == LATER
    with either_database.read() as tx:
        assert undelivered(tx, line_id)["mail"] is Severity.CRITICAL


def test_reminder_that_is_taken_back_leaves_what_was_sent(
    either_database: Database,
) -> None:
    line_id = enqueue(either_database, "phone", "mail")
    (claimed,) = take(either_database)
    settle(either_database, claimed, SENT)
    with either_database.write() as tx:
        (written,) = waiting_reminders(tx, line_id)
        replace_reminder(tx, written.reminder_id, None, NOW)
    assert written.arrived

    assert states(either_database) == [("phone", "sent"), ("mail", "superseded")]


def test_every_statement_works_on_either_database(either_database: Database) -> None:
    database = either_database
    line_id = enqueue(database, "phone", "mail", useful_until=LATER)
    (first,) = take(database)
    with database.write() as tx:
        (known,) = lapsed(tx, "b", NOW + LEASE)
    settle(database, known, UNKNOWN)
    assert settle(database, first, SENT) is None
    (second,) = take(database, worker="b", now=LATER, quiet_until=LATER)
    with database.write() as tx:
        assert enqueue_reminder(tx, line_id, a_reminder(), ["phone"], NOW) is None
        assert undelivered(tx, line_id) == {
            "phone": Severity.WARNING,
            "mail": Severity.WARNING,
        }
        assert len(overdue(tx, "mail", "chat", MINUTE, LATER)) == 1
        assert enqueue_reminder(tx, line_id, a_reminder("newer"), ["phone"], NOW)
    assert settle(database, second, AGAIN) is DeliveryState.SUPERSEDED
    with database.write() as tx:
        assert hold(tx, "phone") == 1
        assert let_go(tx, "phone", NOW) == 1
    (third,) = take(database)
    assert settle(database, third, SENT) is DeliveryState.SENT
    assert states(database) == [
        ("phone", "superseded"),
        ("mail", "superseded"),
        ("phone", "sent"),
    ]


@pytest.mark.parametrize("kind", ["proof", "test"])
def test_what_proves_its_channel_is_given_to_no_other(
    database: Database, kind: str
) -> None:
    with database.write() as tx:
        notice_id = enqueue_notice(tx, a_notice(), f"{kind}|phone|1", ["phone"], NOW)
        assert notice_id is not None

        assert overdue(tx, "phone", "mail", MINUTE, LATER) == []
        assert not give_to(tx, notice_id, "mail", NOW)
