"""Processes that race, die at any moment, or run out of disk."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from reminderd.errors import StoreError, StoreFullError
from reminderd.storage import meta
from reminderd.storage.backups import back_up
from reminderd.storage.database import SCHEMA_REVISION, Database
from reminderd.storage.files import StoreFiles
from reminderd.storage.tables import metadata
from tests.conftest import sqlite_url
from tests.disks import a_small_disk, fill

COUNT = """
import sys
from reminderd.storage import meta
from reminderd.storage.database import Database
database = Database.open(sys.argv[1])
for _ in range(int(sys.argv[2])):
    with database.write() as tx:
        value = int(meta.get(tx, "count") or 0) + 1
        meta.put(tx, "count", str(value))
        meta.put(tx, "twin", str(value))
    print(value, flush=True)
"""
OPEN = """
import sys
from reminderd.storage.database import Database
Database.open(sys.argv[1]).close()
"""


def start(program: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> str:
    output, complaints = process.communicate(timeout=60)
    assert (process.returncode, complaints) == (0, "")
    return output


def counted(database: Database) -> tuple[int, int]:
    with database.read() as tx:
        count, twin = meta.get(tx, "count"), meta.get(tx, "twin")
    return int(count or 0), int(twin or 0)


@pytest.mark.slow
def test_two_processes_lose_no_update(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)

    for process in [start(COUNT, url, "200") for _ in range(2)]:
        finish(process)

    database = Database.open(url)
    assert counted(database) == (400, 400)
    database.close()


@pytest.mark.slow
def test_processes_that_start_at_once_make_one_store(tmp_path: Path) -> None:
    for attempt in range(2):
        url = f"sqlite:///{tmp_path}/{attempt}/reminderd.db"

        for process in [start(OPEN, url) for _ in range(3)]:
            finish(process)

        with closing(Database.open(url, create=False)) as database:
            assert database.revision == SCHEMA_REVISION


@pytest.mark.slow
def test_a_killed_process_loses_nothing_that_it_had_committed(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    chance = random.Random(7)  # noqa: S311 - only spreads the kills
    Database.open(url).close()
    for _ in range(5):
        process = start(COUNT, url, "1000000")
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0, 0.05))

        process.send_signal(signal.SIGKILL)

        said = [int(number) for number in process.communicate()[0].splitlines()]
        database = Database.open(url)
        count, twin = counted(database)
        database.close()
        assert count == twin
        assert count >= max(said, default=0)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    with a_small_disk(tmp_path / "disk") as disk:
        yield disk


def write_much(tx: Connection, number: int) -> None:
    for key in range(20):
        meta.put(tx, f"{number}/{key}", "x" * 4000)


def keys(database: Database) -> int:
    with database.read() as tx:
        return len(tx.execute(select(metadata.tables["meta"].c.key)).all())


def test_a_full_disk_gives_the_ballast_back_and_goes_on(small_disk: Path) -> None:
    database = Database.open(f"sqlite:///{small_disk}/reminderd.db")
    ballast = small_disk / "reminderd.db.ballast"
    assert ballast.exists()
    with database.write() as tx:
        write_much(tx, 1)
    filler = fill(small_disk)

    with pytest.raises(StoreFullError, match="no space left"), database.write() as tx:
        write_much(tx, 2)

    assert not ballast.exists()
    assert keys(database) == 20
    with database.write() as tx:
        write_much(tx, 2)
    assert keys(database) == 40
    database.refill_ballast()
    assert not ballast.exists()
    filler.unlink()
    database.refill_ballast()
    assert ballast.exists()
    database.close()


def test_a_store_on_a_full_disk_is_still_read(small_disk: Path) -> None:
    url = f"sqlite:///{small_disk}/reminderd.db"
    database = Database.open(url)
    with database.write() as tx:
        write_much(tx, 1)
    database.close()
    (small_disk / "reminderd.db.ballast").unlink()
    fill(small_disk)

    database = Database.open(url)

    assert keys(database) == 20
    database.close()


def test_a_new_store_on_a_full_disk_is_refused_and_made_later(small_disk: Path) -> None:
    filler = fill(small_disk)
    url = f"sqlite:///{small_disk}/reminderd.db"

    with pytest.raises(StoreFullError, match="no space left"):
        Database.open(url)

    filler.unlink()
    Database.open(url).close()


def test_a_backup_that_does_not_fit_leaves_nothing_behind(small_disk: Path) -> None:
    path = small_disk / "reminderd.db"
    Database.open(f"sqlite:///{path}").close()
    fill(small_disk)
    before = sorted(small_disk.iterdir())

    with pytest.raises(StoreFullError, match="no space left"):
        back_up(path, StoreFiles(path).backup("0001"))

    assert sorted(small_disk.iterdir()) == before


def test_a_disk_mounted_read_only_is_named_as_such(small_disk: Path) -> None:
    url = f"sqlite:///{small_disk}/reminderd.db"
    Database.open(url).close()
    remount = ["mount", "-o", "remount,ro"]
    subprocess.run([*remount, small_disk], check=True)

    database = Database.open(url)

    assert keys(database) == 0
    with pytest.raises(StoreError, match="mounted read-only"), database.write() as tx:
        meta.put(tx, "a", "b")
    database.close()
