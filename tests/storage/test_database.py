"""Transactions: who sees what, who waits, and what a failure leaves behind."""

import os
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import IntegrityError

from reminderd.errors import NoStoreError, StoreError
from reminderd.storage import meta
from reminderd.storage.database import Database
from reminderd.storage.tables import metadata
from tests.conftest import sqlite_url

META = metadata.tables["meta"]


@contextmanager
def another_process(tmp_path: Path) -> Iterator[Database]:
    """Open the store of the test a second time, without any patience."""
    other = Database.open(sqlite_url(tmp_path), patience=0)
    yield other
    other.close()


def write_and_fail(database: Database) -> None:
    with database.write() as tx:
        meta.put(tx, "undone", "1")
        raise LookupError


def facts(tx: Connection) -> dict[str, str]:
    return {row.key: row.value for row in tx.execute(select(META))}


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "persist"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("trusted_schema", 0),
        ("busy_timeout", 10_000),
        ("application_id", 0x726D6464),
    ],
)
def test_every_connection_is_set_up_for_durability(
    database: Database, pragma: str, value: object
) -> None:
    with database.write(), database.read() as tx:
        assert tx.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_what_was_written_is_there_when_opened_again(tmp_path: Path) -> None:
    first = Database.open(sqlite_url(tmp_path))
    with first.write() as tx:
        meta.put(tx, "a", "b")
    first.close()

    with another_process(tmp_path) as second, second.read() as tx:
        assert facts(tx) == {"a": "b"}


def test_an_exception_undoes_the_whole_transaction(either_database: Database) -> None:
    with pytest.raises(LookupError):
        write_and_fail(either_database)

    with either_database.read() as tx:
        assert facts(tx) == {}


def test_a_reader_is_not_kept_waiting_by_a_writer(
    database: Database, tmp_path: Path
) -> None:
    with another_process(tmp_path) as other, database.write() as tx:
        meta.put(tx, "a", "b")

        with other.read() as reading:
            assert facts(reading) == {}


def test_a_writer_begins_while_somebody_reads(
    database: Database, tmp_path: Path
) -> None:
    with another_process(tmp_path) as other, database.read() as reading:
        facts(reading)

        with pytest.raises(LookupError):
            write_and_fail(other)


@pytest.mark.slow
def test_a_reader_sees_one_state_from_beginning_to_end(
    postgresql_url: str,
) -> None:
    database = Database.open(postgresql_url)
    with database.read() as reading:
        before = facts(reading)
        with database.write() as tx:
            meta.put(tx, "a", "b")

        assert facts(reading) == before
    database.close()


def test_a_read_transaction_cannot_write(either_database: Database) -> None:
    with pytest.raises(StoreError), either_database.read() as tx:
        meta.put(tx, "a", "b")


def test_a_connection_that_has_read_can_write_again(database: Database) -> None:
    for number in range(3):
        with database.read() as tx:
            facts(tx)
        with database.write() as tx:
            meta.put(tx, "a", str(number))

    with database.read() as tx:
        assert meta.get(tx, "a") == "2"


def test_a_second_writer_says_who_may_hold_the_lock(
    database: Database, tmp_path: Path
) -> None:
    with another_process(tmp_path) as other, database.write():
        with pytest.raises(StoreError) as caught, other.write():
            pass

        assert "locked by another process" in str(caught.value)
        assert str(tmp_path / "state" / "reminderd.db") in str(caught.value)

    with another_process(tmp_path) as other, other.write() as tx:
        meta.put(tx, "a", "b")


def test_a_commit_that_a_reader_blocks_is_undone(
    database: Database, tmp_path: Path
) -> None:
    with another_process(tmp_path) as other:
        with database.read() as reading:
            facts(reading)
            with pytest.raises(StoreError, match="locked"), other.write() as tx:
                meta.put(tx, "a", "b")

        with other.read() as tx:
            assert facts(tx) == {}


def test_threads_lose_no_update(database: Database) -> None:
    def count() -> None:
        for _ in range(25):
            with database.write() as tx:
                value = int(meta.get(tx, "count") or 0)
                meta.put(tx, "count", str(value + 1))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.read() as tx:
        assert meta.get(tx, "count") == "100"


def test_a_rehearsal_sees_its_own_writes_and_leaves_none(
    either_database: Database,
) -> None:
    with either_database.write() as tx:
        meta.put(tx, "before", "1")

    with either_database.rehearsal() as rehearsed:
        with rehearsed.write() as tx:
            meta.put(tx, "a", "b")
        with rehearsed.read() as tx:
            assert facts(tx) == {"before": "1", "a": "b"}
        rehearsed.close()

    with either_database.read() as tx:
        assert facts(tx) == {"before": "1"}


def test_a_rehearsal_keeps_nobody_from_writing(database: Database) -> None:
    impatient = Database.open(f"sqlite:///{database.place}", patience=0)

    with database.rehearsal() as rehearsed, rehearsed.write() as rehearsing:
        meta.put(rehearsing, "a", "rehearsed")
        with impatient.write() as tx:
            meta.put(tx, "a", "written")

    with database.read() as tx:
        assert facts(tx) == {"a": "written"}
    impatient.close()


