"""The program as its user starts it: configuration files, commands, the daemon."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

from reminderd.clock import utc_now


def in_days(days: int) -> date:
    """Return the date so many days from today, in UTC."""
    return utc_now().date() + timedelta(days=days)


def write_config(directory: Path, *sections: str) -> Path:
    """Write a configuration with its store in *directory*; return its path."""
    path = directory / "config.toml"
    head = f'timezone = "UTC"\npoll_every = "1s"\n[storage]\nurl = "{url_of(path)}"'
    text = "\n".join((head, *sections))
    # In one step, as a good editor does it.
    fresh = path.with_suffix(".new")
    fresh.write_text(text + "\n")
    fresh.chmod(0o600)
    fresh.replace(path)
    return path


def url_of(config: Path) -> str:
    """Return the database URL that *write_config* chooses."""
    return f"sqlite:///{config.parent}/state/reminderd.db"


def a_section(name: str = "uk-travel", *, days: int = 12, more: str = "") -> str:
    """Return the section of a line whose plan ends in so many days."""
    return f"[lines.{name}]\nvalid_until = {in_days(days)}\n{more}"


def a_json_channel(name: str, address: str, more: str = "") -> str:
    """Return the section of a channel that posts JSON to *address*."""
    return f'[channels.{name}]\nurl = "json://{address}"\n{more}'


def command(config: Path, *arguments: str) -> list[str]:
    """Return the command line of the program."""
    return [sys.executable, "-m", "reminderd", "--config", str(config), *arguments]


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment without what may be set for the one who runs the tests."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("REMINDERD_") and name != "NOTIFY_SOCKET"
    }
    return {**kept, **(more or {})}


def run(config: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        command(config, *arguments),
        env=environment(),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def eventually(condition: Callable[[], object], seconds: float = 20) -> bool:
    """Wait until *condition* holds, at most so many seconds; tell whether it does."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return bool(condition())


@dataclass(slots=True)
class RunningDaemon:
    """A daemon, its log, and what it has told the service manager."""

    process: subprocess.Popen[bytes]
    log_path: Path
    states: SimpleQueue[str]

    @property
    def log(self) -> str:
        return self.log_path.read_text()

    def wait_for_log(self, text: str) -> bool:
        return eventually(lambda: text in self.log)

    def told(self) -> list[str]:
        """Return what has been told since the last call."""
        heard = []
        while not self.states.empty():
            heard.append(self.states.get())
        return heard

    def wait_until_told(self, state: str) -> list[str]:
        """Return what was told up to and including *state*."""
        heard: list[str] = []

        def is_told() -> bool:
            heard.extend(self.told())
            return state in heard

        assert eventually(is_told), heard
        return heard

    def reload(self) -> None:
        self.process.send_signal(signal.SIGHUP)

    def stop(self) -> int:
        """Send SIGTERM; return the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=20)


@contextmanager
def running_daemon(config: Path, *options: str) -> Iterator[RunningDaemon]:
    """Run the daemon under a service manager until it is ready, and longer."""
    with supervised(command(config, *options, "run"), config.parent) as daemon:
        yield daemon


@contextmanager
def supervised(arguments: Sequence[str], directory: Path) -> Iterator[RunningDaemon]:
    """Run a program that is a daemon as *running_daemon* does, with its log there."""
    log_path = directory / "daemon.log"
    address = str(directory / "notify")
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager,
        log_path.open("ab") as log,
    ):
        Path(address).unlink(missing_ok=True)
        manager.bind(address)
        states: SimpleQueue[str] = SimpleQueue()
        Thread(target=_listen, args=(manager, states), daemon=True).start()
        process = subprocess.Popen(
            arguments,
            env=environment({"NOTIFY_SOCKET": address}),
            stderr=log,
            stdout=log,
        )
        daemon = RunningDaemon(process, log_path, states)
        try:
            assert daemon.wait_for_log("started"), daemon.log
            yield daemon
        finally:
            process.kill()
            process.wait()
            # An empty datagram ends the listener.
            manager.sendto(b"", address)


def _listen(manager: socket.socket, states: SimpleQueue[str]) -> None:
    """Read what is told, as systemd does, so that nobody has to wait for it."""
    while heard := manager.recv(4096):
        for state in heard.decode().splitlines():
            states.put(state)
