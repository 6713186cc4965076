"""Claims on deliveries, and the records of those who hold them."""

from datetime import timedelta

import pytest

from reminderd.domain.deliveries import Decision, DeliveryState, Outcome, Verdict
from reminderd.domain.ladders import Severity
from reminderd.storage.claims import has_lapsed, lapsed
from reminderd.storage.database import Database
from reminderd.storage.epochs import to_epoch
from reminderd.storage.lines import ASAP, archive_line, update_line
from reminderd.storage.outbox import enqueue_notice, enqueue_reminder
from tests.builders import NOW
from tests.outboxes import (
    AGAIN,
    LATER,
    LEASE,
    SENT,
    UNKNOWN,
    a_notice,
    a_reminder,
    add_stored_line,
    deliveries,
    enqueue,
    outcomes,
    settle,
    states,
    take,
)

SECOND = timedelta(seconds=1)


def notice_for(database: Database, channel: str) -> None:
    with database.write() as tx:
        enqueue_notice(tx, a_notice(), "k", [channel], NOW)


def test_claim_raises_fence_and_attempts(database: Database) -> None:
    line_id = enqueue(database, "phone", useful_until=LATER)

    (claimed,) = take(database)

    assert (claimed.fence, claimed.attempts, claimed.unknowns) == (1, 1, 0)
    assert (claimed.line_id, claimed.useful_until) == (line_id, LATER)
    assert claimed.content.line is not None
    assert claimed.content.line.number == "+447700900123"
    assert states(database) == [("phone", "sending")]
    assert outcomes(database) == [None]


def test_what_is_claimed_is_not_claimed_again(database: Database) -> None:
    enqueue(database, "phone")

    assert len(take(database)) == 1
    assert take(database, worker="b") == []


def test_claim_takes_one_channel_and_no_more_than_its_limit(database: Database) -> None:
    for line in ("one", "two", "three"):
        enqueue(database, "phone", "mail", line=line)

    assert len(take(database, limit=2)) == 2
    assert len(take(database, limit=2)) == 1
    assert len(take(database, "mail")) == 3


def test_worst_is_claimed_first(database: Database) -> None:
    enqueue(database, "phone", line="bad")
    line_id = add_stored_line(database, "worse")
    with database.write() as tx:
        worse = a_reminder(severity=Severity.CRITICAL)
        enqueue_reminder(tx, line_id, worse, ["phone"], NOW)

    (first,) = take(database, limit=1)

    assert first.line_id == line_id


def test_what_waits_for_its_next_attempt_is_claimed_when_that_has_come(
    database: Database,
) -> None:
    enqueue(database, "phone")
    settle(database, take(database)[0], AGAIN)

    assert take(database, now=LATER - SECOND) == []
    (again,) = take(database, now=LATER)
    assert (again.fence, again.attempts) == (2, 2)
    assert outcomes(database) == ["transient", None]


def test_next_attempt_of_a_wrong_clock_is_due_at_once(database: Database) -> None:
    enqueue(database, "phone", now=NOW + timedelta(days=400))

    assert len(take(database)) == 1


@pytest.mark.parametrize(
    ("useful_until", "state"),
    [(NOW - SECOND, "expired"), (NOW, "sending"), (NOW + SECOND, "sending")],
)
def test_what_has_lost_its_use_expires(
    database: Database, useful_until: object, state: str
) -> None:
    enqueue(database, "phone", useful_until=useful_until)  # type: ignore[arg-type]  # instant

    take(database)

    assert states(database) == [("phone", state)]


def test_what_has_changed_is_reviewed_before_it_is_claimed(
    either_database: Database,
) -> None:
    line_id = enqueue(either_database, "phone", useful_until=NOW - SECOND)
    notice_for(either_database, "mail")
    with either_database.write() as tx:
        update_line(tx, line_id, review_at=ASAP)

    assert take(either_database) == []
    assert len(take(either_database, "mail")) == 1
    assert states(either_database) == [("phone", "pending"), ("mail", "sending")]


@pytest.mark.parametrize("review_at", [None, to_epoch(NOW - SECOND), to_epoch(LATER)])
def test_line_that_has_not_changed_keeps_nothing_back(
    either_database: Database, review_at: int | None
) -> None:
    line_id = enqueue(either_database, "phone")
    with either_database.write() as tx:
        update_line(tx, line_id, review_at=review_at)

    assert len(take(either_database)) == 1


