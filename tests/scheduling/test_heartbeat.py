"""What a monitor hears, and how little a dead one disturbs."""

import logging
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reminderd.clock import Uptime
from reminderd.delivery.monitor import Monitor
from reminderd.domain.deliveries import Outcome, Route, Verdict
from reminderd.domain.outages import DEAD_AFTER
from reminderd.scheduling.cycle import run_pass
from reminderd.scheduling.heartbeat import LAST_HEARTBEAT, Heartbeat
from reminderd.scheduling.setup import Setup
from reminderd.storage import meta
from reminderd.storage.channels import mark_broken, mend, note_failure
from reminderd.storage.database import Database
from tests.builders import NOW, a_deadline
from tests.outboxes import AGAIN, SENT, enqueue, settle, take
from tests.programs import (
    a_json_channel,
    a_section,
    eventually,
    running_daemon,
    write_config,
)
from tests.scheduling.test_cycle import add_many
from tests.setups import a_setup
from tests.sinks import HttpSink, free_port, http_sink

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
REFUSED = Verdict(outcome=Outcome.TRANSIENT, reason="refused")


def watched(address: str, *, takes_failures: bool = True) -> Setup:
    """Return a setup whose monitor listens at *address*."""
    monitor = Monitor(
        url=f"http://{address}/ping/SECRET?status=up",
        every=HOUR,
        takes_failures=takes_failures,
    )
    routes = (Route(channel="phone"), Route(channel="mail"))
    return replace(a_setup(routes=routes), monitor=monitor)


def heard(sink: HttpSink) -> list[tuple[str, str, bytes]]:
    return [(known.method, known.path, known.body) for known in sink.requests]


GOOD = ("GET", "/ping/SECRET?status=up", b"")


def bad(reason: bytes) -> tuple[str, str, bytes]:
    return "POST", "/ping/SECRET/fail?status=up", reason


def test_monitor_hears_of_good_passes_at_most_every_so_often(
    database: Database,
) -> None:
    with http_sink() as sink:
        setup = watched(sink.address)
        heartbeat = Heartbeat(database)
        counts = []
        for minutes in (0, 1, 59, 60, 61, 119, 120):
            heartbeat.beat(setup, NOW + minutes * MINUTE)
            heartbeat.wait()
            counts.append(len(sink.requests))

    assert counts == [1, 1, 1, 2, 2, 2, 3]
    assert set(heard(sink)) == {GOOD}


def test_restart_does_not_make_it_beat_faster(database: Database) -> None:
    with http_sink() as sink:
        for minutes in (0, 5, 61):
            heartbeat = Heartbeat(database)
            heartbeat.beat(watched(sink.address), NOW + minutes * MINUTE)
            heartbeat.wait()

    assert len(sink.requests) == 2
    with database.read() as tx:
        assert meta.get(tx, LAST_HEARTBEAT) == (NOW + 61 * MINUTE).isoformat()


def test_clock_that_is_set_back_does_not_silence_it(database: Database) -> None:
    with http_sink() as sink:
        heartbeat = Heartbeat(database)
        for at in (NOW, NOW - 48 * HOUR):
            heartbeat.beat(watched(sink.address), at)
            heartbeat.wait()

    assert heard(sink) == [GOOD, GOOD]


def test_what_turns_bad_and_good_again_is_told_within_a_minute(
    database: Database,
) -> None:
    with http_sink() as sink:
        setup = watched(sink.address)
        heartbeat = Heartbeat(database)
        for minutes, failure in enumerate((None, "locked", "locked", None)):
            heartbeat.beat(setup, NOW + minutes * MINUTE, failure)
            heartbeat.wait()

    assert heard(sink) == [GOOD, bad(b"locked"), GOOD]


def test_undelivered_message_is_told_by_number_alone(database: Database) -> None:
    enqueue(database, "phone")
    with http_sink() as sink:
        setup = watched(sink.address)
        heartbeat = Heartbeat(database)
        heartbeat.beat(setup, NOW)
        heartbeat.wait()
        (claimed,) = take(database)
        settle(database, claimed, AGAIN)
        heartbeat.beat(setup, NOW + MINUTE)
        heartbeat.wait()
        (claimed,) = take(database, now=NOW + HOUR)
        settle(database, claimed, SENT)
        heartbeat.beat(setup, NOW + HOUR)
        heartbeat.wait()

    # What waits for its first try is not undelivered yet.
    assert heard(sink) == [
        GOOD,
        bad(b"messages that are not delivered: 1"),
        GOOD,
    ]


