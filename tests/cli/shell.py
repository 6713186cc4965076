"""A shell to type commands into: in process, at an instant, in a directory of its own.

The modules are imported here, before any clock stands still: pydantic cannot build
a model while it does.
"""

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import alembic.command
import apprise
import babel.messages.pofile
import psycopg
import rich.table
import tomlkit
from freezegun import freeze_time
from pytest import CaptureFixture  # noqa: PT013 - a type, not a part of a test

from reminderd.cli.main import run
from tests.builders import NOW

IMPORTED_FIRST = (
    alembic.command,
    apprise,
    babel.messages.pofile,
    psycopg,
    rich.table,
    tomlkit,
)

A_MINUTE = timedelta(minutes=1)
NUMBER = "+447700900987"
ICCID = "8944110000000001234"
TRAVEL = f"""
[lines.uk-travel]
carrier = "giffgaff"
number = "{NUMBER}"
iccid = "{ICCID}"
tags = ["travel"]
valid_until = 2026-12-04
renew_every = "1mo"
data_remaining = "4.2GB"
data_total = "10GB"
"""
HOME = """
[lines.home]
carrier = "three-uk"
last_activity = 2026-09-12
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command printed, and the status it ended with."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What a program reads: all of stdout has to be JSON."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def facts(self) -> list[str]:
        """The lines of a card, each in one piece and without its bar."""
        whole = re.sub(r"\n  (?=\S)", " ", self.out).splitlines()
        return [re.sub(r"  [█▁-▇░]+( +\d+%)?$", "", line) for line in whole]


@dataclass(slots=True)
class Shell:
    """Runs commands with a configuration and a store in *directory*.

    ``unseen`` is the time that has passed without being seen by the wall clock,
    which was set back by so much.
    """

    directory: Path
    capture: CaptureFixture[str]
    now: datetime = NOW
    unseen: timedelta = timedelta()

    @property
    def config(self) -> Path:
        return self.directory / "config.toml"

    @property
    def store(self) -> Path:
        return self.directory / "state" / "reminderd.db"

    def write(self, text: str, **top: str) -> None:
        """Write a configuration for readers in London, with the store in its place."""
        keys = {"timezone": "Europe/London"} | top
        head = "".join(f'{key} = "{value}"\n' for key, value in keys.items())
        storage = f'[storage]\nurl = "sqlite:///{self.store}"\n'
        self.write_raw(head + storage + text)

    def write_raw(self, text: str | bytes) -> None:
        content = text.encode() if isinstance(text, str) else text
        self.config.write_bytes(content)
        self.config.chmod(0o600)

    def run(self, *arguments: str) -> Answer:
        """Run ``reminderd`` with exactly these *arguments*, and let a minute pass."""
        self.capture.readouterr()
        up = (self.now - NOW + self.unseen).total_seconds()
        with (
            freeze_time(self.now, tick=True, real_asyncio=True),
            # A clock of the system that freezegun does not know.
            patch("time.clock_gettime", lambda _clock: 1_000_000 + up),
        ):
            status = run(arguments)
        self.now += A_MINUTE
        out, err = self.capture.readouterr()
        return Answer(status, out, err)

    def __call__(self, *arguments: str) -> Answer:
        """Run a command with the configuration of this shell."""
        return self.run("--config", str(self.config), *arguments)

    def ok(self, *arguments: str) -> Answer:
        """Run a command that has to succeed and has nothing to complain about."""
        answer = self(*arguments)
        assert (answer.status, answer.err) == (0, "")
        return answer

    def refused(self, *arguments: str) -> Answer:
        """Run a command that has to fail with one line, and nothing on stdout."""
        answer = self(*arguments)
        assert answer.status != 0
        assert answer.out == ""
        assert answer.err.startswith("reminderd: ")
        assert answer.err.count("\n") == 1
        return answer

    def dump(self) -> list[str] | None:
        """Return all that is in the store; None where there is none."""
        if not self.store.exists():
            return None
        uri = f"file:{self.store}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as database:
            return list(database.iterdump())