def test_zone_that_is_not_known_here_keeps_no_other_from_being_claimed(
    database: Database,
) -> None:
    line_id = enqueue(database, "phone", line="lost")
    enqueue(database, "phone", line="found")
    with database.write() as tx:
        update_line(tx, line_id, timezone="Mars/Olympus")

    lost, found = take(database)

    with pytest.raises((KeyError, ValueError)):
        lost.content.decoded()
    assert found.content.decoded().created_at == NOW


@pytest.mark.parametrize(
    ("useful_until", "count"),
    [(None, 0), (LATER + SECOND, 0), (LATER, 1), (LATER - SECOND, 1)],
)
def test_quiet_hours_let_through_what_loses_its_use_in_them(
    database: Database, useful_until: object, count: int
) -> None:
    enqueue(database, "phone", useful_until=useful_until)  # type: ignore[arg-type]  # instant

    assert len(take(database, quiet_until=LATER)) == count


def test_sent_is_the_end(database: Database) -> None:
    enqueue(database, "phone")
    (claimed,) = take(database)

    assert settle(database, claimed, SENT) is DeliveryState.SENT
    assert take(database, now=LATER) == []
    assert outcomes(database) == ["sent"]


def test_record_is_void_after_another_claim(database: Database) -> None:
    enqueue(database, "phone")
    (zombie,) = take(database)
    with database.write() as tx:
        (known,) = lapsed(tx, "b", NOW + LEASE)
    settle(database, known, UNKNOWN)
    (heir,) = take(database, worker="b", now=LATER)

    assert settle(database, zombie, SENT) is None
    assert states(database) == [("phone", "sending")]
    assert settle(database, heir, SENT) is DeliveryState.SENT
    assert outcomes(database) == ["unknown", "sent"]


def test_record_is_void_the_second_time(database: Database) -> None:
    enqueue(database, "phone")
    (claimed,) = take(database)
    settle(database, claimed, SENT)

    assert settle(database, claimed, AGAIN) is None
    assert states(database) == [("phone", "sent")]
    assert outcomes(database) == ["sent"]


@pytest.mark.parametrize(
    ("spared", "now", "count"),
    [
        pytest.param("b", NOW + LEASE - SECOND, 0, id="still sending"),
        pytest.param("b", NOW + LEASE, 1, id="lease over"),
        pytest.param("a", NOW + LEASE, 0, id="its own, while it is sending"),
        pytest.param(None, NOW + LEASE, 1, id="its own, while it sends nothing"),
        pytest.param("b", NOW - timedelta(days=1), 1, id="clock set back"),
    ],
)
def test_lease_lapses_unless_its_worker_is_sending(
    database: Database, spared: str | None, now: object, count: int
) -> None:
    enqueue(database, "phone")
    take(database)

    with database.write() as tx:
        assert has_lapsed(tx, spared, now) is bool(count)  # type: ignore[arg-type]  # instant
        assert len(lapsed(tx, spared, now)) == count  # type: ignore[arg-type]  # instant


def test_unknown_outcomes_are_counted(database: Database) -> None:
    enqueue(database, "phone")
    settle(database, take(database)[0], UNKNOWN)

    (again,) = take(database, now=LATER)

    assert again.unknowns == 1


def test_retry_is_superseded_when_a_newer_reminder_has_come(database: Database) -> None:
    line_id = enqueue(database, "phone")
    (claimed,) = take(database)
    with database.write() as tx:
        enqueue_reminder(tx, line_id, a_reminder("newer"), ["phone"], NOW)

    assert settle(database, claimed, AGAIN) is DeliveryState.SUPERSEDED
    assert states(database) == [("phone", "superseded"), ("phone", "pending")]


def test_retry_is_superseded_when_the_line_has_been_archived(
    database: Database,
) -> None:
    line_id = enqueue(database, "phone")
    (claimed,) = take(database)
    with database.write() as tx:
        archive_line(tx, line_id, NOW)

    assert settle(database, claimed, AGAIN) is DeliveryState.SUPERSEDED


def test_short_ones_are_claimed_alone(database: Database) -> None:
    short = (
        Verdict(outcome=Outcome.MESSAGE_PERMANENT, reason="too long"),
        Decision(state=DeliveryState.PENDING, next_attempt_at=NOW, short=True),
    )
    for line in ("one", "two"):
        enqueue(database, "phone", line=line)
    for claimed in take(database):
        settle(database, claimed, short)
    enqueue(database, "phone", line="three")

    batches = [take(database), take(database), take(database), take(database)]

    assert [[known.short for known in batch] for batch in batches] == [
        [False],
        [True],
        [True],
        [],
    ]


def test_delivery_keeps_why_it_failed(database: Database) -> None:
    enqueue(database, "phone")
    settle(database, take(database)[0], AGAIN)

    assert deliveries(database)[0].reason == "busy"
