"""What can be seen of a SQLite file without changing it: whose it is, and its harm."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from reminderd.domain.texts import Text
from reminderd.errors import DamagedStoreError, StoreError
from reminderd.storage import faults
from reminderd.storage.files import APPLICATION_ID, os_errors_explained

_MAGIC = b"SQLite format 3\0"
_HEADER_BYTES = 100
_PATIENCE_SECONDS = 10
_MOST_PROBLEMS = 10
_NO_PROBLEM = frozenset({"ok", "*** in database main ***"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What SQLite says of a file of ours.

    ``disorder`` is what its integrity check complains of; ``dangling`` counts the
    rows that refer to nothing.
    """

    revision: str
    disorder: tuple[str, ...]
    dangling: int

    @property
    def is_sound(self) -> bool:
        """Whether everything in the file can be read, and agrees."""
        return not self.disorder


def inspect_file(path: Path) -> Inspection:
    """Return what SQLite says of the file at *path* after reading all of it.

    Raises:
        StoreError: It is not ours, or cannot be read at all.
    """
    with sqlite_explained(path), opened(path) as raw:
        return Inspection(
            revision=_revision(raw, path),
            disorder=tuple(_disorder(raw)),
            dangling=len(raw.execute("PRAGMA foreign_key_check").fetchall()),
        )


@contextmanager
def opened(path: Path, mode: str = "ro") -> Iterator[sqlite3.Connection]:
    """Give a connection that sees one state of the file at *path*, and is to read it.

    With the *mode* ``rw`` what a killed process left unfinished is undone first.

    Raises:
        StoreError: The operating system refuses it.
        sqlite3.Error: SQLite refuses it.
    """
    with os_errors_explained(path, Text("a store")):
        path.open("rb").close()  # SQLite does not tell why it cannot open a file
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    with closing(sqlite3.connect(uri, uri=True, timeout=_PATIENCE_SECONDS)) as raw:
        raw.isolation_level = None
        raw.execute("BEGIN")
        raw.execute("SELECT count(*) FROM sqlite_master")
        yield raw


@contextmanager
def sqlite_explained(path: Path) -> Iterator[None]:
    """Turn what SQLite complains of the file at *path* into a StoreError."""
    try:
        yield
    except sqlite3.Error as error:
        raise _explained(error, path) from error


def _disorder(raw: sqlite3.Connection) -> Iterator[str]:
    """Yield what SQLite finds wrong in the pages of a file, at most ten things."""
    for (text,) in raw.execute(f"PRAGMA integrity_check({_MOST_PROBLEMS})"):
        # The first line only says which database the others are about.
        yield from (line for line in text.splitlines() if line not in _NO_PROBLEM)


def harm_of(path: Path) -> DamagedStoreError:
    """Return the error for a file that SQLite complains of, with what can be seen."""
    return faults.damage(Text("{path} is damaged: {harm}", path=path, harm=_harm(path)))


def _harm(path: Path) -> str:
    with os_errors_explained(path):
        size = path.stat().st_size
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
    if not header.startswith(_MAGIC):
        return Text("it does not begin as a SQLite file does")
    page_bytes = int.from_bytes(header[16:18], "big")
    whole = int.from_bytes(header[28:32], "big") * page_bytes
    if size < whole:
        return Text(
            "it has been cut off, {size} of {whole} bytes are left",
            size=size,
            whole=whole,
        )
    return Text("SQLite cannot make sense of its pages")


def _explained(error: sqlite3.Error, path: Path) -> Exception:
    known = faults.explain_sqlite(error, str(path))
    if isinstance(known, DamagedStoreError):
        return harm_of(path)
    return known or error


def _revision(raw: sqlite3.Connection, path: Path) -> str:
    """Return the revision of the schema.

    Raises:
        StoreError: The file is not one of ours.
    """
    owner = raw.execute("PRAGMA application_id").fetchone()[0]
    tables = {name for (name,) in raw.execute("SELECT name FROM sqlite_master")}
    if owner != APPLICATION_ID:
        raise StoreError(Text("{path} is not a store of reminderd", path=path))
    if "alembic_version" not in tables:
        raise faults.damage(
            Text("{place} is damaged: it does not say its version", place=path)
        )
    found = raw.execute("SELECT version_num FROM alembic_version").fetchone()
    if found is None:
        raise faults.damage(
            Text("{place} is damaged: it does not say its version", place=path)
        )
    return str(found[0])
