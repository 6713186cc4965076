"""Engines for both databases, on which a transaction is what its name says.

A write transaction takes SQLite's write lock at its beginning: one that asks for it
later can lose the update of another process in silence. A read transaction takes
none, and cannot write. ``PERSIST`` with ``FULL`` has lost nothing in a power cut;
SQLite's default has, and WAL could be damaged by two processes before 3.51.3.
"""

import sqlite3

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from reminderd.domain.texts import Text
from reminderd.errors import StoreError

WRITES = "reminderd_writes"


def is_write(tx: Connection) -> bool:
    """Tell whether *tx* may write, and so may lock the rows that it reads."""
    return bool(tx.get_execution_options().get(WRITES))


def make_engine(url: URL, patience: int, *, durable: bool = True) -> Engine:
    """Return an engine that waits *patience* seconds for others' transactions.

    A SQLite file need not be *durable* if it is a copy for a moment.

    Raises:
        StoreError: The driver for that database is not installed.
    """
    if url.get_backend_name() == "sqlite":
        engine = create_engine(
            url, connect_args={"timeout": patience}, hide_parameters=True
        )
        event.listen(engine, "connect", _on_sqlite_connect)
        if not durable:
            event.listen(engine, "connect", _on_copy_connect)
        event.listen(engine, "begin", _on_sqlite_begin)
        return engine
    try:
        return create_engine(
            url.set(drivername="postgresql+psycopg"),
            connect_args={"connect_timeout": patience},
            pool_pre_ping=True,  # the server may have been started anew
            hide_parameters=True,
        )
    except (ModuleNotFoundError, NoSuchModuleError):
        raise StoreError(
            Text("PostgreSQL needs a driver; run: pip install 'reminderd[postgres]'")
        ) from None


def _on_sqlite_connect(raw: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    # The driver's own BEGIN comes late and takes no write lock.
    raw.isolation_level = None
    for pragma in (
        "journal_mode = PERSIST",
        "synchronous = FULL",
        "foreign_keys = ON",
        "trusted_schema = OFF",
    ):
        raw.execute(f"PRAGMA {pragma}")


def _on_copy_connect(raw: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    raw.execute("PRAGMA journal_mode = MEMORY")
    raw.execute("PRAGMA synchronous = OFF")


def _on_sqlite_begin(tx: Connection) -> None:
    writes = is_write(tx)
    tx.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    tx.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def reader_options(engine: Engine) -> dict[str, object]:
    """Return what makes a transaction of *engine* see one state, and change none."""
    if engine.dialect.name == "sqlite":
        return {}
    return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
