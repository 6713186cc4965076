"""The files of a SQLite store as they lie on the disk: modes, owners, space."""

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from reminderd.storage.files import StoreFiles, os_errors_explained

_HEADER_BYTES = 100
# SQLite's header: 2 in the bytes for reading and writing versions means WAL.
_VERSIONS = slice(18, 20)
_WAL = b"\2\2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What lies where the store is.

    ``exposed`` are the files that others may read or write, ``strange`` those of
    another owner than the directory's; ``is_open`` tells that others may write into
    the directory.
    """

    path: Path
    size_bytes: int
    free_bytes: int
    exposed: tuple[Path, ...]
    strange: tuple[Path, ...]
    is_open: bool
    is_marked: bool
    has_ballast: bool
    is_wal: bool


def condition_of(files: StoreFiles) -> Condition:
    """Return how the files of the store are.

    Raises:
        StoreError: They cannot be looked at.
    """
    with os_errors_explained(files.path):
        directory = files.path.parent.stat()
        space = os.statvfs(files.path.parent)
        with files.path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
        mine = sorted(_with_prefix(files.path))
        found = {path: path.lstat() for path in mine}
        return Condition(
            path=files.path,
            size_bytes=files.path.stat().st_size,
            free_bytes=space.f_bavail * space.f_frsize,
            exposed=tuple(
                path for path in mine if stat.S_IMODE(found[path].st_mode) & 0o077
            ),
            strange=tuple(
                path for path in mine if found[path].st_uid != directory.st_uid
            ),
            is_open=bool(directory.st_mode & (stat.S_IWGRP | stat.S_IWOTH)),
            is_marked=files.marker.exists(),
            has_ballast=files.ballast.exists(),
            is_wal=header[_VERSIONS] == _WAL,
        )


def _with_prefix(path: Path) -> Iterable[Path]:
    return (each for each in path.parent.iterdir() if each.name.startswith(path.name))
