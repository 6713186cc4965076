"""A backup is whole and checked, or there is none; the way back leads to a good one."""

import os
import sqlite3
import stat
import time
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import text

from reminderd.errors import DamagedStoreError, StoreError
from reminderd.storage import meta
from reminderd.storage.backups import back_up, find_backups, newest_sound
from reminderd.storage.database import Database
from reminderd.storage.files import StoreFiles
from reminderd.storage.inspection import inspect_file
from reminderd.storage.restoring import restore
from reminderd.storage.tables import metadata
from tests.builders import NOW
from tests.conftest import sqlite_url

PAGE = 4096


@pytest.fixture
def files(tmp_path: Path) -> StoreFiles:
    """The files of a store that says it is the first."""
    with (
        closing(Database.open(sqlite_url(tmp_path))) as database,
        database.write() as tx,
    ):
        meta.put(tx, "which", "first")
    return StoreFiles(tmp_path / "state" / "reminderd.db")


def change(files: StoreFiles, value: str) -> None:
    database = Database.open(f"sqlite:///{files.path}")
    with closing(database), database.write() as tx:
        meta.put(tx, "which", value)


def which(path: Path) -> str:
    with closing(sqlite3.connect(path)) as database:
        query = "SELECT value FROM meta WHERE key = 'which'"
        return str(database.execute(query).fetchone()[0])


def spoil(path: Path, table: str = "told") -> None:
    """Destroy the page on which a table begins."""
    with closing(sqlite3.connect(path)) as database:
        query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        page = database.execute(query, [table]).fetchone()[0]
    content = bytearray(path.read_bytes())
    content[(page - 1) * PAGE : page * PAGE] = bytes([7]) * PAGE
    content[27] ^= 1  # the counter of changes: what others hold of it is old now
    path.write_bytes(content)


def make_backup(files: StoreFiles, mark: str, age_seconds: int = 0) -> Path:
    target = files.backup(mark)
    back_up(files.path, target)
    moment = NOW.timestamp() - age_seconds
    os.utime(target, (moment, moment))
    return target


