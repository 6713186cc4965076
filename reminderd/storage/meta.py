"""Single facts about the store and the last pass."""

from sqlalchemy import Connection, select

from reminderd.storage.tables import metadata
from reminderd.storage.upserts import upsert

_META = metadata.tables["meta"]


def get(tx: Connection, key: str) -> str | None:
    """Return the value of *key*, or None where there is none."""
    return tx.execute(select(_META.c.value).where(_META.c.key == key)).scalar()


def put(tx: Connection, key: str, value: str) -> None:
    """Set the value of *key*."""
    upsert(tx, _META, [{"key": key, "value": value}])
