"""Imports beside others, and imports that come to no end."""

import json
import os
import pty
import signal
import sqlite3
import subprocess
from contextlib import closing, suppress
from pathlib import Path
from typing import IO, Any

import pytest

from tests.programs import (
    a_json_channel,
    command,
    environment,
    eventually,
    in_days,
    run,
    running_daemon,
    url_of,
    write_config,
)
from tests.sinks import http_sink

# Rows go in by 500: one batch, and the beginning of a second one.
ROWS = 600
BATCH = 500


def rows(count: int = ROWS) -> str:
    each = ({"name": f"n{i}", "valid_until": "2027-01-31"} for i in range(count))
    return "".join(json.dumps(row) + "\n" for row in each)


def table_of(config: Path) -> Path:
    table = config.with_name("lines.jsonl")
    table.write_text(rows())
    return table


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


@pytest.mark.slow
def test_two_imports_of_one_table_add_each_line_once(config: Path) -> None:
    table = table_of(config)

    both = [start(config, "--json", str(table)) for _ in range(2)]
    said = [json.loads(each.communicate(timeout=60)[0]) for each in both]

    assert [each.returncode for each in both] == [0, 0]
    assert sum(each["added"] for each in said) == ROWS
    assert sum(each["unchanged"] for each in said) == ROWS
    assert count(config) == ROWS + 1


@pytest.mark.slow
def test_lines_that_come_in_are_reminded_of_by_the_daemon_beside(
    tmp_path: Path,
) -> None:
    with http_sink() as sink:
        config = write_config(tmp_path, a_json_channel("phone", sink.address))
        with running_daemon(config):
            out, err = start(config, "-").communicate(
                json.dumps({"name": "ends-soon", "valid_until": f"{in_days(2)}"})
                + "\n",
                timeout=60,
            )
            assert eventually(lambda: "ends-soon" in repr(sink.requests)), (out, err)


@pytest.mark.slow
def test_a_terminal_sees_how_far_it_is(config: Path) -> None:
    ours, terminal = pty.openpty()
    with closing(os.fdopen(ours, "rb", buffering=0)) as screen:
        busy = start(config, str(table_of(config)), stderr=terminal)
        os.close(terminal)
        shown = seen(screen)
        said, _ = busy.communicate(timeout=60)

    # The bar goes away again: what stays is the report on the other stream.
    assert b"\x1b[2K" in shown
    assert (busy.returncode, f"{ROWS}." in said) == (0, True)


def seen(screen: IO[bytes]) -> bytes:
    """Return what came on *screen* until nobody could write there any more."""
    shown = b""
    # Linux ends a terminal without another side by an input/output error.
    with suppress(OSError):
        while some := screen.read(4096):
            shown += some
    return shown


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
    broken.communicate(timeout=60)
    assert broken.returncode in {130, -signal.SIGKILL}

    assert count(config) == BATCH + 1
    said = import_all(config)
    assert (said["added"], said["unchanged"]) == (ROWS - BATCH, BATCH)
