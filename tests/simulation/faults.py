"""Faults of process and store, injected below SQLAlchemy, at the driver.

There the error of a busy or full store takes the same way through SQLAlchemy and
``Database`` as a real one.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn

from sqlalchemy import event
from sqlalchemy.engine import Engine

_WRITES = ("INSERT", "UPDATE", "DELETE", "COMMIT")
# What makes power cuts harmless makes tests slow.
_RELAXED = {
    "PRAGMA synchronous = FULL": "PRAGMA synchronous = OFF",
    "PRAGMA journal_mode = PERSIST": "PRAGMA journal_mode = MEMORY",
}
_MOST_STATEMENTS = 20_000


def _no_interlude() -> None:
    """Stop no process."""


class Crash(BaseException):
    """The process was killed here; nothing of it may run on."""


class Hang(BaseException):
    """The peer never answers."""


class RestlessError(AssertionError):
    """The program does not come to rest."""


@dataclass(slots=True)
class Plan:
    """What goes wrong in one turn of one process.

    ``crash_in`` counts statements, commits count twice: before and after. ``trouble``
    is an error code of SQLite that the next ``trouble_left`` statements it may befall
    fail with, after ``trouble_in`` statements; ``lost_commit`` makes a commit fail
    that has taken place. ``pause_in`` counts transactions; then ``interlude`` runs.
    """

    crash_in: int | None = None
    trouble: int | None = None
    trouble_in: int = 0
    trouble_left: int = 0
    lost_commit: int | None = None
    pause_in: int | None = None
    interlude: Callable[[], None] = _no_interlude
    die_before_send: bool = False
    die_after_send: bool = False
    pause_in_send: bool = False
    is_dead: bool = False
    statements: int = 0
    has_lost_commit: bool = False
    strikes: int = 0

    @property
    def has_trouble(self) -> bool:
        """Whether the store was to be in trouble, or time to run out."""
        has_paused = self.pause_in is None and self.interlude is not _no_interlude
        return self.trouble is not None or self.has_lost_commit or has_paused

    def kill(self) -> NoReturn:
        """Let the process die here."""
        self.is_dead = True
        self.strikes += 1
        raise Crash

    def pause(self) -> None:
        """Stop the process for a while."""
        self.strikes += 1
        self.interlude()

    def at_statement(self, sql: str) -> None:
        """Do what the plan says is to happen before *sql*."""
        self.statements += 1
        if self.statements > _MOST_STATEMENTS:
            raise RestlessError("a pass or a dispatcher does not come to rest")
        self._count_down_to_crash()
        if self.pause_in is not None and sql.startswith("BEGIN"):
            self.pause_in -= 1
            if self.pause_in <= 0:
                self.pause_in = None
                self.pause()
        self._trouble(sql)

    def after_commit(self) -> None:
        """Do what the plan says is to happen after a commit."""
        self._count_down_to_crash()
        if self.lost_commit is not None:
            self.lost_commit -= 1
            if self.lost_commit <= 0:
                self.lost_commit = None
                self.has_lost_commit = True
                self.strikes += 1
                raise _error(sqlite3.SQLITE_IOERR)

    def _count_down_to_crash(self) -> None:
        if self.is_dead:
            raise Crash
        if self.crash_in is not None:
            self.crash_in -= 1
            if self.crash_in <= 0:
                self.kill()

    def _trouble(self, sql: str) -> None:
        if self.trouble is None or self.trouble_left <= 0:
            return
        if self.trouble_in > 0:
            self.trouble_in -= 1
            return
        is_lock = self.trouble == sqlite3.SQLITE_BUSY
        befallen = ("BEGIN", "COMMIT") if is_lock else _WRITES
        if sql.startswith(befallen):
            self.trouble_left -= 1
            self.strikes += 1
            raise _error(self.trouble)


def _error(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("injected")
    error.sqlite_errorcode = code
    return error


@dataclass(slots=True)
class Faults:
    """The plans of the processes at work: the last one runs, the others are stopped."""

    plans: list[Plan] = field(default_factory=lambda: [Plan()])

    @property
    def plan(self) -> Plan:
        """The plan of the process that is running."""
        return self.plans[-1]

    @contextmanager
    def follow(self, plan: Plan) -> Iterator[None]:
        """Run a process by *plan*."""
        self.plans.append(plan)
        try:
            yield
        finally:
            plan.is_dead = True
            self.plans.pop()

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Let every SQLite connection that is made meanwhile obey these faults."""

        def connect(_dialect: Any, _record: Any, _args: Any, options: Any) -> None:
            options["factory"] = self._connection

        event.listen(Engine, "do_connect", connect)
        try:
            yield
        finally:
            event.remove(Engine, "do_connect", connect)

    def _connection(self, *args: Any, **options: Any) -> "FaultyConnection":
        connection = FaultyConnection(*args, **options)
        connection.faults = self
        return connection


class FaultyConnection(sqlite3.Connection):
    """A connection that fails where the plan says so."""

    faults: Faults

    def cursor(self, _factory: Any = None) -> sqlite3.Cursor:  # type: ignore[override]
        return super().cursor(FaultyCursor)

    def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
        return super().execute(_RELAXED.get(sql, sql), *args)

    def commit(self) -> None:
        if self.in_transaction:
            self.faults.plan.at_statement("COMMIT")
            super().commit()
            self.faults.plan.after_commit()


class FaultyCursor(sqlite3.Cursor):
    """A cursor that fails where the plan says so."""

    def execute(self, sql: str, *args: Any) -> "FaultyCursor":
        connection = self.connection
        assert isinstance(connection, FaultyConnection)
        connection.faults.plan.at_statement(sql)
        return super().execute(sql, *args)

    def executemany(self, sql: str, rows: Iterable[Any], /) -> "FaultyCursor":
        connection = self.connection
        assert isinstance(connection, FaultyConnection)
        connection.faults.plan.at_statement(sql)
        return super().executemany(sql, rows)
