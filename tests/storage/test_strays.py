"""What waits for a channel that is not configured any more."""

from collections.abc import Collection
from datetime import timedelta

import pytest

from reminderd.domain.ladders import Severity
from reminderd.storage.database import Database
from reminderd.storage.outbox import enqueue_notice, enqueue_reminder
from reminderd.storage.strays import Stray, find_strays, has_strays, reroute
from reminderd.storage.waiting import hold, replace_reminder
from tests.builders import NOW
from tests.outboxes import (
    LATER,
    SENT,
    a_notice,
    a_reminder,
    add_stored_line,
    deliveries,
    enqueue,
    settle,
    states,
    take,
)

SECOND = timedelta(seconds=1)


@pytest.fixture
def store(either_database: Database) -> Database:
    return either_database


def strays(store: Database, *channels: str) -> list[Stray]:
    with store.read() as tx:
        found = find_strays(tx, channels)
        assert has_strays(tx, channels) is bool(found)
    return found


def move(store: Database, channels: Collection[str]) -> None:
    """Give everything that waits for other channels to *channels*."""
    with store.write() as tx:
        for stray in find_strays(tx, channels):
            reroute(tx, stray, channels, NOW)


def test_nothing_strays_while_its_channel_is_configured(store: Database) -> None:
    enqueue(store, "phone", "mail")

    assert strays(store, "phone", "mail", "chat") == []


def test_stray_knows_how_bad_it_is_and_where_its_line_goes(store: Database) -> None:
    line_id = add_stored_line(store, route=("phone", "mail"))
    with store.write() as tx:
        worse = a_reminder(severity=Severity.CRITICAL)
        enqueue_reminder(tx, line_id, worse, ["phone"], NOW)
        enqueue_notice(tx, a_notice(Severity.INFO), "k", ["phone"], NOW)

    found = [
        (known.severity, known.is_notice, known.route)
        for known in strays(store, "mail")
    ]

    assert found == [
        (Severity.CRITICAL, False, ["phone", "mail"]),
        (Severity.INFO, True, None),
    ]


def test_what_is_being_sent_or_has_been_does_not_stray(store: Database) -> None:
    enqueue(store, "phone", line="one")
    (sent,) = take(store)
    settle(store, sent, SENT)
    enqueue(store, "phone", line="two")
    take(store)

    assert strays(store, "mail") == []


def test_lost_channel_passes_on_what_waits_for_it(store: Database) -> None:
    enqueue(store, "phone", "mail")
    with store.write() as tx:
        hold(tx, "phone")

    move(store, ["mail", "chat"])

    assert states(store) == [
        ("phone", "superseded"),
        ("mail", "pending"),
        ("chat", "pending"),
    ]


def test_what_nobody_may_take_is_given_up(store: Database) -> None:
    enqueue(store, "phone")

    move(store, [])

    (lost,) = deliveries(store)
    assert (lost.state, lost.reason) == (
        "dead",
        "it does not go to that channel any more",
    )


def test_channel_that_comes_back_gets_back_what_was_taken_from_it(
    store: Database,
) -> None:
    enqueue(store, "a")
    move(store, ["b"])

    move(store, ["a"])

    assert states(store) == [("a", "pending"), ("b", "superseded")]
    assert len(take(store, "a")) == 1


def test_channel_that_has_sent_it_does_not_send_it_again(store: Database) -> None:
    enqueue(store, "a", "b")
    (claimed,) = take(store, "a")
    settle(store, claimed, SENT)

    move(store, ["a"])

    assert states(store) == [("a", "sent"), ("b", "superseded")]


def test_what_comes_back_is_of_use_as_long_as_it_is_by_now(store: Database) -> None:
    enqueue(store, "a", useful_until=NOW - SECOND)
    (stray,) = strays(store, "b")
    move(store, ["b"])
    with store.write() as tx:
        corrected = a_reminder(useful_until=LATER)
        replace_reminder(tx, stray.reminder_id, corrected, NOW)

    move(store, ["a"])

    (claimed,) = take(store, "a")
    assert claimed.useful_until == LATER
