"""Write the store of today's schema as SQL, for the tests of later releases.

A maintainer runs this once for each release whose schema is new, and commits the file:

    python -m tests.storage.schemas.make

It lives through three weeks with the real commands and three channels, one of which
accepts, one refuses, and one is down. For the schema of an older release, check that
release out and run this file by its path with the other tree in PYTHONPATH.
"""

import os
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import alembic.command
import apprise
import tomlkit
from freezegun import freeze_time

from reminderd.cli.main import run
from reminderd.storage.schema import SCHEMA_REVISION
from tests.sinks import free_port, http_sink

# No model can be built while the clock stands still.
IMPORTED_FIRST = (alembic.command, apprise, tomlkit)

BEGIN = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
LINES = """
[lines.uk-travel]
carrier = "giffgaff"
number = "+447700900123"
iccid = "8944110000000001234"
tags = ["travel", "family"]
valid_until = 2026-12-04
renew_every = "1mo"
data_remaining = "4.2GB"
data_total = "10GB"
[lines.home]
carrier = "three-uk"
last_activity = 2026-06-12
[lines.granny]
timezone = "Asia/Shanghai"
credit_until = 2026-12-20
number_until = 2027-03-20
balance_remaining = "5.00 CNY"
balance_total = "50.00 CNY"
voice_remaining = "12min"
voice_total = "100min"
sms_remaining = 3
sms_total = 100
[lines.unlimited]
start_by = 2026-12-10
data_remaining = "unlimited"
"""
CHANNELS = """
[channels.accepts]
url = "json://{accepting}/"
[channels.refuses]
url = "json://{refusing}/"
[channels.down]
url = "json://{down}/"
"""
HEAD = """timezone = "Europe/London"
[storage]
url = "sqlite:///{store}"
"""


def main() -> None:
    """Write ``NNNN.sql`` into the directory of this file, or into the one given."""
    target = Path(sys.argv[1] if sys.argv[1:] else Path(__file__).parent)
    with TemporaryDirectory() as directory:
        store = Path(directory, "reminderd.db")
        _live(Path(directory, "config.toml"), store)
        written = target / f"{SCHEMA_REVISION}.sql"
        written.write_text(dumped(store))
    sys.stdout.write(f"{written}\n")


def dumped(store: Path) -> str:
    """Return all that is in *store* as SQL, with the mark of whose it is."""
    with closing(sqlite3.connect(store)) as database:
        statements = list(database.iterdump())
        (mark,) = database.execute("PRAGMA application_id").fetchone()
    return "\n".join([*statements, f"PRAGMA application_id = {mark};", ""])


def load(schema: Path, store: Path) -> None:
    """Make the *store* that was written as *schema*."""
    with closing(sqlite3.connect(store)) as database:
        database.executescript(schema.read_text())
    store.chmod(0o600)


def _live(config: Path, store: Path) -> None:
    with http_sink() as accepting, http_sink() as refusing:
        refusing.status = 400
        text = HEAD.format(store=store) + LINES
        text += CHANNELS.format(
            accepting=accepting.address,
            refusing=refusing.address,
            down=f"127.0.0.1:{free_port()}",
        )
        config.write_text(text)
        config.chmod(0o600)
        _do(config, BEGIN, "check")
        _do(
            config,
            BEGIN + DAY,
            "add",
            "spain",
            "valid_until=2027-01-31",
            "sms_remaining=9",
        )
        _do(config, BEGIN + DAY, "add", "gone", "valid_until=2026-11-30")
        _do(config, BEGIN + DAY, "check")
        _do(config, BEGIN + 2 * DAY, "touch", "home")
        _do(config, BEGIN + 2 * DAY, "remove", "gone")
        _do(config, BEGIN + 3 * DAY, "ack", "granny")
        _do(config, BEGIN + 4 * DAY, "update", "uk-travel", "data_remaining=1.1GB")
        _do(config, BEGIN + 4 * DAY, "check")
        _do(config, BEGIN + 5 * DAY, "renew", "uk-travel", "--data", "10GB")
        _do(config, BEGIN + 5 * DAY, "check")
        _do(config, BEGIN + 6 * DAY, "snooze", "unlimited", "3d")
        _do(config, BEGIN + 21 * DAY, "check")


def _do(config: Path, now: datetime, *arguments: str) -> None:
    with freeze_time(now, tick=True, real_asyncio=True):
        status = run(["--config", str(config), *arguments])
    # A check whose messages reach nobody everywhere is what is wanted here.
    if status not in (0, 3):
        raise SystemExit(f"{' '.join(arguments)} ended with {status}")


if __name__ == "__main__":
    for name in [each for each in os.environ if each.startswith("REMINDERD_")]:
        del os.environ[name]
    main()
