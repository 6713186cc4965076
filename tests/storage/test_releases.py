"""The store of every released schema opens, and nothing in it is lost."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from reminderd.errors import DamagedStoreError
from reminderd.storage import schema
from reminderd.storage.database import SCHEMA_REVISION, Database
from reminderd.storage.files import StoreFiles
from reminderd.storage.inspection import inspect_file
from reminderd.storage.lines import all_lines
from tests.storage.schemas.make import load

SCHEMAS = sorted((Path(__file__).parent / "schemas").glob("*.sql"))
OLDER = [path for path in SCHEMAS if path.stem != SCHEMA_REVISION]

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(params=SCHEMAS, ids=lambda path: path.stem)
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A store as that release left it."""
    path = tmp_path / "reminderd.db"
    load(request.param, path)
    return path


def rows(path: Path) -> Rows:
    """Return every row of every table by the names of its columns."""
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        names = [
            row["name"]
            for row in database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
            )
        ]
        return {
            name: [dict(row) for row in database.execute(f"SELECT * FROM {name}")]  # noqa: S608 - names of our own tables
            for name in names
            if name != "alembic_version"
        }


def cut(row: dict[str, Any], like: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in like}


def test_every_schema_but_the_last_has_a_store_of_its_release() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as tx:
        scripts = ScriptDirectory.from_config(schema.migration_config(tx))
    engine.dispose()
    revisions = {script.revision for script in scripts.walk_revisions()}

    missing = revisions - {SCHEMA_REVISION} - {path.stem for path in SCHEMAS}

    assert not missing, (
        f"check out the last commit with the schema {missing}, and run there: "
        "python -m tests.storage.schemas.make"
    )


def test_a_released_store_keeps_every_row(stored: Path) -> None:
    before = rows(stored)

    Database.open(f"sqlite:///{stored}").close()

    after = rows(stored)
    assert all(before.values())
    assert {
        name: [cut(new, like=old) for new, old in zip(after[name], known, strict=True)]
        for name, known in before.items()
    } == before
    assert inspect_file(stored).disorder == ()
    assert inspect_file(stored).dangling == 0


def test_a_released_store_has_lines_that_can_be_read(stored: Path) -> None:
    database = Database.open(f"sqlite:///{stored}")
    with closing(database), database.read() as tx:
        known = {line.card.name: line for line in all_lines(tx)}

    assert known.keys() == {"uk-travel", "home", "granny", "unlimited", "spain"}
    assert known["uk-travel"].told.keys() == {"validity"}
    assert known["granny"].card.number is None


@pytest.mark.parametrize("released", OLDER, ids=lambda path: path.stem)
def test_the_backup_before_a_migration_is_the_store_as_it_was(
    released: Path, tmp_path: Path
) -> None:
    path = tmp_path / "reminderd.db"
    load(released, path)
    before = rows(path)

    Database.open(f"sqlite:///{path}").close()

    backup = StoreFiles(path).backup(released.stem)
    assert rows(backup) == before
    assert inspect_file(backup).revision == released.stem
    assert inspect_file(path).revision == SCHEMA_REVISION


@pytest.mark.parametrize("released", OLDER, ids=lambda path: path.stem)
def test_a_damaged_store_is_not_migrated(released: Path, tmp_path: Path) -> None:
    path = tmp_path / "reminderd.db"
    load(released, path)
    with closing(sqlite3.connect(path)) as database:
        page = database.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'reading'"
        ).fetchone()[0]
    content = bytearray(path.read_bytes())
    content[(page - 1) * 4096 : page * 4096] = bytes([7]) * 4096
    path.write_bytes(content)

    with pytest.raises(DamagedStoreError, match="is damaged"):
        Database.open(f"sqlite:///{path}")

    assert path.read_bytes() == content
    assert list(tmp_path.glob("*.backup-*")) == []
