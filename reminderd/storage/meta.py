"""Single facts about the store and the last pass."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from reminderd.storage.tables import metadata
from reminderd.storage.upserts import upsert

_META = metadata.tables["meta"]


def get(tx: Connection, key: str) -> str | None:
    """Return the value of *key*, or None where there is none."""
    return tx.execute(select(_META.c.value).where(_META.c.key == key)).scalar()


def get_all(tx: Connection, keys: Collection[str]) -> dict[str, str]:
    """Return the values of those of *keys* that are there."""
    found = select(_META.c.key, _META.c.value).where(_META.c.key.in_(keys))
    return {row.key: row.value for row in tx.execute(found)}


def put(tx: Connection, key: str, value: str) -> None:
    """Set the value of *key*."""
    upsert(tx, _META, [{"key": key, "value": value}])
