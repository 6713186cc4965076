"""The outbox, its claims and its records."""

from datetime import timedelta

import pytest

from reminderd.domain.deliveries import Decision, DeliveryState, Outcome, Verdict
from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import Notice
from reminderd.storage.claims import Claimed, Wanted, claim, has_lapsed, lapsed
from reminderd.storage.database import Database
from reminderd.storage.lines import archive_line
from reminderd.storage.outbox import (
    enqueue_notice,
    enqueue_reminder,
    give_to,
    hold,
    let_go,
    overdue,
    reroute,
    supersede_line,
    undelivered_channels,
)
from reminderd.storage.settlements import Settlement, record
from tests.builders import NOW
from tests.outboxes import (
    a_reminder,
    add_stored_line,
    deliveries,
    enqueue,
    outcomes,
    states,
)

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
LEASE = timedelta(seconds=120)
LATER = NOW + timedelta(hours=1)
SENT = (
    Verdict(outcome=Outcome.SENT, reason="accepted"),
    Decision(state=DeliveryState.SENT),
)
AGAIN = (
    Verdict(outcome=Outcome.TRANSIENT, reason="busy"),
    Decision(state=DeliveryState.PENDING, next_attempt_at=LATER),
)
UNKNOWN = (
    Verdict(outcome=Outcome.UNKNOWN, reason="no answer"),
    Decision(state=DeliveryState.PENDING, next_attempt_at=LATER),
)


@pytest.fixture
def store(database: Database) -> Database:
    return database


def take(
    store: Database, channel: str = "phone", worker: str = "a", **changed: object
) -> list[Claimed]:
    now = changed.pop("now", NOW)
    wanted = Wanted(
        channel=channel,
        worker=worker,
        lease=LEASE,
        **{"limit": 100, **changed},  # type: ignore[arg-type]  # of Wanted's fields
    )
    with store.write() as tx:
        return claim(tx, wanted, now)  # type: ignore[arg-type]  # a datetime


def settle(
    store: Database, claimed: Claimed, ending: tuple[Verdict, Decision]
) -> DeliveryState | None:
    verdict, decision = ending
    with store.write() as tx:
        settlement = Settlement(claimed=claimed, verdict=verdict, decision=decision)
        return record(tx, [settlement], NOW).get(claimed.delivery_id)


def test_same_decision_enters_once(store: Database) -> None:
    line_id = enqueue(store, "phone", "mail")

    with store.write() as tx:
        again = enqueue_reminder(tx, line_id, a_reminder(), ["phone"], NOW)

    assert again is None
    assert states(store) == [("phone", "pending"), ("mail", "pending")]


def test_same_decision_after_another_one_enters_again(store: Database) -> None:
    """A date that was corrected and corrected back is worth its word again."""
    line_id = add_stored_line(store)
    keys = ["4 Dec/30d", "24 Dec/renewed", "4 Dec/30d", "4 Dec/30d"]

    with store.write() as tx:
        entered = [
            enqueue_reminder(tx, line_id, a_reminder(key), ["phone"], NOW)
            for key in keys
        ]

    assert [known is not None for known in entered] == [True, True, True, False]


def test_same_decision_about_another_line_is_another_one(store: Database) -> None:
    enqueue(store, "phone", line="one")
    enqueue(store, "phone", line="two")

    assert len(take(store)) == 2


def test_newer_reminder_supersedes_what_waits_on_every_channel(store: Database) -> None:
    line_id = enqueue(store, "phone", "mail")

    with store.write() as tx:
        enqueue_reminder(tx, line_id, a_reminder("newer"), ["phone"], NOW)

    assert states(store) == [
        ("phone", "superseded"),
        ("mail", "superseded"),
        ("phone", "pending"),
    ]


def test_reminder_of_another_line_supersedes_nothing(store: Database) -> None:
    enqueue(store, "phone", line="one")
    enqueue(store, "phone", line="two")

    assert states(store) == [("phone", "pending"), ("phone", "pending")]


def test_channels_of_a_line_are_undelivered_until_they_are_settled(
    store: Database,
) -> None:
    line_id = enqueue(store, "phone", "mail")
    (claimed,) = take(store)

    with store.read() as tx:
        while_sending = undelivered_channels(tx, line_id)
    settle(store, claimed, SENT)
    with store.read() as tx:
        afterwards = undelivered_channels(tx, line_id)

    assert while_sending == {"phone", "mail"}
    assert afterwards == {"mail"}


def test_renewal_takes_back_what_waits(store: Database) -> None:
    line_id = enqueue(store, "phone")

    with store.write() as tx:
        supersede_line(tx, line_id, NOW)

    assert states(store) == [("phone", "superseded")]
    assert take(store) == []


