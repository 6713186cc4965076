"""reminderd in a process of its own: its clock moved, and perhaps a fail point armed.

The processes are forked from a server that has imported everything, so that two
hundred of them start in the time of twenty.
"""

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import alembic.command
import babel.messages.pofile
import rich.table

from reminderd import clock
from reminderd.cli import main
from reminderd.delivery.apprise_channel import load_plugin
from reminderd.failpoints import Name, arm
from tests.crashes.clocks import SharedClock
from tests.programs import eventually

IMPORTED_FIRST = (alembic.command, babel.messages.pofile, rich.table)
# Apprise finds out which services there are when it meets its first URL.
_LOADED_FIRST = load_plugin("json://127.0.0.1:9")

_NUMBERS = count(1)
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload([__name__])


@dataclass(frozen=True, slots=True)
class Trap:
    """A fail point, and the signal that the process sends itself there.

    It may wait before: a process that is stopped in the middle of a transaction of
    another thread would keep everybody from writing.
    """

    point: Name
    number: signal.Signals = signal.SIGKILL
    wait_seconds: float = 0

    def set(self) -> None:
        """Arm the fail point in this process."""
        arm(self.point, self._spring)

    def _spring(self) -> None:
        time.sleep(self.wait_seconds)
        # Another thread might get it otherwise, and this one would go on for a while.
        signal.pthread_kill(threading.get_ident(), self.number)


class Program:
    """A run of reminderd with *arguments*, and a log of its own beside *config*."""

    def __init__(
        self,
        config: Path,
        shared_clock: SharedClock,
        arguments: Sequence[str] = ("run",),
        trap: Trap | None = None,
        user: int | None = None,
    ) -> None:
        self.log_path = config.with_name(f"program-{next(_NUMBERS)}.log")
        self.log_path.touch()
        self._process: ForkServerProcess = _CONTEXT.Process(
            target=_main,
            args=(
                ["--config", str(config), *arguments],
                shared_clock.path,
                self.log_path,
                trap,
                user,
            ),
        )
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def log(self) -> str:
        return self.log_path.read_text()

    @property
    def is_running(self) -> bool:
        return self._process.is_alive()

    @property
    def is_stopped(self) -> bool:
        """Whether SIGSTOP has taken effect."""
        state = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2]
        return state.split()[0] == "T"

    def wait_for_log(self, text: str, seconds: float = 20) -> bool:
        return eventually(lambda: text in self.log, seconds)

    def send_signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        self._process.kill()
        self._process.join()

    def wait(self, seconds: float = 20) -> int | None:
        """Return the exit status, a signal as a negative one; None: it still runs."""
        self._process.join(seconds)
        return self._process.exitcode

    def stop(self) -> int | None:
        self.send_signal(signal.SIGTERM)
        return self.wait()


def _main(
    arguments: list[str],
    clock_path: Path,
    log_path: Path,
    trap: Trap | None,
    user: int | None,
) -> None:
    descriptor = os.open(log_path, os.O_WRONLY | os.O_APPEND)
    os.dup2(descriptor, sys.stdout.fileno())
    os.dup2(descriptor, sys.stderr.fileno())
    _set_clock(SharedClock(clock_path))
    if user is not None:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    if trap is not None:
        trap.set()
    sys.exit(main.run(arguments))


def _set_clock(shared_clock: SharedClock) -> None:
    """Put *shared_clock* in the place of the real one, wherever it was imported."""
    real = clock.utc_now
    for module in list(sys.modules.values()):
        if getattr(module, "utc_now", None) is real and module.__name__.startswith(
            "reminderd"
        ):
            vars(module)["utc_now"] = shared_clock