def everything(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def test_a_backup_holds_what_the_store_holds_and_is_private(files: StoreFiles) -> None:
    target = files.path.parent / "copy.db"

    back_up(files.path, target)

    assert which(target) == "first"
    assert inspect_file(target).is_sound
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert not list(target.parent.glob("*.unfinished"))


@pytest.mark.slow
def test_a_backup_while_others_write_is_of_one_moment(files: StoreFiles) -> None:
    stopping = Event()

    def write() -> None:
        with closing(Database.open(f"sqlite:///{files.path}")) as database:
            for number in range(10**6):
                if stopping.is_set():
                    return
                with database.write() as tx:
                    meta.put(tx, "one", str(number))
                    meta.put(tx, "twin", str(number))

    writer = Thread(target=write)
    writer.start()
    seen = set()
    try:
        for number in range(20):
            time.sleep(0.02)
            target = files.backup(str(number))
            back_up(files.path, target)
            with closing(sqlite3.connect(target)) as copy:
                query = "SELECT value FROM meta WHERE key IN ('one', 'twin')"
                values = {value for (value,) in copy.execute(query)}
            assert len(values) <= 1
            seen |= values
    finally:
        stopping.set()
        writer.join()

    assert len(seen) > 1


@pytest.mark.slow
def test_two_backups_to_one_name_leave_a_good_one(files: StoreFiles) -> None:
    target = files.backup("same")
    complaints: list[str] = []

    def copy() -> None:
        for _ in range(20):
            try:
                back_up(files.path, target)
            except StoreError as error:
                complaints.append(str(error))

    threads = [Thread(target=copy) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert inspect_file(target).is_sound
    assert which(target) == "first"
    assert len(complaints) < 60
    assert [path.name for path in target.parent.glob("*.unfinished")] == []


def test_a_backup_of_what_a_killed_process_left_has_the_last_commit(
    files: StoreFiles, tmp_path: Path
) -> None:
    """A journal that is still to be rolled back lies beside the copied file."""
    child = os.fork()
    if child == 0:
        raw = sqlite3.connect(files.path, isolation_level=None)
        raw.execute("PRAGMA journal_mode = PERSIST")
        raw.execute("PRAGMA cache_size = 1")
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("UPDATE meta SET value = 'second'")
        raw.execute("CREATE TABLE big (x)")
        raw.executemany("INSERT INTO big VALUES (?)", [("x" * 3000,)] * 200)
        os._exit(0)
    os.waitpid(child, 0)
    with pytest.raises(StoreError, match="unfinished transaction of a process"):
        inspect_file(files.path)

    back_up(files.path, tmp_path / "copy.db")

    assert which(tmp_path / "copy.db") == "first"


def test_a_damaged_store_is_not_called_a_backup(files: StoreFiles) -> None:
    good = make_backup(files, "good")
    spoil(files.path)
    before = everything(files.path.parent)

    with pytest.raises(DamagedStoreError, match=r"reminderd\.db is damaged: SQLite"):
        back_up(files.path, good)

    assert everything(files.path.parent) == before


def test_the_newest_good_backup_comes_first(files: StoreFiles) -> None:
    make_backup(files, "0001", age_seconds=300)
    middle = make_backup(files, "b", age_seconds=200)
    newest = make_backup(files, "a", age_seconds=100)
    spoil(newest)
    files.backup("c").with_suffix(".unfinished").touch()

    known = find_backups(files)

    assert [backup.path.name[-4:] for backup in known] == ["up-a", "up-b", "0001"]
    best = newest_sound(known)
    assert best is not None
    assert best.path == middle


def test_a_backup_is_no_foreign_file_and_no_text(files: StoreFiles) -> None:
    files.backup("text").write_text("a diary")
    with closing(sqlite3.connect(files.backup("foreign"))) as foreign:
        foreign.execute("CREATE TABLE bookmarks (url)")

    assert newest_sound(find_backups(files)) is None


def test_a_damaged_store_is_refused_with_the_command_that_goes_back(
    files: StoreFiles,
) -> None:
    make_backup(files, "0001", age_seconds=7200)
    good = make_backup(files, "later", age_seconds=3600)
    spoil(files.path)
    before = everything(files.path.parent)

    with pytest.raises(DamagedStoreError) as caught:
        Database.open(f"sqlite:///{files.path}")

    assert str(caught.value) == (
        f"{files.path} is damaged: SQLite cannot make sense of its pages; stop "
        "reminderd and go back to the newest good backup, of 2026-11-22 11:00 UTC: "
        f"reminderd backup --restore {good} (1 more beside it)"
    )
    assert everything(files.path.parent) == before


def test_without_a_backup_the_way_to_a_new_store_is_told(files: StoreFiles) -> None:
    spoil(files.path)

    with pytest.raises(DamagedStoreError) as caught:
        Database.open(f"sqlite:///{files.path}")

    _, _, commands = str(caught.value).rpartition("new store after: ")
    assert "there is no backup beside it" in str(caught.value)
    assert os.system(commands) == 0  # noqa: S605 - as its user would
    Database.open(f"sqlite:///{files.path}").close()
    assert files.path.with_name("reminderd.db.damaged").exists()


def test_a_lost_store_names_its_backup_too(files: StoreFiles) -> None:
    good = make_backup(files, "later")
    files.path.unlink()

    with pytest.raises(DamagedStoreError) as caught:
        Database.open(f"sqlite:///{files.path}")

    assert "is missing, though there was one" in str(caught.value)
    assert f"--restore {good}" in str(caught.value)


def test_a_store_that_gets_damaged_while_it_is_open_sends_to_the_doctor(
    files: StoreFiles,
) -> None:
    with closing(Database.open(f"sqlite:///{files.path}")) as database:
        spoil(files.path, "reminder")

        with (
            pytest.raises(StoreError, match="is damaged; stop reminderd, then run: re"),
            database.read() as tx,
        ):
            tx.execute(metadata.tables["reminder"].select()).all()


def test_going_back_keeps_what_was_there(files: StoreFiles) -> None:
    good = make_backup(files, "good")
    change(files, "second")
    spoil(files.path)
    damaged = files.path.read_bytes()

    kept = restore(files, good, NOW)

    assert kept == files.path.with_name("reminderd.db.damaged-20261122T120000Z")
    assert kept.read_bytes() == damaged
    assert which(files.path) == "first"
    assert which(good) == "first"
    assert stat.S_IMODE(files.path.stat().st_mode) == 0o600
    Database.open(f"sqlite:///{files.path}").close()


def test_the_journal_of_the_old_file_does_not_spoil_the_new_one(
    files: StoreFiles,
) -> None:
    good = make_backup(files, "good")
    journal = files.path.with_name("reminderd.db-journal")
    journal.write_bytes(b"the journal of the damaged file")

    kept = restore(files, good, NOW)

    assert kept is not None
    assert not journal.exists()
    moved = kept.with_name(f"{kept.name}-journal")
    assert moved.read_bytes() == b"the journal of the damaged file"


def test_going_back_to_a_lost_store_keeps_nothing(files: StoreFiles) -> None:
    good = make_backup(files, "good")
    files.path.unlink()
    files.marker.unlink()

    assert restore(files, good, NOW) is None

    assert which(files.path) == "first"
    assert files.marker.exists()


def test_going_back_where_a_directory_lies_in_the_way(files: StoreFiles) -> None:
    good = make_backup(files, "good")
    files.path.unlink()
    files.path.mkdir()

    kept = restore(files, good, NOW)

    assert kept is not None
    assert kept.is_dir()
    assert which(files.path) == "first"


def make_damaged(path: Path) -> None:
    spoil(path)


def make_cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20_000])


def make_text(path: Path) -> None:
    path.write_text("a diary")


def make_foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as foreign:
        foreign.execute("CREATE TABLE bookmarks (url)")


def make_newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
        newer.commit()


def make_missing(path: Path) -> None:
    path.unlink()


def make_link_to_the_store(path: Path) -> None:
    path.unlink()
    path.symlink_to("reminderd.db")


@pytest.mark.parametrize(
    ("harm", "complaint"),
    [
        (make_damaged, "is damaged: .*nothing was changed, name another backup"),
        (make_cut, "been cut off, 20000 of .*nothing was changed"),
        (make_text, "does not begin as a SQLite file does; nothing was changed"),
        (make_foreign, "is not a store of reminderd"),
        (make_newer, "written by a newer reminderd"),
        (make_missing, "No such file"),
        (make_link_to_the_store, "is the store itself"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_bad_backup_is_refused_and_the_store_left_alone(
    files: StoreFiles, harm: object, complaint: str
) -> None:
    backup = make_backup(files, "bad")
    assert callable(harm)
    harm(backup)
    before = everything(files.path.parent)

    with pytest.raises(StoreError, match=complaint):
        restore(files, backup, NOW)

    assert everything(files.path.parent) == before


def test_a_store_that_was_gone_back_to_is_the_one_that_is_written_from_then_on(
    files: StoreFiles,
) -> None:
    good = make_backup(files, "good")
    with closing(Database.open(f"sqlite:///{files.path}")) as database:
        restore(files, good, NOW)
        assert which(files.path) == "first"

        with database.write() as tx:
            tx.execute(text("UPDATE meta SET value = 'third' WHERE value = 'first'"))

    assert which(files.path) == "third"
