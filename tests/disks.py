"""A disk that is small enough to be filled."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def a_small_disk(directory: Path) -> Iterator[Path]:
    """Mount a disk of 8 MiB at *directory*, or skip the test."""
    directory.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=8m,mode=0700", "none"]
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    if subprocess.run(
        [*command, directory], capture_output=True, check=False
    ).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield directory
    finally:
        # Lazily: a failed test may leave a file open.
        subprocess.run(["umount", "--lazy", directory], check=True)


def fill(disk: Path) -> Path:
    """Fill *disk* to the last byte; return the file that does."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65_536, 4096, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                continue
    return filler
