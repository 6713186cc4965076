"""Inserts that meet an existing row: the one place where the two dialects differ."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Row = Mapping[str, Any]


def insert_new(tx: Connection, table: Table, values: Row) -> Row | None:
    """Insert one row; return its primary key, or None where an equal one exists."""
    statement = _insert(tx, table).values(**values).on_conflict_do_nothing()
    inserted = tx.execute(statement.returning(*table.primary_key)).one_or_none()
    return None if inserted is None else dict(inserted._mapping)  # noqa: SLF001 - public in spite of its name


def upsert(tx: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert *rows*; where a primary key exists, the row's other columns replace it.

    All rows must have the same columns.
    """
    if not rows:
        return
    keys = [column.name for column in table.primary_key]
    statement = _insert(tx, table)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    statement = statement.on_conflict_do_update(index_elements=keys, set_=changed)
    tx.execute(statement, [dict(row) for row in rows])


def _insert(tx: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    if tx.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
