"""Single facts are kept and replaced."""

from reminderd.storage import meta
from reminderd.storage.database import Database


def test_a_fact_is_kept_and_replaced(either_database: Database) -> None:
    with either_database.write() as tx:
        assert meta.get(tx, "digest") is None
        meta.put(tx, "digest", "a")
        meta.put(tx, "other", "c")
        meta.put(tx, "digest", "b")

    with either_database.read() as tx:
        assert meta.get(tx, "digest") == "b"
        assert meta.get(tx, "other") == "c"
