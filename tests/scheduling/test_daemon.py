"""The daemon as a process: what it sends, how it stops, what it survives."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from reminderd.clock import uptime
from reminderd.delivery.dispatcher import Dispatcher
from reminderd.errors import UnavailableError
from reminderd.scheduling.braking import release
from reminderd.scheduling.daemon import Daemon, Source
from reminderd.scheduling.setup import Setup
from reminderd.scheduling.timekeeping import reading_at
from reminderd.storage.database import Database
from reminderd.storage.lines import is_any_due, review_all_now
from tests.builders import NOW, a_deadline
from tests.outboxes import states
from tests.programs import (
    a_json_channel,
    a_section,
    eventually,
    run,
    running_daemon,
    write_config,
)
from tests.setups import a_declared_line, a_setup
from tests.sinks import HttpSink, Request, http_sink, smtp_sink

DAY = timedelta(days=1)


def titles(requests: Sequence[Request]) -> list[str]:
    return [json.loads(request.body)["title"] for request in requests]


def about(sink: HttpSink, text: str) -> list[str]:
    """Return the titles of the messages in which *text* stands."""
    return [
        title
        for request, title in zip(sink.requests, titles(sink.requests), strict=True)
        if text in request.body.decode()
    ]


@pytest.mark.slow
def test_daemon_sends_reloads_and_leaves_as_it_tells_systemd(tmp_path: Path) -> None:
    with http_sink() as sink, smtp_sink() as mail:
        phone = a_json_channel("phone", sink.address)
        post = (
            f'[channels.post]\nurl = "mailto://127.0.0.1:{mail.port}/'
            '?from=a@example.org&to=b@example.org"'
        )
        config = write_config(tmp_path, phone, post, a_section())
        with running_daemon(config) as daemon:
            heard = daemon.wait_until_told("READY=1")
            assert eventually(lambda: sink.requests and mail.mails)
            heard += daemon.wait_until_told("WATCHDOG=1")

            write_config(tmp_path, phone, a_section(), a_section("esim", days=2))
            heard += daemon.wait_until_told("RELOADING=1")
            assert eventually(lambda: len(sink.requests) == 2)

            status = daemon.stop()
            heard += daemon.told()

    assert status == 0
    assert "uk-travel" in titles(sink.requests)[0]
    assert "esim" in titles(sink.requests)[1]
    assert len(mail.mails) == 1
    assert any(state.startswith("STATUS=2 channels") for state in heard)
    assert any(state.startswith("MONOTONIC_USEC=") for state in heard)
    assert "STOPPING=1" in heard


@pytest.mark.slow
def test_broken_edit_keeps_the_settings_and_is_reported_once(tmp_path: Path) -> None:
    with http_sink() as sink:
        phone = a_json_channel("phone", sink.address)
        config = write_config(tmp_path, phone, a_section())
        with running_daemon(config) as daemon:
            assert eventually(lambda: about(sink, "uk-travel"))

            write_config(tmp_path, phone, 'group = "maybe"', a_section())
            assert eventually(lambda: about(sink, "config.toml:"))
            daemon.reload()
            assert eventually(lambda: daemon.log.count("edit refused") == 2)
            degraded = daemon.told()
            write_config(tmp_path, phone, a_section("esim"))
            assert eventually(lambda: about(sink, "esim"))

            assert daemon.stop() == 0

    assert len(about(sink, "config.toml:")) == 1
    assert "config.toml:8: " in daemon.log
    assert any(state.startswith("STATUS=DEGRADED: config.toml:8") for state in degraded)


@pytest.mark.slow
def test_storm_is_held_shown_and_released(tmp_path: Path) -> None:
    with http_sink() as sink:
        phone = a_json_channel("phone", sink.address)
        config = write_config(tmp_path, phone, *(a_section(f"s{n}") for n in range(60)))
        with running_daemon(config) as daemon:
            assert eventually(lambda: about(sink, "60 reminders are held"))
            assert eventually(lambda: any("DEGRADED: 60" in t for t in daemon.told()))
            assert daemon.stop() == 0
        with running_daemon(config) as daemon:
            assert daemon.wait_for_log("started")
            checked = run(config, "check")
            assert len(sink.requests) == 1

            released = run(config, "release")

            assert eventually(lambda: about(sink, "Renewed it?"))
            assert eventually(lambda: any("STATUS=1 ch" in t for t in daemon.told()))
            assert daemon.stop() == 0

    assert checked.returncode == 3
    assert "60 reminders are held until" in checked.stdout
    assert (released.returncode, released.stderr) == (0, "")
    assert titles(sink.requests)[1:] == ["60 lines: s0 12 days left, +59"]
    assert "held reminders=60 lines=60" in daemon.log


@pytest.mark.slow
def test_same_mistake_made_again_later_is_reported_again(tmp_path: Path) -> None:
    with http_sink() as sink:
        phone = a_json_channel("phone", sink.address)
        config = write_config(tmp_path, phone)
        with running_daemon(config) as daemon:
            write_config(tmp_path, phone, "group = 7")
            assert eventually(lambda: about(sink, "config.toml:"))
            write_config(tmp_path, phone)
            daemon.told()
            assert eventually(
                lambda: any("STATUS=1 channels" in known for known in daemon.told())
            )

            write_config(tmp_path, phone, "group = 7")

            assert eventually(lambda: len(about(sink, "config.toml:")) == 2)


@pytest.mark.slow
def test_new_address_in_a_file_is_used_after_a_reload(tmp_path: Path) -> None:
    address = tmp_path / "phone.url"
    with http_sink(status=401) as old, http_sink() as new:
        address.write_text(f"json://{old.address}")
        address.chmod(0o600)
        phone = '[channels.phone]\nurl_file = "phone.url"'
        config = write_config(tmp_path, phone, a_section())
        with running_daemon(config) as daemon:
            assert eventually(lambda: old.requests)
            address.write_text(f"json://{new.address}")

            daemon.reload()

            assert eventually(lambda: about(new, "uk-travel"))


@pytest.mark.slow
def test_term_during_a_slow_send_finishes_it(tmp_path: Path) -> None:
    with http_sink(gate=Event()) as sink:
        config = write_config(
            tmp_path, a_json_channel("phone", sink.address), a_section()
        )
        with running_daemon(config) as daemon:
            assert eventually(lambda: sink.requests)
            daemon.process.send_signal(signal.SIGTERM)
            assert daemon.wait_for_log("stopping")
            sink.gate.set()

            assert daemon.process.wait(timeout=10) == 0

    assert "outcome=sent" in daemon.log
    assert len(sink.requests) == 1


@pytest.mark.slow
def test_term_while_a_peer_hangs_leaves_within_ten_seconds(tmp_path: Path) -> None:
    with http_sink(mute=True) as sink:
        config = write_config(
            tmp_path, a_json_channel("phone", sink.address), a_section()
        )
        with running_daemon(config) as daemon:
            assert eventually(lambda: sink.requests)
            started = time.monotonic()

            assert daemon.stop() == 0
            assert time.monotonic() - started < 10


@pytest.mark.slow
def test_hung_channel_delays_no_other(tmp_path: Path) -> None:
    with http_sink(mute=True) as hung, http_sink() as good:
        config = write_config(
            tmp_path,
            a_json_channel("hung", hung.address),
            a_json_channel("good", good.address),
            a_section(),
        )
        with running_daemon(config):
            assert eventually(lambda: hung.requests)
            assert eventually(lambda: about(good, "uk-travel"), 3)

            write_config(
                tmp_path,
                a_json_channel("hung", hung.address),
                a_json_channel("good", good.address),
                a_section(),
                a_section("esim"),
            )
            assert eventually(lambda: about(good, "esim"), 5)
            assert len(hung.requests) == 1


@pytest.mark.slow
def test_many_signals_at_once_do_not_stop_it(tmp_path: Path) -> None:
    with running_daemon(write_config(tmp_path)) as daemon:
        for _ in range(300):
            daemon.reload()
            time.sleep(0.0005)

        assert daemon.stop() == 0


@pytest.mark.slow
@pytest.mark.slow
def test_every_pass_says_in_the_log_that_no_channel_works(tmp_path: Path) -> None:
    with http_sink(status=401) as sink:
        channel = a_json_channel("phone", sink.address)
        config = write_config(tmp_path, channel, a_section())
        with running_daemon(config) as daemon:
            daemon.wait_until_told("STATUS=DEGRADED: no channel works")
            said = (
                "no channel works, nobody can be reached: "
                "phone: the service answered 401 Unauthorized"
            )

            assert eventually(lambda: daemon.log.count(said) >= 3)

    assert len(sink.requests) == 1


@pytest.mark.slow
def test_restart_repeats_nothing(tmp_path: Path) -> None:
    with http_sink() as sink:
        config = write_config(
            tmp_path, a_json_channel("phone", sink.address), a_section()
        )
        for _ in range(2):
            with running_daemon(config) as daemon:
                daemon.wait_until_told("WATCHDOG=1")
                assert eventually(lambda: sink.requests)
                assert daemon.stop() == 0

    assert len(sink.requests) == 1


@pytest.mark.slow
def test_without_a_channel_reminders_go_to_the_journal(tmp_path: Path) -> None:
    config = write_config(tmp_path, a_section())

    with running_daemon(config) as daemon:
        assert daemon.wait_for_log("uk-travel: 12 days left")


# APScheduler has a clock of its own: what is "now" for the daemon must be past for it.
THEN = NOW - 100 * DAY
SOON = date(2026, 8, 26)


class Clock:
    """A clock that can be set, and a machine that can sleep."""

    def __init__(self) -> None:
        self.step = timedelta()
        self.slept = timedelta()
        self._began = time.monotonic()

    def uptime(self, _clock: int) -> float:
        """Return what the system says when it is asked for an uptime."""
        return time.monotonic() + self.slept.total_seconds()

    def __call__(self) -> datetime:
        passed = timedelta(seconds=time.monotonic() - self._began)
        return THEN + self.step + self.slept + passed


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """A clock for a daemon in this process, whose signals are given back."""
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    handlers = [signal.getsignal(number) for number in numbers]
    known = Clock()
    monkeypatch.setattr("time.clock_gettime", known.uptime)
    yield known
    for number, handler in zip(numbers, handlers, strict=True):
        signal.signal(number, handler)


def run_here(
    database: Database, clock: Clock, act: Callable[[], object], chosen: Setup
) -> None:
    """Run the daemon in this thread, *act* in another, and stop when that is over."""
    dispatcher = Dispatcher(database, "daemon", clock, lambda: 1.0)
    source = Source(load=lambda: chosen, identity=lambda: 1)

    def act_and_stop() -> None:
        try:
            act()
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    actor = Thread(target=act_and_stop)
    actor.start()
    Daemon(database, chosen, source, dispatcher, clock).run()
    actor.join()


@pytest.mark.slow
def test_clock_that_is_set_back_does_not_silence_the_daemon(
    database: Database, clock: Clock
) -> None:
    line = a_declared_line(a_deadline(SOON))
    known = []

    def act() -> None:
        assert eventually(lambda: states(database))
        clock.step = -5 * DAY
        # Not believed at first: that is said, so there was a pass.
        assert eventually(lambda: len(states(database)) == 2, 5)
        with database.write() as tx:
            release(tx, reading_at(clock(), uptime()))
            review_all_now(tx)
        known.append(eventually(lambda: not is_due(database, clock()), 5))

    run_here(
        database, clock, act, replace(a_setup(line), poll_every=timedelta(seconds=1))
    )

    assert known == [True]


def is_due(database: Database, now: datetime) -> bool:
    with database.read() as tx:
        return is_any_due(tx, now)


@pytest.mark.slow
def test_resumed_machine_reminds_within_seconds(
    database: Database, clock: Clock
) -> None:
    line = a_declared_line(a_deadline(SOON))
    slow = replace(a_setup(line), poll_every=timedelta(seconds=30))
    known = []

    def act() -> None:
        assert eventually(lambda: states(database))
        clock.slept = 5 * DAY
        known.append(eventually(lambda: len(states(database)) == 2, 5))

    run_here(database, clock, act, slow)

    assert known == [True]
    assert states(database) == [("phone", "superseded"), ("phone", "pending")]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_daemon_whose_sending_thread_dies_does_not_go_on(
    database: Database, clock: Clock
) -> None:
    def broken_clock() -> datetime:
        raise ZeroDivisionError

    dispatcher = Dispatcher(database, "daemon", broken_clock, lambda: 1.0)
    source = Source(load=a_setup, identity=lambda: 1)

    with pytest.raises(UnavailableError, match="the thread that sends has died"):
        Daemon(database, a_setup(), source, dispatcher, clock).run()
