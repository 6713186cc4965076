"""A shell in which nothing of the machine's own set-up is seen."""

import hashlib
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree

import pytest

from tests.cli.shell import A_MINUTE, Shell

_OURS = ("REMINDERD_", "_REMINDERD", "XDG_", "_TYPER_")
_OTHERS = (
    *("CREDENTIALS_DIRECTORY", "STATE_DIRECTORY", "NOTIFY_SOCKET", "NO_COLOR"),
    *("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"),
)


@pytest.fixture(autouse=True)
def _bare_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(_OURS) or name in _OTHERS:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TZ", "Europe/London")
    # Wide enough that no cell of a table is folded.
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture(autouse=True)
def _own_logging() -> Iterator[None]:
    """Take back the handler that writes to the stderr of one test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """A shell with nothing configured yet."""
    return Shell(tmp_path, capsys)


@pytest.fixture(scope="session")
def _saved_stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stores")


@pytest.fixture
def checked(shell: Shell, _saved_stores: Path) -> Callable[[str], Shell]:
    """Return a shell with a configuration that a check has seen already.

    The check is made once for each text; later tests get a copy of its store.
    """

    def check(text: str) -> Shell:
        saved = _saved_stores / hashlib.sha256(text.encode()).hexdigest()
        shell.write(text)
        if saved.exists():
            copytree(saved, shell.store.parent)
            shell.now += A_MINUTE
        else:
            shell.ok("check")
            copytree(shell.store.parent, saved)
        return shell

    return check