def test_a_rehearsal_leaves_no_copy_behind(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "tmp"
    elsewhere.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(elsewhere))

    with database.rehearsal():
        (copy,) = elsewhere.iterdir()
        is_private = copy.stat().st_mode & 0o077 == 0

    assert is_private
    assert list(elsewhere.iterdir()) == []


def test_a_store_that_was_never_made_has_an_error_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(NoStoreError, match="reminderd check"):
        Database.open(sqlite_url(tmp_path), create=False)


def test_a_failed_write_in_a_rehearsal_undoes_only_itself(
    either_database: Database,
) -> None:
    with either_database.rehearsal() as rehearsed:
        with rehearsed.write() as tx:
            meta.put(tx, "kept", "1")
        with pytest.raises(LookupError):
            write_and_fail(rehearsed)

        with rehearsed.read() as tx:
            assert facts(tx) == {"kept": "1"}


def replace_by_copy(path: Path) -> None:
    content = path.read_bytes()
    path.rename(path.with_name("elsewhere"))
    path.write_bytes(content)


def test_a_store_that_replaces_another_is_the_one_that_is_used(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "state" / "reminderd.db"
    with database.write() as tx:
        meta.put(tx, "said", "before")
    before = database.identify()
    replace_by_copy(path)

    with database.write() as tx:
        meta.put(tx, "said", "after")

    assert database.identify() != before
    assert caplog.text.count("was replaced") == 1
    with another_process(tmp_path) as other, other.read() as reading:
        assert facts(reading) == {"said": "after"}
    with closing(sqlite3.connect(path.with_name("elsewhere"))) as old:
        assert old.execute("SELECT value FROM meta").fetchall() == [("before",)]


def delete(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path) -> None:
    os.truncate(path, 20_000)


def write_over(path: Path) -> None:
    """Copy another program's database into the file, as cp does it."""
    with TemporaryDirectory() as directory:
        foreign = Path(directory, "bookmarks.db")
        with closing(sqlite3.connect(foreign)) as other:
            other.execute("CREATE TABLE bookmarks (url)")
        path.write_bytes(foreign.read_bytes())


def replace_by_foreign(path: Path) -> None:
    path.unlink()
    path.touch()
    write_over(path)


def replace_by_newer(path: Path) -> None:
    replace_by_copy(path)
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
        newer.commit()


@pytest.mark.parametrize(
    ("harm", "complaint"),
    [
        pytest.param(delete, "is missing, though there was one", id="deleted"),
        pytest.param(empty, "is empty, though there was one", id="emptied"),
        pytest.param(cut, "is damaged", id="truncated"),
        pytest.param(write_over, "belongs to another program", id="written over"),
        pytest.param(replace_by_foreign, "belongs to another program", id="foreign"),
        pytest.param(replace_by_newer, "another version of reminderd", id="newer"),
    ],
)
def test_what_takes_the_place_of_an_open_store_is_refused_until_it_is_mended(
    database: Database, tmp_path: Path, harm: Callable[[Path], None], complaint: str
) -> None:
    path = tmp_path / "state" / "reminderd.db"
    with database.write() as tx:
        meta.put(tx, "kept", "1")
    good = path.read_bytes()
    harm(path)
    harmed = path.read_bytes() if path.exists() else None

    for begin in (database.read, database.write):
        with pytest.raises(StoreError, match=complaint), begin() as tx:
            facts(tx)
    assert (path.read_bytes() if path.exists() else None) == harmed

    path.unlink(missing_ok=True)
    path.write_bytes(good)
    with database.write() as tx:
        assert facts(tx) == {"kept": "1"}


def test_a_broken_rule_of_the_schema_is_our_mistake_and_no_store_error(
    either_database: Database,
) -> None:
    nothing = text("INSERT INTO meta VALUES ('a', NULL)")

    with pytest.raises(IntegrityError), either_database.write() as tx:
        tx.execute(nothing)


@pytest.mark.slow
def test_two_processes_may_make_one_store(postgresql_url: str) -> None:
    problems: list[BaseException] = []

    def start() -> None:
        try:
            Database.open(postgresql_url).close()
        except BaseException as error:  # noqa: BLE001 - shown below
            problems.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == []


def test_a_server_that_went_away_is_a_store_error_and_found_again(
    postgresql_url: str,
) -> None:
    database = Database.open(postgresql_url)
    killer = Database.open(postgresql_url)
    kill = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )

    def write_through_a_kill() -> None:
        with database.write() as tx:
            meta.put(tx, "a", "b")
            with killer.read() as other:
                other.execute(kill)
            meta.put(tx, "a", "b")

    with pytest.raises(StoreError, match="does not answer"):
        write_through_a_kill()

    with database.write() as tx:
        meta.put(tx, "a", "c")
    database.close()
    killer.close()