def test_notice_enters_once_for_its_key(store: Database) -> None:
    notice = Notice(
        code="test", severity=Severity.INFO, details={"channel": "x"}, created_at=NOW
    )
    with store.write() as tx:
        first = enqueue_notice(tx, notice, "k", ["phone"], NOW)
        second = enqueue_notice(tx, notice, "k", ["phone"], NOW)

    (claimed,) = take(store)
    assert first is not None
    assert second is None
    assert claimed.line_id is None
    assert claimed.content.decoded() == notice


def test_claim_raises_fence_and_attempts(store: Database) -> None:
    line_id = enqueue(store, "phone", useful_until=LATER)

    (claimed,) = take(store)

    assert (claimed.fence, claimed.attempts, claimed.unknowns) == (1, 1, 0)
    assert (claimed.line_id, claimed.useful_until) == (line_id, LATER)
    assert claimed.content.card is not None
    assert claimed.content.card.number == "+447700900123"
    assert states(store) == [("phone", "sending")]
    assert outcomes(store) == [None]


def test_what_is_claimed_is_not_claimed_again(store: Database) -> None:
    enqueue(store, "phone")

    assert len(take(store)) == 1
    assert take(store, worker="b") == []


def test_claim_takes_one_channel_and_no_more_than_its_limit(store: Database) -> None:
    for line in ("one", "two", "three"):
        enqueue(store, "phone", "mail", line=line)

    assert len(take(store, limit=2)) == 2
    assert len(take(store, limit=2)) == 1
    assert len(take(store, "mail")) == 3


def test_worst_is_claimed_first(store: Database) -> None:
    enqueue(store, "phone", line="bad")
    line_id = add_stored_line(store, "worse")
    with store.write() as tx:
        worse = a_reminder(severity=Severity.CRITICAL)
        enqueue_reminder(tx, line_id, worse, ["phone"], NOW)

    (first,) = take(store, limit=1)

    assert first.line_id == line_id


def test_what_waits_for_its_next_attempt_is_claimed_when_that_has_come(
    store: Database,
) -> None:
    enqueue(store, "phone")
    settle(store, take(store)[0], AGAIN)

    assert take(store, now=LATER - SECOND) == []
    (again,) = take(store, now=LATER)
    assert (again.fence, again.attempts) == (2, 2)
    assert outcomes(store) == ["transient", None]


def test_next_attempt_of_a_wrong_clock_is_due_at_once(store: Database) -> None:
    enqueue(store, "phone", now=NOW + timedelta(days=400))

    assert len(take(store)) == 1


@pytest.mark.parametrize(
    ("useful_until", "state"),
    [(NOW - SECOND, "expired"), (NOW, "sending"), (NOW + SECOND, "sending")],
)
def test_what_has_lost_its_use_expires(
    store: Database, useful_until: object, state: str
) -> None:
    enqueue(store, "phone", useful_until=useful_until)  # type: ignore[arg-type]  # instant

    take(store)

    assert states(store) == [("phone", state)]


@pytest.mark.parametrize(
    ("useful_until", "count"),
    [(None, 0), (LATER + SECOND, 0), (LATER, 1), (LATER - SECOND, 1)],
)
def test_quiet_hours_let_through_what_loses_its_use_in_them(
    store: Database, useful_until: object, count: int
) -> None:
    enqueue(store, "phone", useful_until=useful_until)  # type: ignore[arg-type]  # instant

    assert len(take(store, quiet_until=LATER)) == count


def test_sent_is_the_end(store: Database) -> None:
    enqueue(store, "phone")
    (claimed,) = take(store)

    assert settle(store, claimed, SENT) is DeliveryState.SENT
    assert take(store, now=LATER) == []
    assert outcomes(store) == ["sent"]


def test_record_is_void_after_another_claim(store: Database) -> None:
    enqueue(store, "phone")
    (zombie,) = take(store)
    with store.write() as tx:
        (known,) = lapsed(tx, "b", NOW + LEASE)
    settle(store, known, UNKNOWN)
    (heir,) = take(store, worker="b", now=LATER)

    assert settle(store, zombie, SENT) is None
    assert states(store) == [("phone", "sending")]
    assert settle(store, heir, SENT) is DeliveryState.SENT
    assert outcomes(store) == ["unknown", "sent"]


def test_record_is_void_the_second_time(store: Database) -> None:
    enqueue(store, "phone")
    (claimed,) = take(store)
    settle(store, claimed, SENT)

    assert settle(store, claimed, AGAIN) is None
    assert states(store) == [("phone", "sent")]
    assert outcomes(store) == ["sent"]


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
    store: Database, spared: str | None, now: object, count: int
) -> None:
    enqueue(store, "phone")
    take(store)

    with store.write() as tx:
        assert has_lapsed(tx, spared, now) is bool(count)  # type: ignore[arg-type]  # instant
        assert len(lapsed(tx, spared, now)) == count  # type: ignore[arg-type]  # instant


