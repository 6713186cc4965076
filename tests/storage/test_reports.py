"""Reports on channels: which are taken back, and what an outage came to."""

from datetime import timedelta

from reminderd.domain.deliveries import Decision, DeliveryState, Outcome, Verdict
from reminderd.storage.channels import begin_probe, health_of, note_failure
from reminderd.storage.database import Database
from reminderd.storage.outbox import enqueue_notice
from reminderd.storage.reports import (
    Aftermath,
    aftermath,
    count_waiting,
    has_arrived,
    report_key,
    take_back,
)
from reminderd.storage.waiting import hold
from tests.builders import NOW
from tests.outboxes import SENT, a_notice, enqueue, settle, states, take

HOUR = timedelta(hours=1)
BUSY = Verdict(outcome=Outcome.TRANSIENT, reason="busy")


def report(database: Database, channel: str, since: timedelta, to: str) -> None:
    """Put a report on a channel's trouble since then into the outbox."""
    with database.write() as tx:
        key = report_key(channel, NOW + since, "broken")
        assert enqueue_notice(tx, a_notice(), key, [to], NOW) is not None


def test_reports_on_one_channel_are_taken_back_and_no_others(
    either_database: Database,
) -> None:
    report(either_database, "a_b", timedelta(0), "mail")
    report(either_database, "a-b", timedelta(0), "mail")
    report(either_database, "a_b2", timedelta(0), "mail")
    enqueue(either_database, "mail")

    with either_database.write() as tx:
        take_back(tx, "a_b", NOW, NOW)

    assert [state for _, state in states(either_database)] == [
        "superseded",
        "pending",
        "pending",
        "pending",
    ]


def test_report_stays_if_something_was_given_up_in_the_outage(
    either_database: Database,
) -> None:
    report(either_database, "phone", timedelta(0), "mail")
    enqueue(either_database, "phone")
    dead = (
        Verdict(outcome=Outcome.UNKNOWN, reason="no answer"),
        Decision(state=DeliveryState.DEAD),
    )
    for claimed in take(either_database):
        settle(either_database, claimed, dead)

    with either_database.write() as tx:
        take_back(tx, "phone", NOW, NOW)
    kept = states(either_database)
    with either_database.write() as tx:
        take_back(tx, "phone", NOW + HOUR, NOW)

    assert kept[0] == ("mail", "pending")
    assert states(either_database)[0] == ("mail", "superseded")


def test_report_has_arrived_once_any_channel_has_taken_it(
    either_database: Database,
) -> None:
    report(either_database, "phone", timedelta(0), "mail")
    report(either_database, "phone", -HOUR, "chat")

    with either_database.read() as tx:
        before = has_arrived(tx, "phone", NOW)
    for claimed in take(either_database, "mail"):
        settle(either_database, claimed, SENT)

    with either_database.read() as tx:
        assert not before
        assert has_arrived(tx, "phone", NOW)
        assert not has_arrived(tx, "phone", NOW - HOUR)


def test_aftermath_counts_what_is_late_and_what_went_elsewhere(
    either_database: Database,
) -> None:
    enqueue(either_database, "phone", line="late")
    enqueue(either_database, "phone", "mail", line="both")
    enqueue(either_database, "mail", line="other")
    with either_database.write() as tx:
        enqueue_notice(tx, a_notice(), "key", ["phone", "mail"], NOW)
    for claimed in take(either_database, "mail"):
        settle(either_database, claimed, SENT)

    with either_database.read() as tx:
        assert count_waiting(tx, "phone") == 2
        assert aftermath(tx, "phone", NOW) == Aftermath(2, 1, ("mail",))
        assert aftermath(tx, "phone", NOW + HOUR) == Aftermath(2, 0, ())


def test_probe_of_a_broken_channel_takes_one_of_what_is_held(
    either_database: Database,
) -> None:
    for name in ("one", "two"):
        enqueue(either_database, "phone", line=name)
    enqueue(either_database, "phone", line="useless", useful_until=NOW - HOUR)
    with either_database.write() as tx:
        hold(tx, "phone")

    nothing = take(either_database)
    (probe,) = take(either_database, is_held=True, is_probe=True, limit=1)
    settle(either_database, probe, SENT)

    assert nothing == []
    assert states(either_database) == [
        ("phone", "sent"),
        ("phone", "held"),
        ("phone", "held"),
    ]


def test_probes_take_turns_after_five_tries(either_database: Database) -> None:
    for name in ("one", "two"):
        enqueue(either_database, "phone", line=name)
    again = (
        Verdict(outcome=Outcome.TRANSIENT, reason="busy"),
        # Due at once, unlike after a real failure.
        Decision(state=DeliveryState.PENDING, next_attempt_at=NOW),
    )
    tried = []
    for _ in range(11):
        (probe,) = take(either_database, is_probe=True, limit=1)
        tried.append(probe.delivery_id)
        settle(either_database, probe, again)

    assert tried == [1] * 5 + [2] * 5 + [1]


def test_one_worker_of_two_begins_a_probe_on_either_database(
    either_database: Database,
) -> None:
    with either_database.write() as tx:
        note_failure(tx, "phone", BUSY, NOW)
        health = health_of(tx, "phone")

        assert begin_probe(tx, health, NOW + HOUR)
        assert not begin_probe(tx, health, NOW + HOUR)
