"""Which schema a store has, how a new one is made, and how an old one is brought up.

Starting compares one text. Alembic is imported only where a store is to be changed.
"""

import sqlite3
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from reminderd.domain.texts import Text
from reminderd.errors import StoreError
from reminderd.failpoints import reach
from reminderd.storage import faults
from reminderd.storage.backups import back_up
from reminderd.storage.files import APPLICATION_ID, StoreFiles
from reminderd.storage.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config

SCHEMA_REVISION = "0003"
# Any number of our own: two processes must not make or change one schema at once.
_POSTGRES_LOCK = 0x726D6464


@dataclass(frozen=True, slots=True)
class Migrations:
    """A directory of migrations and the revision they lead to."""

    directory: Path
    head: str


OURS = Migrations(Path(__file__).parent / "migrations", SCHEMA_REVISION)


def find_revision(tx: Connection, place: str) -> str | None:
    """Return the revision of the store, or None for an empty database.

    Raises:
        StoreError: There is something else in it.
    """
    has_tables = bool(inspect(tx).get_table_names())
    if tx.dialect.name == "sqlite":
        owner = tx.exec_driver_sql("PRAGMA application_id").scalar_one()
        is_foreign = owner != APPLICATION_ID and (owner != 0 or has_tables)
    else:
        is_foreign = has_tables and not inspect(tx).has_table("alembic_version")
    if is_foreign:
        raise StoreError(
            Text(
                "{place} belongs to another program; name a store of its own "
                "for reminderd in storage.url",
                place=place,
            )
        )
    if not has_tables:
        return None
    if not inspect(tx).has_table("alembic_version"):
        raise faults.damage(
            Text("{place} is damaged: it does not say its version", place=place)
        )
    return str(tx.execute(text("SELECT version_num FROM alembic_version")).scalar())


def create_schema(tx: Connection) -> None:
    """Make every table of the current revision; part of the transaction *tx*."""
    metadata.create_all(tx)
    reach("schema.inside-creation")
    # What Alembic would write: a test compares the two ways to a new store.
    tx.execute(
        text(
            "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL,"
            " CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
        )
    )
    tx.execute(
        text("INSERT INTO alembic_version VALUES (:revision)"),
        {"revision": SCHEMA_REVISION},
    )
    if tx.dialect.name == "sqlite":
        tx.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")


def lock_schema(tx: Connection) -> None:
    """Wait until no other process makes or changes the schema.

    SQLite's write transaction has seen to that already.
    """
    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRES_LOCK})


def migrate(
    engine: Engine,
    files: StoreFiles | None,
    place: str,
    migrations: Migrations = OURS,
) -> None:
    """Bring an older store up to date, a SQLite file after it has been backed up.

    It is one transaction: if anything fails, the store is what it was.

    Raises:
        StoreError: The store was written by a newer reminderd, the backup cannot be
            made, or rows would be left that refer to nothing.
    """
    from alembic import command

    with faults.explained(place), engine.connect() as tx:
        if tx.dialect.name == "sqlite":
            # Outside of a transaction, or it has no effect. With foreign keys on,
            # rebuilding a table deletes the rows that refer to it.
            _switch_foreign_keys_off(tx)
        try:
            with tx.begin():
                lock_schema(tx)
                revision = find_revision(tx, place)
                if revision is None or revision == migrations.head:
                    return  # another process was faster
                refuse_newer(revision, place, migrations)
                if files is not None:
                    back_up(files.path, files.backup(revision))
                command.upgrade(migration_config(tx, migrations), migrations.head)
                _check_references(tx, place)
                reach("migration.before-commit")
        finally:
            tx.invalidate()  # the next one begins with the pragmas of a new connection


def migration_config(tx: Connection, migrations: Migrations = OURS) -> "Config":
    """Return what Alembic needs to work inside of the transaction *tx*."""
    config = _config(migrations)
    config.attributes["connection"] = tx
    return config


def refuse_newer(revision: str, place: object, migrations: Migrations = OURS) -> None:
    """Raise StoreError if a newer reminderd has written the file at *place*."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(_config(migrations))
    if revision not in {script.revision for script in scripts.walk_revisions()}:
        raise StoreError(
            Text(
                "{place} was written by a newer reminderd (schema {revision}, "
                "this one knows {known}); install that version "
                "again, or a later one",
                place=place,
                revision=revision,
                known=SCHEMA_REVISION,
            )
        )


def _switch_foreign_keys_off(tx: Connection) -> None:
    raw = tx.connection.driver_connection
    if isinstance(raw, sqlite3.Connection):
        raw.execute("PRAGMA foreign_keys = OFF")


def _config(migrations: Migrations) -> "Config":
    from alembic.config import Config

    # Its default is what stdout was when it was imported.
    config = Config(stdout=StringIO())
    config.set_main_option(
        "script_location", str(migrations.directory).replace("%", "%%")
    )
    return config


def _check_references(tx: Connection, place: str) -> None:
    if tx.dialect.name != "sqlite":
        return
    if tx.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise StoreError(
            Text(
                "{place} would have rows that refer to nothing after its "
                "migration; it is left as it was",
                place=place,
            )
        )
