"""What a database driver complains about, in words that say what to do."""

import errno
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from reminderd.domain.texts import Text
from reminderd.errors import DamagedStoreError, StoreError, StoreFullError

_Explain = Callable[[str], StoreError]
_REMEDY = Text("stop reminderd, then run: reminderd doctor")


def damage(harm: str, remedy: str = _REMEDY) -> DamagedStoreError:
    """Return the error for a store that *harm* has come to."""
    text = Text("{harm}; {remedy}", harm=harm, remedy=remedy)
    return DamagedStoreError(text, harm)


def _busy(place: str) -> StoreError:
    return StoreError(
        Text(
            "{place} is locked by another process, and stayed so; try "
            "again, or look who holds it with: fuser -v FILE",
            place=place,
        )
    )


def full(place: str) -> StoreError:
    """Return the error for a disk without space."""
    return StoreFullError(
        Text(
            "there is no space left on the disk of {place}; make room: "
            "what was recorded before is still there",
            place=place,
        )
    )


def unwritable(place: str) -> StoreError:
    """Return the error for a file that this user may not read or write."""
    return StoreError(
        Text(
            "{place} cannot be opened or written by this user; look at the "
            "owner and the mode of the file and of its directory, and "
            "whether the disk is mounted read-only",
            place=place,
        )
    )


def damaged(place: str) -> StoreError:
    """Return the error for a file that SQLite cannot make sense of."""
    return damage(Text("{place} is damaged", place=place))


def _unfinished(place: str) -> StoreError:
    return StoreError(
        Text(
            "{place} holds an unfinished transaction of a process that was "
            "killed; the next command that may write undoes it, such as: "
            "reminderd status",
            place=place,
        )
    )


def _disk(place: str) -> StoreError:
    return StoreError(
        Text(
            "the disk of {place} reports an error; look at dmesg, and "
            "whether the files or the disk have become read-only",
            place=place,
        )
    )


def _unreachable(place: str) -> StoreError:
    return StoreError(
        Text("{place} does not answer, or refuses the log-in", place=place)
    )


def _misaddressed(place: str) -> StoreError:
    return StoreError(
        Text(
            "{place}: the driver does not understand an option of this "
            "address; look at what stands behind the question mark of "
            "storage.url",
            place=place,
        )
    )


_BY_SQLITE_CODE: dict[int, _Explain] = {
    sqlite3.SQLITE_BUSY: _busy,
    sqlite3.SQLITE_LOCKED: _busy,
    sqlite3.SQLITE_FULL: full,
    sqlite3.SQLITE_PERM: unwritable,
    sqlite3.SQLITE_READONLY: unwritable,
    sqlite3.SQLITE_CANTOPEN: unwritable,
    sqlite3.SQLITE_AUTH: unwritable,
    sqlite3.SQLITE_CORRUPT: damaged,
    sqlite3.SQLITE_NOTADB: damaged,
    sqlite3.SQLITE_IOERR: _disk,
    sqlite3.SQLITE_PROTOCOL: _disk,
}
# Appendix A of the PostgreSQL manual: classes of SQLSTATE, the longest first.
_BY_SQLSTATE: dict[str, _Explain] = {
    "53100": full,
    "55P03": _busy,
    "25006": unwritable,
    "42501": unwritable,
    "08": _unreachable,
    "28": _unreachable,
    "3D": _unreachable,
    "40": _busy,
    "53": _unreachable,
    "57P": _unreachable,
    "58": _disk,
    "XX": damaged,
}


@contextmanager
def explained(place: str) -> Iterator[None]:
    """Turn what the database at *place* complains about into a StoreError.

    What only a mistake of ours can cause, such as a broken constraint, passes.
    """
    try:
        yield
    except DBAPIError as error:
        explain = _explain(error)
        if explain is None:
            raise
        raise explain(place) from error


def is_full(error: OSError) -> bool:
    """Tell whether *error* means that there is no space left, or none of the quota."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def explain_sqlite(error: sqlite3.Error, place: str) -> StoreError | None:
    """Return what *error* of SQLite at *place* means, None if it is our mistake."""
    explain = _of_sqlite(error)
    return explain and explain(place)


def _explain(error: DBAPIError) -> _Explain | None:
    if isinstance(error.orig, sqlite3.Error):
        return _of_sqlite(error.orig)
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        return _of_driver(error)
    known = (text for text in _BY_SQLSTATE if state.startswith(text))
    return next((_BY_SQLSTATE[text] for text in known), None)


def _of_driver(error: DBAPIError) -> _Explain | None:
    """Return what psycopg itself says, without a word from the server."""
    match type(error).__name__:
        case "OperationalError":
            # the connection was never made, or is gone
            return _unreachable
        case "ProgrammingError" if error.statement is None:
            # Nothing was asked of the server yet: it is the address.
            return _misaddressed
    return None


def _of_sqlite(error: sqlite3.Error) -> _Explain | None:
    code = getattr(error, "sqlite_errorcode", 0)
    if code == sqlite3.SQLITE_READONLY_ROLLBACK:
        return _unfinished
    # The lowest byte is the primary code; the others only say it more exactly.
    return _BY_SQLITE_CODE.get(code & 0xFF)
