"""Imports beside others, and imports that come to no end."""

import json
import os
import pty
import signal
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any

import pytest

from tests.programs import (
    command,
    environment,
    eventually,
    run,
    running_daemon,
    url_of,
    write_config,
)

# Rows go in by 500: one batch, and the beginning of a second one.
ROWS = 600
BATCH = 500


def rows(count: int = ROWS) -> str:
    each = ({"name": f"n{i}", "valid_until": "2027-01-31"} for i in range(count))
    return "".join(json.dumps(row) + "\n" for row in each)


def start(config: Path, *arguments: str, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command(config, "import", *arguments),
        env=environment(),
        stdin=subprocess.PIPE,
        text=True,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options,
    )


def count(config: Path) -> int:
    """Return how many lines there are, as somebody sees it who only reads."""
    path = url_of(config).removeprefix("sqlite:///")
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as store:
        (found,) = store.execute("SELECT count(*) FROM line").fetchone()
    return int(found)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration with a store that has one line."""
    written = write_config(tmp_path)
    assert run(written, "add", "first").returncode == 0
    return written


def import_all(config: Path) -> dict[str, int]:
    again = start(config, "--json", "-")
    out, err = again.communicate(rows(), timeout=60)
    assert (again.returncode, err) == (0, "")
    said: dict[str, int] = json.loads(out)
    return said


@pytest.mark.slow
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_what_went_in_before_an_interruption_stays(
    config: Path, sign: signal.Signals
) -> None:
    broken = start(config, "-")
    assert broken.stdin
    # The rest of the table never comes: it is in the middle of it for certain.
    broken.stdin.write(rows())
    broken.stdin.flush()
    assert eventually(lambda: count(config) > 1, 60)
    broken.send_signal(sign)
    assert broken.wait(timeout=60) in {130, -signal.SIGKILL}

    assert count(config) == BATCH + 1
    said = import_all(config)
    assert (said["added"], said["unchanged"]) == (ROWS - BATCH, BATCH)
