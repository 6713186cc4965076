"""From the outbox to the channels and back, with real threads and a real store."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from threading import Event, Thread
from threading import enumerate as enumerate_threads
from time import monotonic

import pytest
from sqlalchemy import text, update

from reminderd.delivery.agenda import LEASE
from reminderd.delivery.apprise_channel import AppriseChannel
from reminderd.delivery.channel import Channel, Outlet
from reminderd.delivery.dispatcher import Dispatcher
from reminderd.domain.calendar import QuietHours
from reminderd.domain.deliveries import Outcome, Verdict
from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import Content, LineReminder, Message
from reminderd.errors import StoreError
from reminderd.storage.channels import try_now
from reminderd.storage.claims import Wanted, claim
from reminderd.storage.database import Database
from reminderd.storage.lines import update_line
from reminderd.storage.outbox import enqueue_reminder
from reminderd.storage.tables import metadata
from tests.builders import LONDON, NOW
from tests.outboxes import (
    a_reminder,
    add_stored_line,
    deliveries,
    enqueue,
    mark_reviewed,
    outcomes,
    states,
)
from tests.sinks import SENT, HangingChannel, ScriptedChannel, http_sink, titles

MINUTE = timedelta(minutes=1)
BUSY = Verdict(outcome=Outcome.TRANSIENT, reason="busy")
UNKNOWN = Verdict(outcome=Outcome.UNKNOWN, reason="no answer")
LOCKED_OUT = Verdict(
    outcome=Outcome.CHANNEL_PERMANENT, reason="the service answered 401 Unauthorized"
)
REFUSED = Verdict(outcome=Outcome.MESSAGE_PERMANENT, reason="413")


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def compose(contents: Sequence[Content], now: datetime, short: bool) -> Message:
    names = [
        content.line.name if isinstance(content, LineReminder) else content.code
        for content in contents
    ]
    title = "+".join(names) + (" (short)" if short else "")
    return Message(title=title, body="...", severity=Severity.WARNING)


def an_outlet(channel: Channel, **changed: object) -> Outlet:
    outlet = Outlet(
        channel=channel, zone=LONDON, compose=compose, fingerprint="v1", timeout=10
    )
    return replace(outlet, **changed)  # type: ignore[arg-type]  # of Outlet's fields


def a_dispatcher(
    database: Database,
    clock: Callable[[], datetime],
    *outlets: Outlet,
    worker: str = "a",
) -> Dispatcher:
    dispatcher = Dispatcher(database, worker, clock, lambda: 1.0)
    dispatcher.configure({outlet.channel.name: outlet for outlet in outlets})
    return dispatcher


def drain(dispatcher: Dispatcher) -> None:
    dispatcher.drain(20)


def pass_time(
    dispatcher: Dispatcher, clock: Clock, span: timedelta, step: timedelta = MINUTE / 2
) -> None:
    """Let *span* go by, one *step* at a time."""
    end = clock.now + span
    while clock.now < end:
        clock.now += step
        drain(dispatcher)


def test_each_delivery_is_sent_once(database: Database, clock: Clock) -> None:
    phone, mail = ScriptedChannel("phone"), ScriptedChannel("mail")
    enqueue(database, "phone", "mail")
    dispatcher = a_dispatcher(database, clock, an_outlet(phone), an_outlet(mail))

    drain(dispatcher)
    drain(dispatcher)

    assert titles(phone.messages) == ["uk-travel"]
    assert titles(mail.messages) == ["uk-travel"]
    assert states(database) == [("phone", "sent"), ("mail", "sent")]
    assert outcomes(database) == ["sent", "sent"]


def test_what_waits_for_one_channel_goes_as_one_message(
    database: Database, clock: Clock
) -> None:
    phone, mail = ScriptedChannel("phone"), ScriptedChannel("mail")
    for line in ("one", "two", "three"):
        enqueue(database, "phone", "mail", line=line)

    drain(a_dispatcher(database, clock, an_outlet(phone), an_outlet(mail, group=False)))

    assert titles(phone.messages) == ["one+two+three"]
    assert titles(mail.messages) == ["one", "two", "three"]
    assert {state for _, state in states(database)} == {"sent"}


def test_quiet_hours_hold_what_can_wait(database: Database, clock: Clock) -> None:
    phone = ScriptedChannel("phone")
    enqueue(database, "phone", line="can-wait")
    enqueue(database, "phone", line="today", useful_until=NOW + 30 * MINUTE)
    quiet = QuietHours(time(11), time(13))
    dispatcher = a_dispatcher(database, clock, an_outlet(phone, quiet=quiet))

    drain(dispatcher)
    in_quiet_hours = titles(phone.messages)
    clock.now = NOW + 60 * MINUTE
    drain(dispatcher)

    assert in_quiet_hours == ["today"]
    assert titles(phone.messages) == ["today", "can-wait"]


def test_passing_trouble_is_retried_with_growing_gaps(
    database: Database, clock: Clock
) -> None:
    phone = ScriptedChannel("phone", *[BUSY] * 4)
    enqueue(database, "phone")
    dispatcher = a_dispatcher(database, clock, an_outlet(phone))
    sent_at = []

    for _ in range(40):
        before = len(phone.messages)
        drain(dispatcher)
        sent_at += [clock.now] * (len(phone.messages) - before)
        clock.now += MINUTE / 2

    gaps = [later - earlier for earlier, later in pairwise(sent_at)]
    assert gaps == [MINUTE / 2, MINUTE, 2 * MINUTE, 4 * MINUTE]
    assert states(database) == [("phone", "sent")]


@pytest.mark.slow
def test_channel_that_is_dead_for_three_hours_delivers_in_the_end(
    database: Database, clock: Clock
) -> None:
    phone, mail = ScriptedChannel("phone", *[BUSY] * 99), ScriptedChannel("mail")
    enqueue(database, "phone")
    dispatcher = a_dispatcher(
        database, clock, an_outlet(phone, fallback="mail"), an_outlet(mail)
    )

    pass_time(dispatcher, clock, 15 * MINUTE)
    after_a_quarter = titles(mail.messages)
    pass_time(dispatcher, clock, 165 * MINUTE, 3 * MINUTE)
    phone.recover()
    pass_time(dispatcher, clock, 33 * MINUTE, 3 * MINUTE)

    assert after_a_quarter == ["uk-travel+channel-failing"]
    assert titles(mail.messages) == ["uk-travel+channel-failing", "channel-back"]
    assert 10 < len(phone.messages) < 20
    assert titles(phone.messages)[-2:] == ["uk-travel", "channel-back"]
    assert states(database)[0] == ("phone", "sent")


def test_broken_channel_hands_over_at_once_and_the_owner_is_told_once(
    database: Database, clock: Clock
) -> None:
    phone, mail = ScriptedChannel("phone", LOCKED_OUT), ScriptedChannel("mail")
    dispatcher = a_dispatcher(
        database, clock, an_outlet(phone, fallback="mail"), an_outlet(mail)
    )
    enqueue(database, "phone", line="one")
    drain(dispatcher)

    enqueue(database, "phone", line="two")
    drain(dispatcher)

    assert titles(phone.messages) == ["one"]
    assert titles(mail.messages) == ["channel-broken+one", "two"]
    assert states(database) == [
        ("phone", "held"),
        ("mail", "sent"),
        ("mail", "sent"),
        ("phone", "held"),
        ("mail", "sent"),
    ]


def test_changed_configuration_sends_what_was_held(
    database: Database, clock: Clock
) -> None:
    phone = ScriptedChannel("phone", LOCKED_OUT)
    enqueue(database, "phone")
    dispatcher = a_dispatcher(database, clock, an_outlet(phone))
    drain(dispatcher)
    held = states(database)

    dispatcher.configure({"phone": an_outlet(phone, fingerprint="v2")})
    drain(dispatcher)

    assert held == [("phone", "held")]
    assert states(database) == [("phone", "sent")]


def test_refused_message_goes_once_more_as_short_text_then_to_the_fallback(
    database: Database, clock: Clock
) -> None:
    phone, mail = ScriptedChannel("phone", REFUSED, REFUSED), ScriptedChannel("mail")
    enqueue(database, "phone")

    drain(
        a_dispatcher(
            database, clock, an_outlet(phone, fallback="mail"), an_outlet(mail)
        )
    )

    assert titles(phone.messages) == ["uk-travel", "uk-travel (short)"]
    assert titles(mail.messages) == ["uk-travel+delivery-dead"]
    assert states(database)[:2] == [("phone", "dead"), ("mail", "sent")]


def test_dead_delivery_without_a_fallback_is_an_error_in_the_log(
    database: Database, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    phone = ScriptedChannel("phone", REFUSED, REFUSED)
    enqueue(database, "phone")

    drain(a_dispatcher(database, clock, an_outlet(phone)))

    assert states(database) == [("phone", "dead")]
    errors = [known for known in caplog.records if known.levelno == logging.ERROR]
    assert "not delivered, and no fallback left" in errors[0].message


@pytest.mark.parametrize("count", [2, 30])
def test_one_that_cannot_be_worded_is_left_out_of_its_group(
    database: Database, clock: Clock, count: int
) -> None:
    phone = ScriptedChannel("phone")
    names = [f"line-{number:02}" for number in range(count)]
    for name in names:
        enqueue(database, "phone", line=name)
    rows = metadata.tables["reminder"]
    with database.write() as tx:
        spoilt = update(rows).where(rows.c.id == 2).values(content={"what": "ever"})
        tx.execute(spoilt)

    drain(a_dispatcher(database, clock, an_outlet(phone)))

    del names[1]
    assert titles(phone.messages) == ["+".join(names)]
    assert [state for _, state in states(database)] == [
        "dead" if number == 1 else "sent" for number in range(count)
    ]


def test_group_that_cannot_be_worded_together_is_tried_one_by_one(
    database: Database, clock: Clock
) -> None:
    def compose_one(contents: Sequence[Content], now: datetime, short: bool) -> Message:
        (content,) = contents
        return compose([content], now, short)

    phone = ScriptedChannel("phone")
    for line in ("one", "two"):
        enqueue(database, "phone", line=line)

    drain(a_dispatcher(database, clock, an_outlet(phone, compose=compose_one)))

    assert titles(phone.messages) == ["one (short)", "two (short)"]


def test_line_in_an_unknown_zone_does_not_silence_the_others(
    database: Database, clock: Clock
) -> None:
    phone = ScriptedChannel("phone")
    lost = enqueue(database, "phone", line="lost")
    enqueue(database, "phone", line="found")
    with database.write() as tx:
        update_line(tx, lost, timezone="Mars/Olympus")

    drain(a_dispatcher(database, clock, an_outlet(phone)))

    assert titles(phone.messages) == ["found"]
    assert states(database) == [("phone", "dead"), ("phone", "sent")]


@pytest.mark.parametrize("trouble", [LOCKED_OUT, BUSY])
def test_what_cannot_be_worded_does_not_keep_a_mended_channel_from_being_found_so(
    database: Database, clock: Clock, trouble: Verdict
) -> None:
    phone = ScriptedChannel("phone", trouble)
    lost = enqueue(database, "phone", line="lost")
    enqueue(database, "phone", line="found")
    dispatcher = a_dispatcher(database, clock, an_outlet(phone))
    drain(dispatcher)
    phone.messages.clear()
    with database.write() as tx:
        update_line(tx, lost, timezone="Mars/Olympus")
        try_now(tx, "phone", clock.now)

    drain(dispatcher)

    assert "found" in titles(phone.messages)
    assert states(database) == [("phone", "dead"), ("phone", "sent")]


def test_owner_is_told_through_channels_that_only_another_process_can_use(
    database: Database, clock: Clock
) -> None:
    phone, mail = ScriptedChannel("phone", LOCKED_OUT), ScriptedChannel("mail")
    enqueue(database, "phone")
    here = a_dispatcher(database, clock)
    here.configure({"phone": an_outlet(phone)}, ["phone", "mail"])
    there = a_dispatcher(database, clock, an_outlet(mail), worker="b")

    drain(here)
    drain(there)

    assert titles(mail.messages) == ["channel-broken"]


def test_owner_is_told_of_a_channel_that_was_broken_when_nobody_could_be_told(
    database: Database, clock: Clock
) -> None:
    phone, mail = ScriptedChannel("phone", LOCKED_OUT), ScriptedChannel("mail")
    enqueue(database, "phone", line="one")
    drain(a_dispatcher(database, clock, an_outlet(phone)))
    both = a_dispatcher(
        database, clock, an_outlet(phone), an_outlet(mail), worker="both"
    )

    for line in ("two", "three"):
        enqueue(database, "phone", line=line)
        drain(both)

    assert titles(phone.messages) == ["one"]
    assert titles(mail.messages) == ["channel-broken"]
    assert [state for _, state in states(database)].count("held") == 3


@pytest.mark.parametrize(
    ("timeout", "state"),
    [
        pytest.param(5.1, "pending", id="it may last longer than this process"),
        pytest.param(4.5, "sent", id="it is over before"),
    ],
)
def test_check_sends_only_what_is_over_before_it_leaves(
    database: Database, clock: Clock, timeout: float, state: str
) -> None:
    phone = ScriptedChannel("phone")
    enqueue(database, "phone")

    a_dispatcher(database, clock, an_outlet(phone, timeout=timeout)).drain(5)

    assert states(database) == [("phone", state)]
    assert deliveries(database)[0].attempts == len(phone.messages)


@pytest.mark.parametrize("group", [True, False])
def test_channel_in_trouble_is_tried_with_one_delivery_at_growing_gaps(
    database: Database, clock: Clock, group: bool
) -> None:
    names = [f"line-{number}" for number in range(9)]
    for name in names:
        enqueue(database, "phone", line=name)
    phone = ScriptedChannel("phone", *[BUSY] * 4)
    dispatcher = a_dispatcher(database, clock, an_outlet(phone, group=group))

    drain(dispatcher)
    first = titles(phone.messages)
    pass_time(dispatcher, clock, 7 * MINUTE)
    probes = titles(phone.messages)[1:]
    untried = [known.attempts for known in deliveries(database)][1:]
    pass_time(dispatcher, clock, MINUTE)

    assert first == (["+".join(names)] if group else ["line-0"])
    assert probes == ["line-0"] * 3
    assert set(untried) == {1 if group else 0}
    rest = ["+".join(names[1:])] if group else names[1:]
    assert titles(phone.messages)[4:] == ["line-0", *rest]
    assert {state for _, state in states(database)} == {"sent"}


@pytest.mark.slow
def test_the_worst_is_tried_first_and_keeps_nothing_waiting_for_ever(
    database: Database, clock: Clock
) -> None:
    """A service may answer 500 to one message only."""

    class Allergic(ScriptedChannel):
        def send(self, message: Message) -> Verdict:
            super().send(message)
            return BUSY if "poison" in message.title else SENT

    enqueue(database, "phone", line="good")
    line_id = add_stored_line(database, "poison")
    worst = a_reminder(severity=Severity.CRITICAL)
    with database.write() as tx:
        enqueue_reminder(tx, line_id, worst, ["phone"], NOW)
    phone = Allergic("phone")
    dispatcher = a_dispatcher(database, clock, an_outlet(phone))

    pass_time(dispatcher, clock, 60 * MINUTE)

    assert titles(phone.messages)[:6] == ["poison+good", *["poison"] * 4, "good"]
    assert states(database) == [("phone", "sent"), ("phone", "pending")]


def test_two_workers_probe_a_channel_only_once(
    database: Database, clock: Clock
) -> None:
    slow, quick = HangingChannel("phone"), ScriptedChannel("phone")
    failing = ScriptedChannel("phone", BUSY)
    for line in ("one", "two"):
        enqueue(database, "phone", line=line)
    drain(a_dispatcher(database, clock, an_outlet(failing, group=False)))
    clock.now += MINUTE
    probing = a_dispatcher(database, clock, an_outlet(slow), worker="probing")
    probing.start()
    wait_for(lambda: len(slow.messages) == 1)

    drain(a_dispatcher(database, clock, an_outlet(quick), worker="other"))
    slow.release.set()

    assert probing.stop(5)
    assert quick.messages == []


def test_hung_channel_delays_no_other_and_misses_its_deadline(
    database: Database, clock: Clock
) -> None:
    hung, mail = HangingChannel("phone"), ScriptedChannel("mail")
    enqueue(database, "phone", "mail")
    dispatcher = a_dispatcher(
        database, clock, an_outlet(hung, timeout=0.2), an_outlet(mail)
    )

    started = monotonic()
    drain(dispatcher)

    assert monotonic() - started < 5
    assert titles(mail.messages) == ["uk-travel"]
    assert states(database) == [("phone", "pending"), ("mail", "sent")]
    assert deliveries(database)[0].unknowns == 1
    hung.release.set()


@pytest.mark.slow
def test_channel_that_hangs_four_times_is_broken(
    database: Database, clock: Clock
) -> None:
    hung, mail = HangingChannel("phone"), ScriptedChannel("mail")
    dispatcher = a_dispatcher(
        database, clock, an_outlet(hung, timeout=0.05), an_outlet(mail)
    )
    for line in ("one", "two"):
        enqueue(database, "phone", line=line)

    while len(hung.messages) < 4:
        drain(dispatcher)
        clock.now += 30 * MINUTE

    assert titles(hung.messages) == ["one+two", "one", "one", "two"]
    assert states(database)[:2] == [("phone", "dead"), ("phone", "held")]
    drain(dispatcher)
    assert titles(mail.messages) == ["channel-failing", "channel-broken"]
    hung.release.set()


@pytest.mark.slow
def test_channel_that_hangs_for_weeks_leaves_few_threads_behind(
    database: Database, clock: Clock
) -> None:
    hung = HangingChannel("phone")
    for number in range(30):
        enqueue(database, "phone", line=f"line-{number}")
    dispatcher = a_dispatcher(database, clock, an_outlet(hung, timeout=0.02))

    for _ in range(25):
        drain(dispatcher)
        clock.now += timedelta(hours=7)
    while_hung = len(hung.messages)
    hung.release.set()
    wait_for(
        lambda: "send-phone" not in {thread.name for thread in enumerate_threads()}
    )
    drain(dispatcher)

    assert while_hung == 10
    assert len(hung.messages) > 10


def test_plugin_that_raises_leaves_the_outcome_unknown(
    database: Database, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    class RaisingChannel(ScriptedChannel):
        def send(self, message: Message) -> Verdict:
            raise RuntimeError(f"s3cr3t {message.title}")

    enqueue(database, "phone")

    drain(a_dispatcher(database, clock, an_outlet(RaisingChannel("phone"))))

    assert outcomes(database) == ["unknown"]
    assert deliveries(database)[0].reason == "an error in sending (RuntimeError)"
    assert "s3cr3t" not in caplog.text


def test_claim_whose_commit_seemed_to_fail_is_sent_after_its_lease(
    database: Database, clock: Clock
) -> None:
    phone = ScriptedChannel("phone")
    enqueue(database, "phone")
    with database.write() as tx:
        claim(tx, Wanted(channel="phone", worker="a", lease=LEASE), clock.now)
    dispatcher = a_dispatcher(database, clock, an_outlet(phone), worker="a")

    pass_time(dispatcher, clock, 3 * MINUTE)
    mark_reviewed(database)
    pass_time(dispatcher, clock, MINUTE)

    assert titles(phone.messages) == ["uk-travel"]


@pytest.mark.slow
def test_body_that_drips_misses_the_hard_deadline(
    database: Database, clock: Clock
) -> None:
    enqueue(database, "phone")
    with http_sink(drip=True) as sink:
        channel = AppriseChannel("phone", f"json://{sink.address}/")
        drain(a_dispatcher(database, clock, an_outlet(channel, timeout=1.5)))

    assert len(sink.requests) == 1
    assert states(database) == [("phone", "pending")]
    assert deliveries(database)[0].reason == "no answer before the deadline"


def test_sender_that_died_is_unknown_and_sent_again_three_times_at_most(
    database: Database, clock: Clock
) -> None:
    phone, mail = ScriptedChannel("phone"), ScriptedChannel("mail")
    enqueue(database, "phone")
    outlets = [an_outlet(phone, fallback="mail"), an_outlet(mail)]
    other = a_dispatcher(database, clock, outlets[1], worker="other")
    heir = a_dispatcher(database, clock, *outlets, worker="heir")

    for number in range(3):
        wanted = Wanted(channel="phone", worker=f"dies-{number}", lease=LEASE)
        with database.write() as tx:
            assert len(claim(tx, wanted, clock.now)) == 1
        clock.now += LEASE
        drain(other)
        mark_reviewed(database)
        clock.now += 31 * MINUTE
    drain(heir)

    assert phone.messages == []
    assert outcomes(database)[:3] == ["unknown"] * 3
    assert states(database)[0] == ("phone", "dead")


def test_sender_that_died_leaves_its_message_to_another(
    database: Database, clock: Clock
) -> None:
    phone = ScriptedChannel("phone")
    enqueue(database, "phone")
    with database.write() as tx:
        claim(tx, Wanted(channel="phone", worker="dead", lease=LEASE), clock.now)
    dispatcher = a_dispatcher(database, clock, an_outlet(phone))

    drain(dispatcher)
    before_the_lease_ends = list(phone.messages)
    clock.now += LEASE
    drain(dispatcher)
    clock.now += MINUTE
    drain(dispatcher)
    before_the_line_is_reviewed = list(phone.messages)
    mark_reviewed(database)
    drain(dispatcher)

    assert before_the_lease_ends == before_the_line_is_reviewed == []
    assert titles(phone.messages) == ["uk-travel"]
    assert outcomes(database) == ["unknown", "sent"]


def test_zombie_records_nothing(database: Database, clock: Clock) -> None:
    slow, quick = HangingChannel("phone"), ScriptedChannel("phone")
    enqueue(database, "phone")
    zombie = a_dispatcher(database, clock, an_outlet(slow), worker="zombie")
    heir = a_dispatcher(database, clock, an_outlet(quick), worker="heir")
    zombie.start()
    wait_for(lambda: len(slow.messages) == 1)

    clock.now += LEASE
    drain(heir)
    mark_reviewed(database)
    clock.now += MINUTE
    drain(heir)
    slow.release.set()
    assert zombie.stop(5)

    assert titles(quick.messages) == ["uk-travel"]
    assert states(database) == [("phone", "sent")]
    assert outcomes(database) == ["unknown", "sent"]


def test_newer_reminder_takes_the_place_of_one_that_waits(
    database: Database, clock: Clock
) -> None:
    phone = ScriptedChannel("phone", BUSY)
    line_id = enqueue(database, "phone")
    dispatcher = a_dispatcher(database, clock, an_outlet(phone))
    drain(dispatcher)

    with database.write() as tx:
        enqueue_reminder(tx, line_id, a_reminder("newer"), ["phone"], clock.now)
    pass_time(dispatcher, clock, 2 * MINUTE)

    assert len(phone.messages) == 2
    assert states(database) == [("phone", "superseded"), ("phone", "sent")]


def test_two_dispatchers_on_one_store_send_each_delivery_once(
    database: Database,
) -> None:
    names = [f"line-{number:02}" for number in range(12)]
    for name in names:
        enqueue(database, "phone", line=name)
    first, second = ScriptedChannel("phone"), ScriptedChannel("phone")
    workers = [
        a_dispatcher(
            database, lambda: NOW, an_outlet(channel, group=False), worker=worker
        )
        for worker, channel in (("a", first), ("b", second))
    ]
    threads = [Thread(target=drain, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(titles(first.messages) + titles(second.messages)) == names


@contextmanager
def broken_store(database: Database) -> Iterator[None]:
    """Let every write of deliveries fail, as on a damaged disk."""
    with database.write() as tx:
        tx.execute(
            text(
                "CREATE TRIGGER broken BEFORE UPDATE ON delivery"
                " WHEN NEW.state <> 'sending'"
                " BEGIN SELECT RAISE(ABORT, 'disk full'); END"
            )
        )
    yield
    with database.write() as tx:
        tx.execute(text("DROP TRIGGER broken"))


@pytest.mark.slow
def test_nothing_more_is_sent_while_a_verdict_cannot_be_recorded(
    database: Database, clock: Clock
) -> None:
    phone = ScriptedChannel("phone")
    enqueue(database, "phone", line="one")
    dispatcher = a_dispatcher(
        database, clock, an_outlet(phone, group=False, timeout=0.5)
    )

    with broken_store(database):
        with pytest.raises(StoreError):
            dispatcher.drain(3)
        enqueue(database, "phone", line="two")
        with pytest.raises(StoreError):
            dispatcher.drain(3)
        in_trouble = titles(phone.messages)
    drain(dispatcher)

    assert in_trouble == ["one"]
    assert titles(phone.messages) == ["one", "two"]
    assert states(database) == [("phone", "sent"), ("phone", "sent")]


def wait_for(condition: Callable[[], bool]) -> None:
    end = monotonic() + 10
    while not condition():
        assert monotonic() < end
        Event().wait(0.005)


def test_daemon_sends_when_it_is_woken_and_stops(database: Database) -> None:
    phone = ScriptedChannel("phone")
    dispatcher = a_dispatcher(database, lambda: datetime(2026, 11, 22, 12, tzinfo=UTC))
    dispatcher.configure({"phone": an_outlet(phone)})
    dispatcher.start()
    enqueue(database, "phone")

    dispatcher.wake()
    wait_for(lambda: states(database) == [("phone", "sent")])

    assert dispatcher.stop(5)
    assert len(phone.messages) == 1


def test_stop_finishes_the_present_send_and_claims_nothing_more(
    database: Database, clock: Clock
) -> None:
    phone = HangingChannel("phone")
    enqueue(database, "phone", line="one")
    enqueue(database, "phone", line="two")
    dispatcher = a_dispatcher(database, clock, an_outlet(phone, group=False))
    dispatcher.start()
    wait_for(lambda: len(phone.messages) == 1)

    assert not dispatcher.stop(0.05)
    phone.release.set()
    assert dispatcher.stop(5)

    assert states(database) == [("phone", "sent"), ("phone", "pending")]


def test_daemon_survives_a_store_that_fails_and_says_so_once(
    database: Database, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    phone = ScriptedChannel("phone")
    enqueue(database, "phone")
    dispatcher = a_dispatcher(database, clock, an_outlet(phone))

    with broken_store(database):
        dispatcher.start()
        wait_for(lambda: "the store cannot be used now" in caplog.text)
        for _ in range(3):
            dispatcher.wake()
    wait_for(lambda: states(database) == [("phone", "sent")])

    assert dispatcher.stop(5)
    assert len(phone.messages) == 1
    assert caplog.text.count("the store cannot be used now") == 1
