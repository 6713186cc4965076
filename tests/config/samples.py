"""Configuration files for tests, and what is said of them."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reminderd.config.loading import Loaded, load
from reminderd.errors import ConfigError

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
# A machine of its own, whatever the one is set to that runs the tests.
ENVIRON = {"TZ": "Asia/Shanghai"}


def a_file(directory: Path, text: str | bytes, mode: int = 0o600) -> Path:
    """Return config.toml with *text* in *directory*."""
    path = directory / "config.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    path.chmod(mode)
    return path


def loaded(
    directory: Path, text: str, environ: Mapping[str, str] | None = None
) -> Loaded:
    """Return what a file with *text* is loaded as."""
    return load(a_file(directory, text), ENVIRON | dict(environ or {}), now=NOW)


def problems_of(
    directory: Path, text: str | bytes, environ: Mapping[str, str] | None = None
) -> list[str]:
    """Return every problem of a file with *text*."""
    path = a_file(directory, text)
    with pytest.raises(ConfigError) as caught:
        load(path, ENVIRON | dict(environ or {}), now=NOW)
    assert os.linesep not in "".join(caught.value.problems)
    return caught.value.problems
