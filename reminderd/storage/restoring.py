"""The way back: a backup in the place of the store, which is kept beside it."""

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from reminderd.domain.texts import Text
from reminderd.errors import DamagedStoreError, StoreError
from reminderd.storage import schema
from reminderd.storage.backups import back_up
from reminderd.storage.files import StoreFiles, os_errors_explained, sync_directory
from reminderd.storage.inspection import inspect_file

# What SQLite keeps beside a file: a journal of the old one would spoil the new one.
_COMPANIONS = ("", "-journal", "-wal", "-shm")


def restore(files: StoreFiles, backup: Path, now: datetime) -> Path | None:
    """Put a copy of *backup* in the place of the store, once it has passed a check.

    Return under which name what was there is kept, None if there was nothing.

    Raises:
        StoreError: The backup is not sound, not ours, of a newer reminderd, or the
            store itself; or there is no room for the copy.
    """
    _refuse_bad(files, backup)
    with os_errors_explained(files.path.parent, Text("the directory of the store")):
        files.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = files.path.with_name(f"{files.path.name}.restored")
    back_up(backup, fresh)
    try:
        kept = _move_away(files, f"damaged-{now:%Y%m%dT%H%M%SZ}")
        with os_errors_explained(files.path):
            fresh.replace(files.path)
            sync_directory(files.path.parent)
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
    files.mark()
    return kept


def _refuse_bad(files: StoreFiles, backup: Path) -> None:
    with os_errors_explained(backup, Text("a backup")):
        if files.path.exists() and files.path.samefile(backup):
            raise StoreError(
                Text("{backup} is the store itself; name a backup of it", backup=backup)
            )
    try:
        found = inspect_file(backup)
    except DamagedStoreError as error:
        raise _unsound(error.harm) from error
    if not found.is_sound:
        raise _unsound(
            Text(
                "{backup} is damaged: {disorder}",
                backup=backup,
                disorder=found.disorder[0],
            )
        )
    if found.revision != schema.SCHEMA_REVISION:
        schema.refuse_newer(found.revision, backup)


def _unsound(harm: str) -> StoreError:
    return StoreError(
        Text("{harm}; nothing was changed, name another backup", harm=harm)
    )


def _move_away(files: StoreFiles, mark: str) -> Path | None:
    """Rename the store and what SQLite keeps beside it; return the new name."""
    name = files.path.name
    kept = files.path.with_name(f"{name}.{mark}")
    with os_errors_explained(files.path):
        if os.path.lexists(kept):
            raise StoreError(Text("{kept} exists; try again in a second", kept=kept))
        existed = os.path.lexists(files.path)
        for suffix in _COMPANIONS:
            with suppress(FileNotFoundError):
                files.path.with_name(name + suffix).rename(
                    kept.with_name(kept.name + suffix)
                )
        sync_directory(files.path.parent)
    return kept if existed else None