def test_unknown_outcomes_are_counted(store: Database) -> None:
    enqueue(store, "phone")
    settle(store, take(store)[0], UNKNOWN)

    (again,) = take(store, now=LATER)

    assert again.unknowns == 1


def test_retry_is_superseded_when_a_newer_reminder_has_come(store: Database) -> None:
    line_id = enqueue(store, "phone")
    (claimed,) = take(store)
    with store.write() as tx:
        enqueue_reminder(tx, line_id, a_reminder("newer"), ["phone"], NOW)

    assert settle(store, claimed, AGAIN) is DeliveryState.SUPERSEDED
    assert states(store) == [("phone", "superseded"), ("phone", "pending")]


def test_retry_is_superseded_when_the_line_has_been_archived(store: Database) -> None:
    line_id = enqueue(store, "phone")
    (claimed,) = take(store)
    with store.write() as tx:
        archive_line(tx, line_id, NOW)

    assert settle(store, claimed, AGAIN) is DeliveryState.SUPERSEDED


def test_short_ones_are_claimed_alone(store: Database) -> None:
    short = (
        Verdict(outcome=Outcome.MESSAGE_PERMANENT, reason="too long"),
        Decision(state=DeliveryState.PENDING, next_attempt_at=NOW, short=True),
    )
    for line in ("one", "two"):
        enqueue(store, "phone", line=line)
    for claimed in take(store):
        settle(store, claimed, short)
    enqueue(store, "phone", line="three")

    batches = [take(store), take(store), take(store), take(store)]

    assert [[known.short for known in batch] for batch in batches] == [
        [False],
        [True],
        [True],
        [],
    ]


def test_lost_channel_passes_on_what_waits_for_it(store: Database) -> None:
    enqueue(store, "phone", "mail")
    with store.write() as tx:
        hold(tx, "phone")

        lost = reroute(tx, ["mail", "chat"], NOW)

    assert lost == 1
    assert states(store) == [
        ("phone", "superseded"),
        ("mail", "pending"),
        ("chat", "pending"),
    ]


def test_held_ones_wait_until_they_are_let_go(store: Database) -> None:
    enqueue(store, "phone")
    with store.write() as tx:
        assert hold(tx, "phone") == 1
    assert take(store, now=LATER) == []

    with store.write() as tx:
        assert let_go(tx, "phone", NOW) == 1

    assert len(take(store)) == 1


def test_fallback_is_due_after_the_patience_and_given_once(store: Database) -> None:
    enqueue(store, "phone")
    patience = 15 * MINUTE

    with store.write() as tx:
        early = overdue(tx, "phone", "mail", patience, NOW + patience - SECOND)
        (reminder_id,) = overdue(tx, "phone", "mail", patience, NOW + patience)
        assert give_to(tx, reminder_id, "mail", NOW)
        assert not give_to(tx, reminder_id, "mail", NOW)
        given = overdue(tx, "phone", "mail", patience, NOW + patience)

    assert early == []
    assert given == []
    assert states(store) == [("phone", "pending"), ("mail", "pending")]


def test_fallback_is_due_at_once_for_what_soon_loses_its_use(store: Database) -> None:
    enqueue(store, "phone", useful_until=NOW + 10 * MINUTE)

    with store.read() as tx:
        assert len(overdue(tx, "phone", "mail", 15 * MINUTE, NOW)) == 1


def test_delivery_keeps_why_it_failed(store: Database) -> None:
    enqueue(store, "phone")
    settle(store, take(store)[0], AGAIN)

    assert deliveries(store)[0].reason == "busy"


def test_every_statement_works_on_either_database(either_database: Database) -> None:
    store = either_database
    line_id = enqueue(store, "phone", "mail", useful_until=LATER)
    (first,) = take(store)
    with store.write() as tx:
        (known,) = lapsed(tx, "b", NOW + LEASE)
    settle(store, known, UNKNOWN)
    assert settle(store, first, SENT) is None
    (second,) = take(store, worker="b", now=LATER, quiet_until=LATER)
    with store.write() as tx:
        assert enqueue_reminder(tx, line_id, a_reminder(), ["phone"], NOW) is None
        assert undelivered_channels(tx, line_id) == {"phone", "mail"}
        assert len(overdue(tx, "mail", "chat", MINUTE, LATER)) == 1
        assert reroute(tx, ["phone"], NOW) == 1
        assert enqueue_reminder(tx, line_id, a_reminder("newer"), ["phone"], NOW)
    assert settle(store, second, AGAIN) is DeliveryState.SUPERSEDED
    with store.write() as tx:
        assert hold(tx, "phone") == 1
        assert let_go(tx, "phone", NOW) == 1
    (third,) = take(store)
    assert settle(store, third, SENT) is DeliveryState.SENT
    assert states(store) == [
        ("phone", "superseded"),
        ("mail", "superseded"),
        ("phone", "sent"),
    ]