@pytest.mark.slow
def test_held_storm_is_told_as_what_it_is(database: Database) -> None:
    add_many(database, 51, a_deadline())
    with http_sink() as sink:
        setup = replace(watched(sink.address), routes=(Route(channel="phone"),))
        run_pass(database, setup, NOW)
        heartbeat = Heartbeat(database)
        heartbeat.beat(setup, NOW)
        heartbeat.wait()

    assert heard(sink) == [bad(b"messages that are held back: 51")]


def test_clock_that_is_not_set_is_told_since_nothing_is_decided_by_it(
    database: Database,
) -> None:
    unset = datetime(1970, 1, 1, 0, 1, tzinfo=UTC)
    with http_sink() as sink:
        setup = watched(sink.address)
        run_pass(database, setup, unset, uptime=Uptime("boot", 60.0, 60.0))
        heartbeat = Heartbeat(database)
        heartbeat.beat(setup, unset)
        heartbeat.wait()

    assert heard(sink) == [bad(b"the clock is not set")]


def test_one_channel_that_works_is_enough_and_none_is_too_few(
    database: Database,
) -> None:
    with http_sink() as sink:
        setup = watched(sink.address)
        heartbeat = Heartbeat(database)
        with database.write() as tx:
            mark_broken(tx, "phone", "404", NOW)
        heartbeat.beat(setup, NOW)
        heartbeat.wait()
        with database.write() as tx:
            for _ in range(DEAD_AFTER):
                note_failure(tx, "mail", REFUSED, NOW)
        heartbeat.beat(setup, NOW + MINUTE)
        heartbeat.wait()
        with database.write() as tx:
            mend(tx, "phone", NOW)
        heartbeat.beat(setup, NOW + 2 * MINUTE)
        heartbeat.wait()

    assert heard(sink) == [GOOD, bad(b"no channel works"), GOOD]


def test_monitor_without_failures_hears_nothing_of_them(database: Database) -> None:
    with http_sink() as sink:
        setup = watched(sink.address, takes_failures=False)
        heartbeat = Heartbeat(database)
        for minutes, failure in enumerate((None, "locked", None)):
            heartbeat.beat(setup, NOW + minutes * HOUR, failure)
            heartbeat.wait()

    assert heard(sink) == [GOOD, GOOD]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_refusal_is_warned_of_once_tried_again_each_minute_and_shows_no_url(
    database: Database, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    caplog.set_level(logging.INFO, "reminderd")
    with (
        http_sink() as elsewhere,
        http_sink(
            status=status, headers={"Location": f"http://{elsewhere.address}/"}
        ) as sink,
    ):
        heartbeat = Heartbeat(database)
        for seconds in (0, 5, 55, 61, 122):
            sink.status = 200 if seconds == 122 else status
            heartbeat.beat(watched(sink.address), NOW + timedelta(seconds=seconds))
            heartbeat.wait()

    assert len(sink.requests) == 3
    assert elsewhere.requests == []
    assert [known.message for known in caplog.records] == [
        caplog.records[0].message,
        "the heartbeat is taken again",
    ]
    assert f"the service answered {status}" in caplog.records[0].message
    assert "SECRET" not in caplog.text


def test_host_that_refuses_is_only_a_warning(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    heartbeat = Heartbeat(database)

    heartbeat.beat(watched(f"127.0.0.1:{free_port()}"), NOW)
    heartbeat.wait()

    assert heartbeat.complaint == "the connection was refused"
    assert "SECRET" not in caplog.text


@pytest.mark.slow
def test_host_that_never_answers_delays_no_pass_and_is_asked_once_at_a_time(
    database: Database,
) -> None:
    with http_sink(mute=True) as sink:
        heartbeat = Heartbeat(database)
        started = time.monotonic()
        for minutes in range(3):
            heartbeat.beat(watched(sink.address), NOW + minutes * MINUTE)
        passed = time.monotonic() - started
        heartbeat.wait()
        waited = time.monotonic() - started

    assert passed < 1
    assert waited < 7
    assert len(sink.requests) == 1
    assert heartbeat.complaint is not None


@pytest.mark.slow
def test_daemon_beats_and_its_passes_go_on_while_the_monitor_is_mute(
    tmp_path: Path,
) -> None:
    with http_sink() as phone, http_sink(mute=True) as monitor:
        sections = (
            a_json_channel("phone", phone.address),
            f'[heartbeat]\nurl = "http://{monitor.address}/ping/SECRET"',
        )
        config = write_config(tmp_path, *sections)
        with running_daemon(config) as daemon:
            assert eventually(lambda: monitor.requests)
            write_config(tmp_path, *sections, a_section())
            assert eventually(lambda: phone.requests, 4)
            assert daemon.wait_for_log("the heartbeat was not taken")
            assert daemon.stop() == 0

    assert "SECRET" not in daemon.log
