from datetime import timedelta

import pytest

from reminderd.domain.deliveries import Outcome, Verdict
from reminderd.storage.channels import (
    Health,
    adopt,
    all_health,
    begin_probe,
    forgo_probe,
    health_of,
    mark_broken,
    mend,
    none_living,
    note_failure,
    note_refusal,
    note_success,
)
from reminderd.storage.database import Database
from reminderd.storage.waiting import hold
from tests.builders import NOW
from tests.outboxes import enqueue, states

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
BUSY = Verdict(outcome=Outcome.TRANSIENT, reason="busy")


@pytest.fixture
def store(database: Database) -> Database:
    return database


def fail(store: Database, times: int, verdict: Verdict = BUSY) -> Health:
    with store.write() as tx:
        for _ in range(times):
            note_failure(tx, "phone", verdict, NOW)
        return health_of(tx, "phone")


def test_unused_channel_is_well(store: Database) -> None:
    with store.read() as tx:
        assert all_health(tx) == {}
        assert health_of(tx, "phone") == Health(name="phone")
    assert Health(name="phone").may_send(NOW)


def test_channel_rests_from_the_first_failure_on_and_ever_longer(
    store: Database,
) -> None:
    health = fail(store, 1)

    assert (health.consecutive_failures, health.last_error) == (1, "busy")
    assert not health.may_send(NOW + 29 * SECOND)
    assert health.may_send(NOW + 30 * SECOND)
    assert fail(store, 1).retry_at == NOW + MINUTE
    assert fail(store, 20).retry_at == NOW + 30 * MINUTE


def test_channel_rests_as_long_as_the_service_asks(store: Database) -> None:
    wait = Verdict(outcome=Outcome.TRANSIENT, reason="429", retry_after=10 * MINUTE)

    health = fail(store, 1, wait)

    assert health.retry_at == NOW + 10 * MINUTE


def test_longest_rest_holds_within_a_second_too(store: Database) -> None:
    """What is stored is rounded up: a broken channel was tried without any pause."""
    for days in range(30):
        broke_at = NOW + days * DAY + timedelta(milliseconds=120)
        with store.write() as tx:
            mark_broken(tx, "phone", "404", broke_at)

        with store.read() as tx:
            assert not health_of(tx, "phone").may_send(broke_at)


def test_rest_of_a_wrong_clock_does_not_count(store: Database) -> None:
    health = fail(store, 5)

    assert health.may_send(NOW - timedelta(days=1))


def test_success_ends_the_trouble_and_hastens_what_waits(store: Database) -> None:
    enqueue(store, "phone")
    fail(store, 5)
    with store.write() as tx:
        mark_broken(tx, "phone", "401", NOW)
        hold(tx, "phone")

        note_success(tx, "phone", NOW)
        health = health_of(tx, "phone")

    assert health.may_send(NOW)
    assert not health.is_troubled
    assert (health.last_ok_at, health.consecutive_failures) == (NOW, 0)
    assert states(store) == [("phone", "pending")]


def test_broken_channel_is_tried_rarely_until_it_is_mended(store: Database) -> None:
    enqueue(store, "phone")
    with store.write() as tx:
        mark_broken(tx, "phone", "401", NOW)
        hold(tx, "phone")
        broken = health_of(tx, "phone")
        mark_broken(tx, "phone", "401", NOW + DAY)
        long_broken = health_of(tx, "phone")
        mend(tx, "phone", NOW)
        mended = health_of(tx, "phone")

    assert broken.is_troubled
    assert broken.retry_at == NOW + 30 * MINUTE
    assert not broken.may_send(NOW + 29 * MINUTE)
    assert long_broken.retry_at == NOW + DAY + timedelta(hours=6)
    assert not long_broken.may_send(NOW + DAY + timedelta(hours=5))
    assert mended.may_send(NOW)
    assert states(store) == [("phone", "pending")]


def test_passing_trouble_and_a_refusal_leave_a_broken_channel_at_rest(
    store: Database,
) -> None:
    with store.write() as tx:
        mark_broken(tx, "phone", "401", NOW)
        note_failure(tx, "phone", BUSY, NOW + 2 * DAY)
        failed = health_of(tx, "phone")
        note_refusal(tx, "phone", "too long", NOW + 2 * DAY)
        refused = health_of(tx, "phone")

    rested_at = NOW + 2 * DAY + timedelta(hours=6)
    assert (failed.broken, failed.retry_at) == ("401", rested_at)
    assert (refused.broken, refused.retry_at) == ("401", rested_at)


def test_outage_lasts_from_its_first_failure_to_the_next_success(
    store: Database,
) -> None:
    with store.write() as tx:
        for hours in range(3):
            note_failure(tx, "phone", BUSY, NOW + timedelta(hours=hours))
        mark_broken(tx, "phone", "401", NOW + DAY)
        during = health_of(tx, "phone")
        note_success(tx, "phone", NOW + DAY)
        after = health_of(tx, "phone")

    assert during.troubled_since == NOW
    assert (after.troubled_since, after.reported_at) == (None, None)


def test_only_one_worker_probes_a_channel(store: Database) -> None:
    health = fail(store, 1)
    with store.write() as tx:
        first = begin_probe(tx, health, NOW + 5 * MINUTE)
        second = begin_probe(tx, health, NOW + 5 * MINUTE)
        resting = health_of(tx, "phone")
        forgo_probe(tx, health)
        given_back = health_of(tx, "phone")

    assert (first, second) == (True, False)
    assert not resting.may_send(NOW + MINUTE)
    assert given_back == health


@pytest.mark.parametrize(
    ("known", "dead"),
    [
        pytest.param([], [], id="no channel"),
        pytest.param([Health(name="a")], [], id="well"),
        pytest.param([Health(name="a", broken="401")], ["a"], id="broken"),
        pytest.param([Health(name="a", consecutive_failures=4)], [], id="failing"),
        pytest.param(
            [Health(name="a", broken="401"), Health(name="b", consecutive_failures=5)],
            ["a", "b"],
            id="all dead",
        ),
        pytest.param(
            [Health(name="a", broken="401"), Health(name="b")], [], id="one lives"
        ),
    ],
)
def test_nobody_can_be_reached_once_every_channel_is_dead(
    known: list[Health], dead: list[str]
) -> None:
    health = {each.name: each for each in known}

    assert [each.name for each in none_living(health, list(health))] == dead
    assert none_living(health, [*health, "unused"]) == []


def test_new_configuration_mends_the_channel_and_the_same_one_does_not(
    store: Database,
) -> None:
    with store.write() as tx:
        first = adopt(tx, "phone", "v1", NOW)
        mark_broken(tx, "phone", "401", NOW)
        same = adopt(tx, "phone", "v1", NOW)
        broken = health_of(tx, "phone").broken
        other = adopt(tx, "phone", "v2", NOW)
        mended = health_of(tx, "phone").broken

    assert (first, same, other) == (True, False, True)
    assert (broken, mended) == ("401", None)


def test_refused_message_is_no_trouble_of_the_channel(store: Database) -> None:
    with store.write() as tx:
        note_refusal(tx, "phone", "too long", NOW)
        health = all_health(tx)["phone"]

    assert not health.is_troubled
    assert health.last_error == "too long"


def test_health_is_kept_on_either_database(either_database: Database) -> None:
    fail(either_database, 2)
    with either_database.write() as tx:
        note_success(tx, "phone", NOW)
        mark_broken(tx, "phone", "401", NOW)
        assert adopt(tx, "phone", "v1", NOW)
        health = all_health(tx)["phone"]

    assert (health.last_ok_at, health.last_error, health.broken) == (NOW, "401", None)
