"""A file that is lost, foreign, damaged, or not ours is refused, never replaced."""

import os
import sqlite3
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from reminderd.errors import StoreError
from reminderd.storage.database import Database
from reminderd.storage.files import BALLAST_BYTES
from tests.conftest import sqlite_url

STRANGER = 12345

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give away")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The file of a store that is closed."""
    Database.open(sqlite_url(tmp_path)).close()
    return tmp_path / "state" / "reminderd.db"


def open_and_close(path: Path, *, create: bool = True) -> None:
    Database.open(f"sqlite:///{path}", create=create).close()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", [0o000, 0o077, 0o777], ids=oct)
def test_whatever_the_umask_only_the_owner_can_read(tmp_path: Path, umask: int) -> None:
    directory = tmp_path / "state"
    if umask == 0o777:
        directory.mkdir(mode=0o700)  # nobody could use what it leaves of a directory
    before = os.umask(umask)
    try:
        database = Database.open(sqlite_url(tmp_path))
        with database.write() as tx:
            tx.execute(text("INSERT INTO meta VALUES ('a', 'b')"))
        database.close()
    finally:
        os.umask(before)

    assert mode(directory) == 0o700
    assert {path.name: mode(path) for path in directory.iterdir()} == {
        "reminderd.db": 0o600,
        "reminderd.db-journal": 0o600,
        "reminderd.db.marker": 0o600,
        "reminderd.db.ballast": 0o600,
    }


def test_a_store_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    directory = tmp_path / "reminderd"
    path = directory / "reminderd.db"
    open_and_close(path)
    directory.chmod(0o755)
    path.chmod(0o644)

    open_and_close(path)

    assert (mode(directory), mode(path)) == (0o700, 0o600)


def test_a_directory_that_is_not_reminderds_own_keeps_its_mode(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)

    open_and_close(home / "lines.db")

    assert mode(home) == 0o755


def test_the_ballast_takes_real_space(path: Path) -> None:
    ballast = path.with_name("reminderd.db.ballast")

    assert ballast.stat().st_size == BALLAST_BYTES
    assert ballast.stat().st_blocks * 512 >= BALLAST_BYTES


def test_a_missing_ballast_comes_back_with_the_next_start(path: Path) -> None:
    ballast = path.with_name("reminderd.db.ballast")
    ballast.unlink()

    open_and_close(path)

    assert ballast.exists()


def make_missing(path: Path) -> None:
    path.unlink()


def make_empty(path: Path) -> None:
    path.write_bytes(b"")


def make_without_tables(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE gone (id)")
        other.execute("DROP TABLE gone")


def make_foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmarks (url)")


def make_text(path: Path) -> None:
    path.write_text("This is a diary, and no database at all.\n" * 100)


def make_truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20_000])


