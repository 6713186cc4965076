"""Copies of the SQLite file: made whole and checked or not at all, and found again."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from reminderd.domain.texts import Text
from reminderd.errors import DamagedStoreError, StoreError
from reminderd.failpoints import reach
from reminderd.storage.files import (
    StoreFiles,
    create_private,
    os_errors_explained,
    sync_directory,
)
from reminderd.storage.inspection import (
    harm_of,
    inspect_file,
    opened,
    sqlite_explained,
)

_UNFINISHED = ".unfinished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A copy beside the store; ``made_at`` is when it was written last."""

    path: Path
    made_at: datetime

    @property
    def is_sound(self) -> bool:
        """Whether all of it can be read, and is a store of ours."""
        try:
            return inspect_file(self.path).is_sound
        except StoreError:
            return False


def back_up(source: Path, target: Path) -> None:
    """Copy the database file at one moment, checked and whole, or not at all.

    It is written under another name first; a file at *target* is replaced.

    Raises:
        StoreError: The copy cannot be made, or would be as damaged as *source*.
    """
    unfinished = target.with_name(target.name + _UNFINISHED)
    with os_errors_explained(target, Text("a backup")):
        unfinished.unlink(missing_ok=True)
        descriptor = create_private(unfinished)
        try:
            _fill(source, unfinished)
            os.fsync(descriptor)
            _refuse_replaced(descriptor, unfinished)
            reach("backup.before-rename")
            unfinished.replace(target)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        finally:
            os.close(descriptor)
        sync_directory(target.parent)


def copy_database(source: Path, target: Path) -> None:
    """Copy a SQLite database as it is at one moment.

    Raises:
        StoreError: It cannot be read, or the copy cannot be written.
    """
    with (
        sqlite_explained(source),
        opened(source, "rw") as old,
        sqlite_explained(target),
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)


def find_backups(files: StoreFiles) -> list[Backup]:
    """Return the backups beside the store, the newest first."""
    return sorted(_found(files), key=lambda known: known.made_at, reverse=True)


def newest_sound(backups: Sequence[Backup]) -> Backup | None:
    """Return the first of *backups* that passes a check."""
    return next((known for known in backups if known.is_sound), None)


def way_back(files: StoreFiles, program: str = "reminderd") -> str:
    """Return what to do about a store that is damaged or lost, with the commands.

    *program* is how they begin.
    """
    known = find_backups(files)
    best = newest_sound(known)
    if best is not None:
        others = len(known) - 1
        more = Text(" ({others} more beside it)", others=others) if others else ""
        return Text(
            "stop reminderd and go back to the newest good backup, of "
            "{made_at} UTC: {program} backup --restore {path}{more}",
            made_at=f"{best.made_at:%Y-%m-%d %H:%M}",
            program=program,
            path=best.path,
            more=more,
        )
    move = f"mv {files.path} {files.path}.damaged && " if files.identity() else ""
    return Text(
        "{state}; stop reminderd and go "
        "back to one from elsewhere: {program} backup --restore FILE; "
        "or begin a new store after: {move}rm -f {marker}",
        state=Text("there is no good backup beside it")
        if known
        else Text("there is no backup beside it"),
        program=program,
        move=move,
        marker=files.marker,
    )


def _found(files: StoreFiles) -> Iterator[Backup]:
    with os_errors_explained(files.path):
        for path in files.path.parent.iterdir():
            is_backup = path.name.startswith(files.backup("").name)
            if is_backup and path.suffix != _UNFINISHED:
                found = path.lstat()
                yield Backup(
                    path=path,
                    made_at=datetime.fromtimestamp(found.st_mtime, UTC),
                )


def _fill(source: Path, unfinished: Path) -> None:
    copy_database(source, unfinished)
    try:
        is_sound = inspect_file(unfinished).is_sound
    except DamagedStoreError as error:
        raise harm_of(source) from error
    if not is_sound:
        raise harm_of(source)


def _refuse_replaced(descriptor: int, unfinished: Path) -> None:
    """Refuse to name a file that another process is writing."""
    ours, found = os.fstat(descriptor), unfinished.stat()
    if (ours.st_dev, ours.st_ino) != (found.st_dev, found.st_ino):
        raise StoreError(
            Text(
                "{unfinished} is being written by another process; wait",
                unfinished=unfinished,
            )
        )
