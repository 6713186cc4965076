"""The table that is drawn again and again, on a terminal, until it is stopped."""

import os
import pty
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.programs import a_section, command, environment, run, write_config

_HIDDEN, _SHOWN = "\x1b[?25l", "\x1b[?25h"
_HOME = "\x1b[H"


class _Terminal:
    """A program on a terminal: what it has written so far, and how it ends."""

    def __init__(self, *arguments: str) -> None:
        self.ours, theirs = pty.openpty()
        self.said = ""
        self.program = subprocess.Popen(
            arguments,
            env=environment({"COLUMNS": "80", "LINES": "24"}),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)

    def read_until(self, text: str, count: int = 1, seconds: float = 40) -> bool:
        """Tell whether it writes *text* so often within so many seconds."""
        end = time.monotonic() + seconds
        while self.said.count(text) < count and time.monotonic() < end:
            if select.select([self.ours], [], [], 0.2)[0]:
                try:
                    self.said += os.read(self.ours, 65536).decode()
                except OSError:
                    # Nobody writes there any more.
                    break
        return self.said.count(text) >= count

    def stop(self, number: signal.Signals) -> int:
        """Send it a signal; return the status that it ends with."""
        self.program.send_signal(number)
        self.read_until("never written", seconds=20)
        return self.program.wait(20)

    def close(self) -> None:
        if self.program.poll() is None:
            self.program.kill()
            self.program.wait(20)
        os.close(self.ours)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration with one line that a check has seen."""
    config = write_config(tmp_path, a_section())
    assert run(config, "check").returncode == 0
    return config


@pytest.fixture
def terminal(config: Path) -> Iterator[_Terminal]:
    started = _Terminal(*command(config, "status", "--watch", "--every", "0.2"))
    yield started
    started.close()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_is_redrawn_until_stopped_and_gives_the_terminal_back(
    terminal: _Terminal, number: signal.Signals
) -> None:
    assert terminal.read_until(_HOME, 3)

    status = terminal.stop(number)

    assert status == 0
    assert terminal.said.count("uk-travel") >= 3
    assert terminal.said.index(_HIDDEN) < terminal.said.index("uk-travel")
    assert terminal.said.rindex(_SHOWN) > terminal.said.rindex("uk-travel")
    assert "Traceback" not in terminal.said


@pytest.mark.slow
@pytest.mark.parametrize("after", [0.4, 0.8, 1.2])
def test_stopped_while_it_starts_it_ends_without_a_traceback(
    terminal: _Terminal, after: float
) -> None:
    time.sleep(after)

    status = terminal.stop(signal.SIGINT)

    assert status in {0, 130, -signal.SIGINT}
    assert "Traceback" not in terminal.said
    assert terminal.said.count(_HIDDEN) == terminal.said.count(_SHOWN)
