"""What feeds the watchdog: passes that end, and a dispatcher that works."""

import sqlite3
import sys
import time
from pathlib import Path

import pytest

from reminderd.clock import utc_now
from reminderd.storage.database import Database
from reminderd.storage.lines import NewLine, add_line
from tests.conftest import sqlite_url
from tests.programs import (
    RunningDaemon,
    a_section,
    running_daemon,
    supervised,
    write_config,
)

FED = "WATCHDOG=1"
# Of the unit in systemd/; systemd advises to feed it twice as often.
WATCHDOG_SECONDS = 60


def add_due_line(directory: Path) -> None:
    """Give the next pass something to do, of which it says nothing."""
    database = Database.open(sqlite_url(directory))
    with database.write() as tx:
        new = NewLine(
            name="any", timezone="Europe/London", origin="cli", added_at=utc_now()
        )
        add_line(tx, new)
    database.close()


def starves(daemon: RunningDaemon, seconds: float) -> bool:
    """Tell whether the watchdog is left unfed for 5 s within so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        daemon.told()
        time.sleep(5)
        if FED not in daemon.told():
            return True
    return False


@pytest.mark.slow
@pytest.mark.parametrize(
    ("part", "seconds"),
    [
        pytest.param("pass", 6, id="a pass that hangs"),
        pytest.param("dispatcher", 60, id="a dispatcher that hangs"),
    ],
)
def test_part_that_hangs_leaves_the_watchdog_unfed(
    tmp_path: Path, part: str, seconds: float
) -> None:
    program = [sys.executable, "-m", "tests.scheduling.hanging", part, str(tmp_path)]
    with supervised(program, tmp_path) as daemon:
        daemon.wait_until_told(FED)
        assert not starves(daemon, 5)

        (tmp_path / "stop").touch()
        add_due_line(tmp_path)

        assert starves(daemon, seconds)
        (tmp_path / "stop").unlink()
        daemon.told()
        daemon.wait_until_told(FED)
        assert daemon.stop() == 0


@pytest.mark.slow
def test_dispatcher_that_dies_ends_the_daemon(tmp_path: Path) -> None:
    program = [sys.executable, "-m", "tests.scheduling.hanging", "dispatcher dies"]
    with supervised([*program, str(tmp_path)], tmp_path) as daemon:
        daemon.wait_until_told(FED)

        (tmp_path / "stop").touch()

        assert daemon.process.wait(timeout=20) != 0
    assert "the thread that sends has died" in daemon.log


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_store_that_is_locked_for_a_minute_starves_no_watchdog(tmp_path: Path) -> None:
    config = write_config(tmp_path)
    with running_daemon(config) as daemon:
        daemon.wait_until_told(FED)
        locker = sqlite3.connect(tmp_path / "state" / "reminderd.db")
        locker.execute("BEGIN EXCLUSIVE")
        write_config(tmp_path, a_section())
        began = fed_at = time.monotonic()
        longest = 0.0
        while time.monotonic() < began + 65:
            time.sleep(0.1)
            if FED in daemon.told():
                longest = max(longest, time.monotonic() - fed_at)
                fed_at = time.monotonic()
        locker.rollback()
        locker.close()

        assert longest < WATCHDOG_SECONDS / 2
        assert daemon.wait_for_log("uk-travel: 12 days left")
        assert daemon.stop() == 0
    assert daemon.log.count("pass failed") == 1
