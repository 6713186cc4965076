"""Each complaint of a driver becomes words that say what to do, our mistakes pass."""

import errno
import sqlite3

import psycopg
import pytest
from psycopg import errors as postgresql
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from reminderd.errors import StoreError, StoreFullError
from reminderd.storage import faults


def complain(error: DBAPIError) -> None:
    with faults.explained("the store"):
        raise error


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        pytest.param(postgresql.DiskFull(), "no space left", id="disk full"),
        pytest.param(postgresql.LockNotAvailable(), "locked by another", id="locked"),
        pytest.param(postgresql.DeadlockDetected(), "locked by another", id="deadlock"),
        pytest.param(postgresql.AdminShutdown(), "does not answer", id="shut down"),
        pytest.param(postgresql.TooManyConnections(), "does not answer", id="too many"),
        pytest.param(postgresql.InvalidPassword(), "refuses the log-in", id="password"),
        pytest.param(psycopg.OperationalError(), "does not answer", id="no connection"),
        pytest.param(postgresql.InsufficientPrivilege(), "owner", id="privilege"),
        pytest.param(postgresql.IoError(), "reports an error", id="disk"),
        pytest.param(postgresql.DataCorrupted(), "is damaged", id="damaged"),
    ],
)
def test_a_fault_of_postgresql_says_what_to_do(cause: Exception, words: str) -> None:
    with pytest.raises(StoreError, match=words):
        complain(OperationalError("SELECT 1", {}, cause))


def test_a_full_disk_of_postgresql_is_told_from_other_faults() -> None:
    with pytest.raises(StoreFullError):
        complain(OperationalError("SELECT 1", {}, postgresql.DiskFull()))


@pytest.mark.parametrize(
    "cause",
    [
        pytest.param(sqlite3.OperationalError("no such table"), id="sqlite"),
        pytest.param(postgresql.UndefinedTable(), id="postgresql"),
        pytest.param(psycopg.ProgrammingError(), id="psycopg"),
    ],
)
def test_a_mistake_of_ours_is_no_store_error(cause: Exception) -> None:
    error = ProgrammingError("SELECT 1", {}, cause)

    with pytest.raises(ProgrammingError):
        complain(error)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_and_a_full_quota_are_the_same(number: int) -> None:
    assert faults.is_full(OSError(number, "full"))
    assert not faults.is_full(OSError(errno.EACCES, "denied"))
