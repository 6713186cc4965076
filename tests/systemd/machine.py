"""A machine with a real systemd, on which the real wheel and units are installed."""

import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).parents[2]
BOOT = Path(__file__).with_name("boot.sh")
PROGRAMS = ("mmdebstrap", "nsenter", "pgrep", "systemd-nspawn", "unshare")
STATE = "/var/lib/private/reminderd"
# What the root file system runs.
_PYTHON = "3.11"


def missing() -> str | None:
    """Return why no machine can be booted here, None if it can be tried."""
    if os.geteuid() != 0:
        return "a container with systemd needs root"
    absent = [name for name in PROGRAMS if shutil.which(name) is None]
    if absent:
        packages = "systemd-container mmdebstrap procps"
        return f"without {', '.join(absent)}; run: apt-get install {packages}"
    allowed = subprocess.run(
        ["unshare", "--mount", "true"], capture_output=True, check=False
    )
    return None if allowed.returncode == 0 else "no mount namespaces are allowed here"


@contextmanager
def prepared_root() -> Iterator[Path]:
    """Give a root file system with this very reminderd, from the cache if it can."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    directory = cache / "reminderd-tests"
    directory.mkdir(parents=True, exist_ok=True)
    wanted = _digest()
    # Nobody installs another one while a machine of any test run has this one.
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        if not _is_ready(directory, wanted):
            fcntl.flock(lock, fcntl.LOCK_UN)
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not _is_ready(directory, wanted):
                _prepare(directory, wanted)
            fcntl.flock(lock, fcntl.LOCK_SH)
        yield directory / "bookworm"


def _is_ready(directory: Path, wanted: str) -> bool:
    installed = directory / "installed"
    return installed.exists() and installed.read_text() == wanted


def _prepare(directory: Path, wanted: str) -> None:
    root, built = directory / "bookworm", directory / "built"
    if not built.exists():
        shutil.rmtree(root, ignore_errors=True)
        _run(str(BOOT), "build", str(root))
        built.touch()
    installed = directory / "installed"
    installed.unlink(missing_ok=True)
    _install(root, directory / "wheels")
    installed.write_text(wanted)


def _digest() -> str:
    """Return a text that changes with anything that is installed."""
    files = [PROJECT / "pyproject.toml", PROJECT / "config.example.toml"]
    for place in ("reminderd", "systemd"):
        files += (
            path
            for path in (PROJECT / place).rglob("*")
            if path.is_file() and path.suffix != ".pyc"
        )
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(str(path.relative_to(PROJECT)).encode() + b"\0")
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _install(root: Path, wheels: Path) -> None:
    """Install as the README says, but for the network, which is not there."""
    for old in wheels.glob("reminderd-*"):
        old.unlink()
    tools = wheels.with_name("tools")
    # Whoever made the environment of the tests may have left pip out.
    _run(sys.executable, "-m", "venv", str(tools))
    pip = (str(tools / "bin" / "python"), "-m", "pip", "-q")
    _run(*pip, "wheel", "--no-deps", "--wheel-dir", str(wheels), str(PROJECT))
    (wheel,) = wheels.glob("reminderd-*.whl")
    machine = platform.machine()
    platforms = [
        f"--platform=manylinux{version}_{machine}"
        for version in ("2014", "_2_17", "_2_28")
    ]
    _run(
        *(*pip, "download", "--only-binary=:all:", f"--python-version={_PYTHON}"),
        *(*platforms, "--dest", str(wheels), "--find-links", str(wheels), str(wheel)),
    )
    inside = root / "opt" / "wheels"
    shutil.rmtree(inside, ignore_errors=True)
    shutil.copytree(wheels, inside)
    target = root / "opt" / "reminderd"
    shutil.rmtree(target, ignore_errors=True)
    in_root = ("chroot", str(root), "/usr/bin/env", "-i", "PATH=/usr/bin:/bin")
    _run(*in_root, "python3", "-m", "venv", "/opt/reminderd")
    _run(
        *(*in_root, "/opt/reminderd/bin/pip", "-q", "install", "--no-index"),
        *("--find-links", "/opt/wheels", f"/opt/wheels/{wheel.name}"),
    )
    shutil.rmtree(inside)
    units = root / "etc" / "systemd" / "system"
    for unit in (PROJECT / "systemd").iterdir():
        shutil.copy(unit, units / unit.name)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, timeout=900, stdin=subprocess.DEVNULL)


class Machine:
    """A booted machine; *state* is what boot.sh knows it by."""

    def __init__(self, state: Path) -> None:
        self._state = state
        leader = (state / "leader").read_text().strip()
        self._root = Path("/proc", leader, "root")
        self._cursor = ""

    def try_sh(
        self, *command: str, timeout: float = 100
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as root to its end, whatever that is."""
        return subprocess.run(
            [str(BOOT), "sh", str(self._state), *command],
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=timeout,
            check=False,
        )

    def sh(self, *command: str, timeout: float = 100) -> str:
        """Run a command as root that has to succeed; return what it prints."""
        done = self.try_sh(*command, timeout=timeout)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        return done.stdout.strip()

    def reminderd(self, *arguments: str) -> str:
        """Run a command of reminderd as root."""
        program = "/opt/reminderd/bin/reminderd"
        return self.sh(program, "--config", "/etc/reminderd/config.toml", *arguments)

    def show(self, key: str, unit: str = "reminderd.service") -> str:
        """Return a property of a unit."""
        return self.sh("systemctl", "show", "-P", key, unit)

    @property
    def pid(self) -> str:
        """The number of the daemon's process, inside; "0" where there is none."""
        return self.show("MainPID")

    def journal(self, unit: str = "reminderd.service") -> str:
        """Return what *unit* and systemd have logged about it since the reset."""
        after = ["--after-cursor", self._cursor] if self._cursor else []
        return self.sh("journalctl", "-o", "cat", "--no-pager", "-u", unit, *after)

    def write(self, path: str, text: str, mode: int = 0o644) -> None:
        """Write a file of root's."""
        place = self._root / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        place.chmod(mode)

    def drop_in(self, text: str, unit: str = "reminderd.service") -> None:
        """Change a unit as an administrator does, until the next reset."""
        self.write(f"/run/systemd/system/{unit}.d/test.conf", text)
        self.sh("systemctl", "daemon-reload")

    def reset(self) -> None:
        """Take everything back that a test has done."""
        units = (
            "reminderd-check.timer",
            "reminderd.service",
            "reminderd-check.service",
        )
        self.try_sh("systemctl", "stop", *units)
        self.sh(
            "sh",
            "-c",
            "rm -rf /var/lib/private/reminderd /var/lib/reminderd /etc/reminderd "
            "/run/systemd/system/reminderd* /var/lib/systemd/timers/*reminderd*",
        )
        self.sh("systemctl", "daemon-reload")
        self.try_sh("systemctl", "reset-failed", *units)
        last = self.sh("journalctl", "-n", "0", "--show-cursor", "-q")
        self._cursor = last.rpartition("-- cursor: ")[2]


@contextmanager
def booted(root: Path, state: Path) -> Iterator[Machine]:
    """Boot *root*, and power it off at the end; nothing in it is changed."""
    try:
        _run(str(BOOT), "up", str(root), str(state))
        yield Machine(state)
    finally:
        _run(str(BOOT), "down", str(state))