def make_scrambled(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[100:8192] = os.urandom(8092)
    path.write_bytes(content)


def make_headless(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[:16] = bytes(16)
    path.write_bytes(content)


def make_holed(path: Path) -> None:
    """Destroy a page in the middle that opening a store would not read."""
    content = bytearray(path.read_bytes())
    middle = len(content) // 4096 // 2 * 4096
    content[middle : middle + 4096] = bytes([7]) * 4096
    path.write_bytes(content)


def make_newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
        other.commit()


def make_link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def make_directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


def make_fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def lose_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("DROP TABLE alembic_version")


@pytest.mark.parametrize("create", [True, False], ids=["create", "only open"])
@pytest.mark.parametrize(
    ("harm", "complaint"),
    [
        pytest.param(make_missing, "is missing, though there was one", id="missing"),
        pytest.param(make_empty, "is empty, though there was one", id="empty"),
        pytest.param(make_foreign, "belongs to another program", id="foreign"),
        pytest.param(make_text, "does not begin as a SQLite file", id="text"),
        pytest.param(make_truncated, "cut off, 20000 of", id="truncated"),
        pytest.param(make_headless, "does not begin as a SQLite", id="header"),
        pytest.param(make_scrambled, "cannot make sense of its", id="scrambled"),
        pytest.param(make_holed, "cannot make sense of its pages", id="a page"),
        pytest.param(lose_version, "does not say its version", id="without a version"),
        pytest.param(make_newer, "written by a newer reminderd", id="newer"),
        pytest.param(make_link, "is a symbolic link", id="link"),
        pytest.param(make_directory, "is not a regular file", id="directory"),
        pytest.param(make_fifo, "is not a regular file", id="fifo"),
    ],
)
def test_what_is_not_our_store_is_refused_and_left_alone(
    path: Path, harm: Callable[[Path], None], complaint: str, create: bool
) -> None:
    harm(path)
    before = path.read_bytes() if path.is_file() else None

    with pytest.raises(StoreError, match=complaint):
        open_and_close(path, create=create)

    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_database_without_tables_where_there_was_a_store_is_refused(
    path: Path,
) -> None:
    make_without_tables(path)

    with pytest.raises(StoreError, match="is empty, though there was one"):
        open_and_close(path)


def test_deleting_the_marker_allows_a_new_store(path: Path) -> None:
    path.unlink()
    path.with_name("reminderd.db.marker").unlink()

    open_and_close(path)

    assert path.stat().st_size > 0


def test_a_start_that_died_before_its_first_commit_is_made_good(tmp_path: Path) -> None:
    path = tmp_path / "reminderd.db"
    path.write_bytes(b"")

    open_and_close(path)

    assert path.with_name("reminderd.db.marker").exists()


def test_a_start_that_died_before_its_marker_is_made_good(path: Path) -> None:
    marker = path.with_name("reminderd.db.marker")
    marker.unlink()

    open_and_close(path, create=False)

    assert marker.exists()


@pytest.mark.parametrize("empty", [True, False], ids=["empty file", "no file"])
def test_a_command_that_only_looks_makes_no_store(tmp_path: Path, empty: bool) -> None:
    path = tmp_path / "reminderd.db"
    if empty:
        path.touch()

    with pytest.raises(StoreError) as caught:
        open_and_close(path, create=False)

    assert str(caught.value) == f"no store yet at {path}; run: reminderd check"
    assert [found.name for found in tmp_path.iterdir()] == ["reminderd.db"] * empty


def test_a_command_that_only_looks_makes_no_directory(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no store yet at"):
        open_and_close(tmp_path / "state" / "reminderd.db", create=False)

    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(
        StoreError, match="cannot be used as the store: Not a directory"
    ):
        open_and_close(tmp_path / "file" / "reminderd.db")


@pytest.fixture
def strangers_directory() -> Iterator[Path]:
    """A directory of another user's that this user can reach."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        os.chown(name, STRANGER, STRANGER)
        yield Path(name)


def as_stranger(action: Callable[[], object]) -> int:
    """Run *action* as another user; return the exit status of the process."""
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(STRANGER)
            os.setuid(STRANGER)
            action()
        except BaseException as error:  # noqa: BLE001 - the parent must see the status
            os.write(2, f"{error!r}\n".encode())
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@needs_root
def test_what_root_made_the_owner_of_the_directory_can_write(
    strangers_directory: Path,
) -> None:
    path = strangers_directory / "reminderd.db"
    database = Database.open(f"sqlite:///{path}")
    with database.write() as tx:
        tx.execute(text("INSERT INTO meta VALUES ('a', 'b')"))
    database.close()

    def write() -> None:
        theirs = Database.open(f"sqlite:///{path}")
        with theirs.write() as tx:
            tx.execute(text("UPDATE meta SET value = 'c'"))
        theirs.close()

    owners = {found.name: found.stat().st_uid for found in path.parent.iterdir()}
    assert owners == {
        "reminderd.db": STRANGER,
        "reminderd.db-journal": STRANGER,
        "reminderd.db.marker": STRANGER,
        "reminderd.db.ballast": STRANGER,
    }
    assert as_stranger(write) == 0
    with closing(sqlite3.connect(path)) as found:
        assert found.execute("SELECT value FROM meta").fetchall() == [("c",)]


@needs_root
def test_a_file_that_root_left_in_the_services_directory_is_refused(
    strangers_directory: Path,
) -> None:
    path = strangers_directory / "reminderd.db"
    open_and_close(path)
    os.chown(path, 0, 0)

    with pytest.raises(
        StoreError, match=rf"its directory to user {STRANGER}.*run: chown"
    ):
        open_and_close(path)


@needs_root
def test_another_users_store_is_named_as_not_usable(tmp_path: Path) -> None:
    directory = Path(tempfile.mkdtemp(dir="/var/tmp"))
    directory.chmod(0o755)
    path = directory / "reminderd.db"
    open_and_close(path)

    def complaint() -> None:
        with pytest.raises(StoreError, match="cannot be opened or written by this"):
            open_and_close(path)

    assert as_stranger(complaint) == 0
    for found in directory.iterdir():
        found.unlink()
    directory.rmdir()
