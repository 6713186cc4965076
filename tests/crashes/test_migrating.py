"""Killed while an older store is brought up to date: it is the old one, or the new."""

import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine

from reminderd.failpoints import Name
from reminderd.storage import schema
from reminderd.storage.files import APPLICATION_ID
from tests.crashes.clocks import SharedClock
from tests.crashes.posts import http_post
from tests.crashes.program import Program, Trap
from tests.programs import a_section, eventually, write_config

pytestmark = pytest.mark.slow


def make_older(path: Path) -> None:
    """Make a store of the first schema at *path*."""
    path.parent.mkdir(mode=0o700)
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as tx:
        tx.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        command.upgrade(schema.migration_config(tx), "0001")
    engine.dispose()


def revision(path: Path) -> tuple[str, str]:
    """Return the revision of a store, and whether SQLite finds it whole."""
    with closing(sqlite3.connect(path)) as found:
        (number,) = found.execute("SELECT version_num FROM alembic_version").fetchone()
        (health,) = found.execute("PRAGMA integrity_check").fetchone()
    return number, health


@pytest.mark.parametrize("point", ["backup.before-rename", "migration.before-commit"])
def test_daemon_killed_while_it_migrates_leaves_the_old_store(
    tmp_path: Path, point: Name
) -> None:
    clock = SharedClock(tmp_path / "clock")
    path = tmp_path / "state" / "reminderd.db"
    make_older(path)
    with http_post() as post:
        config = write_config(tmp_path, post.channel("post"), a_section())
        doomed = Program(config, clock, trap=Trap(point))
        assert doomed.wait() == -signal.SIGKILL, doomed.log
        assert revision(path) == ("0001", "ok")

        successor = Program(config, clock)

        assert eventually(post.titles), successor.log
        assert successor.stop() == 0
        assert len(post.titles()) == 1
    assert revision(path) == (schema.SCHEMA_REVISION, "ok")
    assert revision(path.with_name("reminderd.db.backup-0001")) == ("0001", "ok")
    assert list(path.parent.glob("*.unfinished")) == []
