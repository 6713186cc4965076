"""Damage is refused, and the refusal says which backup to go back to, and how."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from reminderd.errors import DamagedStoreError
from reminderd.storage.backups import way_back
from reminderd.storage.faults import damage
from reminderd.storage.files import StoreFiles
from reminderd.storage.inspection import harm_of

# Checked at each start: it takes three milliseconds for each million bytes.
_SMALL_BYTES = 4 * 1024 * 1024


@contextmanager
def way_back_shown(files: StoreFiles | None) -> Iterator[None]:
    """Say of a damaged or lost SQLite store which backup to go back to, and how."""
    try:
        yield
    except DamagedStoreError as error:
        if files is None:
            raise
        # What SQLite says of it is less than what can be seen.
        is_sqlites = isinstance(error.__cause__, DBAPIError)
        known = harm_of(files.path) if is_sqlites else error
        raise damage(known.harm, way_back(files)) from error


def refuse_disorder(tx: Connection, path: Path) -> None:
    """Refuse a small file that is damaged anywhere; a large one would take too long."""
    if path.stat().st_size > _SMALL_BYTES:
        return
    if tx.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
        raise harm_of(path)
