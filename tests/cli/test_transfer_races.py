"""Imports beside others, and imports that come to no end."""

import json
import signal
import subprocess
from pathlib import Path

import pytest

from tests.programs import command, environment, eventually, run, write_config

ROWS = 1500


def a_table(directory: Path, rows: int) -> Path:
    path = directory / "lines.jsonl"
    each = ({"name": f"n{i}", "valid_until": "2027-01-31"} for i in range(rows))
    path.write_text("".join(json.dumps(row) + "\n" for row in each))
    return path


def start(config: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command(config, *arguments),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def count(config: Path) -> int:
    return len(run(config, "export", "--format", "jsonl").stdout.splitlines())


@pytest.mark.slow
def test_two_imports_of_one_file_add_each_line_once(tmp_path: Path) -> None:
    config = write_config(tmp_path)
    table = a_table(tmp_path, ROWS)
    run(config, "add", "first")

    both = [start(config, "import", "--json", str(table)) for _ in range(2)]
    said = [json.loads(each.communicate(timeout=90)[0]) for each in both]

    assert [each.returncode for each in both] == [0, 0]
    assert sum(each["added"] for each in said) == ROWS
    assert sum(each["unchanged"] for each in said) == ROWS
    assert count(config) == ROWS + 1


@pytest.mark.slow
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_what_went_in_before_an_interruption_stays(
    tmp_path: Path, sign: signal.Signals
) -> None:
    config = write_config(tmp_path)
    table = a_table(tmp_path, ROWS)
    run(config, "add", "first")

    broken = start(config, "import", str(table))
    assert eventually(lambda: count(config) > 1, 60)
    broken.send_signal(sign)
    broken.communicate(timeout=60)
    again = run(config, "import", "--json", str(table))

    assert again.returncode == 0
    assert json.loads(again.stdout)["added"] < ROWS
    assert count(config) == ROWS + 1
