"""A real daemon, one part of which stops once a file called "stop" is there.

Run as a program: the part, and the directory of the file and of the store.
"""

import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from reminderd.clock import utc_now
from reminderd.delivery.dispatcher import Dispatcher
from reminderd.domain.ladders import Policy
from reminderd.scheduling.daemon import Daemon, Source
from reminderd.storage.database import Database
from reminderd.storage.lines import StoredLine
from tests.builders import a_policy
from tests.conftest import sqlite_url
from tests.setups import a_setup

PARTS = ("pass", "dispatcher", "dispatcher dies")


def main(part: str, directory: Path) -> None:
    """Run the daemon; the part that is no part of PARTS never stops."""

    def stop_if(affected: str) -> None:
        while part.startswith(affected) and (directory / "stop").exists():
            if part.endswith("dies"):
                raise ZeroDivisionError
            time.sleep(0.1)

    def policy_for(_stored: StoredLine) -> Policy:
        stop_if("pass")
        return a_policy()

    def now() -> datetime:
        stop_if("dispatcher")
        return utc_now()

    setup = replace(a_setup(), policy_for=policy_for, poll_every=timedelta(seconds=1))
    database = Database.open(sqlite_url(directory))
    dispatcher = Dispatcher(database, "daemon", now, lambda: 1.0)
    source = Source(load=lambda: setup, identity=lambda: 1)
    sys.stderr.write("started\n")
    sys.stderr.flush()
    Daemon(database, setup, source, dispatcher, utc_now).run()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
