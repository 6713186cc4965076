"""The store fails under the running daemon: nothing is lost, and one line says why."""

import os
import re
import shutil
import signal
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event

import pytest

from tests.crashes.posts import http_post
from tests.crashes.program import Program
from tests.crashes.sites import Site, a_site
from tests.disks import a_small_disk, fill
from tests.programs import a_section, eventually

pytestmark = pytest.mark.slow

STRANGER = 12345
# Hundreds of lines on a busy machine.
A_WHILE = 60
LITTLE_DATA = ("data_remaining=1MB", "data_total=10GB")
MANY = [f"line-{number}" for number in range(200)]
# So many others that those are no storm.
REST = [a_section(f"rest-{number}", days=300) for number in range(700)]
LOG_LINE = re.compile(r"(INFO|WARNING|ERROR) reminderd\.[a-z_.]+: \S")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with http_post() as post, a_site(tmp_path, post) as made:
        yield made


def start(site: Site) -> Program:
    """Start a daemon, and wait until what there was to say is said and recorded."""
    daemon = site.start()
    assert daemon.wait_for_log("started"), daemon.log
    assert eventually(site.is_settled), daemon.log
    return daemon


def arrived(site: Site) -> Counter[str]:
    """Return how often each line has been written about."""
    return Counter(title.partition(":")[0] for title in site.post.titles())


def complaints(daemon: Program, of: str) -> list[str]:
    """Return what was logged about *of*; anything but single lines is an error."""
    lines = daemon.log.splitlines()
    assert [line for line in lines if not LOG_LINE.match(line)] == []
    return [line for line in lines if of in line]


def assert_each_thread_said_once(daemon: Program, of: str) -> None:
    """The pass has complained once; a lost file may first look like a bad disk."""
    (passing,) = complaints(daemon, "pass failed")
    assert of in passing
    said = complaints(daemon, "the store cannot be used now")
    assert len(said) <= 2, daemon.log
    assert len(set(said)) == len(said)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as locker:
        locker.execute("BEGIN EXCLUSIVE")
        yield


@pytest.mark.timeout(400)
def test_full_disk_records_what_was_sent_and_goes_on_when_there_is_room(
    tmp_path: Path,
) -> None:
    gate = Event()
    with (
        a_small_disk(tmp_path / "state") as disk,
        http_post() as post,
        a_site(tmp_path, post) as site,
    ):
        post.on_arrival(lambda: gate.wait(60))
        site.write_grouped(*map(a_section, MANY), *REST)
        daemon = site.start()
        assert eventually(post.titles, A_WHILE), daemon.log
        filler = fill(disk)

        gate.set()

        assert daemon.wait_for_log("no space left", A_WHILE), daemon.log
        assert eventually(lambda: set(site.states()) == {"sent"}, A_WHILE), daemon.log
        assert not (disk / "reminderd.db.ballast").exists()
        fill_again = disk / "filler-2"
        filler.rename(fill_again)
        fill(disk)
        more = [*MANY, *(f"{name}-b" for name in MANY)]
        site.write_grouped(*map(a_section, more), *REST)
        assert daemon.wait_for_log("pass failed", A_WHILE), daemon.log
        (disk / "filler").unlink()
        fill_again.unlink()
        assert eventually(lambda: len(post.titles()) == 2, A_WHILE), daemon.log
        assert eventually(lambda: site.states() == ["sent"] * 2 * len(MANY), A_WHILE), (
            daemon.log
        )

        assert daemon.stop() == 0
        assert_each_thread_said_once(daemon, "no space left")
        assert complaints(daemon, "the store can be used again")
        assert (disk / "reminderd.db.ballast").exists()


def test_store_that_is_locked_for_half_a_minute_costs_time_and_nothing_else(
    site: Site,
) -> None:
    gate = Event()
    daemon = start(site)
    site.post.on_arrival(lambda: gate.wait(60))
    site.write(a_section(), a_section("esim"))
    assert eventually(lambda: arrived(site)["esim"])

    with locked(site.store):
        gate.set()
        site.write(a_section(), a_section("esim"), a_section("home"))
        time.sleep(30)
        assert arrived(site) == {"uk-travel": 1, "esim": 1}

    assert eventually(lambda: site.states() == ["sent"] * 3), daemon.log
    assert daemon.stop() == 0
    assert arrived(site) == {"uk-travel": 1, "esim": 1, "home": 1}
    assert_each_thread_said_once(daemon, "is locked by another process")
    assert len(complaints(daemon, "the store can be used again")) == 1


def test_stop_while_the_store_is_locked_takes_less_than_ten_seconds(
    site: Site,
) -> None:
    gate = Event()
    daemon = start(site)
    site.post.on_arrival(lambda: gate.wait(60))
    site.write(a_section(), a_section("esim"))
    assert eventually(lambda: arrived(site)["esim"])

    with locked(site.store):
        gate.set()
        site.config.write_text("a mistake, whose report has to be written")
        time.sleep(1.5)
        began = time.monotonic()
        assert daemon.stop() == 0
        assert time.monotonic() - began < 10

    assert len(complaints(daemon, "left before all was recorded")) == 1
    site.write(a_section(), a_section("esim"))
    site.run_to_the_end()
    assert arrived(site) == {"uk-travel": 1, "esim": 2}


def delete(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    nothing = path.with_name("nothing")
    nothing.touch()
    nothing.replace(path)


def truncate(path: Path) -> None:
    os.truncate(path, 20_000)


def put_another_programs_file_there(path: Path) -> None:
    foreign = path.with_name("bookmarks.db")
    with closing(sqlite3.connect(foreign)) as other:
        other.execute("CREATE TABLE bookmarks (url)")
    foreign.replace(path)


@pytest.mark.parametrize(
    ("harm", "complaint"),
    [
        pytest.param(delete, "is missing, though there was one", id="deleted"),
        pytest.param(empty, "is empty, though there was one", id="emptied"),
        pytest.param(truncate, "is damaged", id="truncated"),
        pytest.param(
            put_another_programs_file_there,
            "belongs to another program",
            id="replaced by a foreign file",
        ),
    ],
)
def test_store_that_is_lost_is_named_and_gone_on_with_when_it_is_back(
    site: Site, harm: Callable[[Path], None], complaint: str
) -> None:
    daemon = start(site)
    good = site.store.read_bytes()
    harm(site.store)
    harmed = site.store.read_bytes() if site.store.exists() else None

    assert daemon.wait_for_log("pass failed"), daemon.log
    site.write(a_section(), a_section("esim"))
    time.sleep(3)
    assert (site.store.read_bytes() if site.store.exists() else None) == harmed
    fresh = site.store.with_name("from-backup")
    fresh.write_bytes(good)
    fresh.replace(site.store)

    assert eventually(lambda: arrived(site)["esim"]), daemon.log
    assert eventually(lambda: site.states() == ["sent"] * 2)
    assert daemon.stop() == 0
    assert arrived(site) == {"uk-travel": 1, "esim": 1}
    assert_each_thread_said_once(daemon, complaint)
    assert len(complaints(daemon, "was replaced; going on with the new file")) == 1


def test_store_that_is_replaced_by_an_older_copy_is_the_one_that_is_used(
    site: Site,
) -> None:
    daemon = start(site)
    older = site.store.with_name("from-backup")
    shutil.copy(site.store, older)
    site.write(a_section(), a_section("esim"))
    assert eventually(lambda: site.states() == ["sent"] * 2)

    older.replace(site.store)

    # The copy knows neither the line nor that it was told of: once more, not never.
    assert eventually(lambda: arrived(site)["esim"] == 2), daemon.log
    assert eventually(lambda: site.states() == ["sent"] * 2)
    assert daemon.stop() == 0
    assert arrived(site) == {"uk-travel": 1, "esim": 2}
    assert len(complaints(daemon, "was replaced; going on with the new file")) == 1
    assert complaints(daemon, "ERROR") == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_store_that_becomes_read_only_is_named_and_written_when_it_can_be() -> None:
    with (
        tempfile.TemporaryDirectory(dir="/var/tmp") as name,
        http_post() as post,
        a_site(Path(name), post) as site,
    ):
        state = site.store.parent
        state.mkdir(mode=0o700)
        for path in (Path(name), state, site.config):
            os.chown(path, STRANGER, STRANGER)
        daemon = Program(site.config, site.clock, user=STRANGER)
        site.programs.append(daemon)
        assert eventually(lambda: arrived(site)["uk-travel"]), daemon.log
        assert daemon.wait_for_log("state=sent"), daemon.log
        for path in state.iterdir():
            path.chmod(0o400)
        state.chmod(0o500)

        site.write(a_section(), a_section("esim"))
        os.chown(site.config, STRANGER, STRANGER)
        daemon.send_signal(signal.SIGHUP)
        assert daemon.wait_for_log("pass failed"), daemon.log
        time.sleep(3)
        state.chmod(0o700)
        for path in state.iterdir():
            path.chmod(0o600)

        assert eventually(lambda: arrived(site)["esim"]), daemon.log
        assert daemon.wait_for_log("the store can be used again"), daemon.log
        assert daemon.stop() == 0
        assert arrived(site) == {"uk-travel": 1, "esim": 1}
        assert_each_thread_said_once(daemon, "read-only")


def test_configuration_that_is_deleted_leaves_the_old_settings_in_force(
    site: Site,
) -> None:
    daemon = start(site)
    elsewhere = site.config.with_name("elsewhere.toml")
    site.config.rename(elsewhere)
    assert daemon.wait_for_log("edit refused"), daemon.log

    told = Program(elsewhere, site.clock, ("update", "uk-travel", *LITTLE_DATA))

    assert told.wait() == 0, told.log
    assert eventually(lambda: arrived(site)["uk-travel"] == 2), daemon.log
    daemon.send_signal(signal.SIGHUP)
    assert eventually(lambda: len(complaints(daemon, "edit refused")) == 2)
    elsewhere.rename(site.config)
    assert daemon.wait_for_log("the configuration can be used again"), daemon.log
    assert daemon.stop() == 0
    (refused, _) = complaints(daemon, "edit refused")
    assert str(site.config) in refused
    assert sum("configuration" in title for title in site.post.titles()) == 1
