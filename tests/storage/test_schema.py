"""One schema by two ways: made at once, or step by step from an old one."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text

from reminderd.errors import StoreError
from reminderd.storage import schema
from reminderd.storage.database import SCHEMA_REVISION, Database
from reminderd.storage.files import StoreFiles
from reminderd.storage.schema import Migrations
from tests.conftest import sqlite_url

GOOD_STEP = "op.add_column('meta', sa.Column('note', sa.Text()))"
DANGLING_STEP = "op.execute('INSERT INTO told VALUES (9,1,1,1,1,0,NULL,NULL)')"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The file of a store with one fact in it."""
    database = Database.open(sqlite_url(tmp_path))
    with database.write() as tx:
        tx.execute(text("INSERT INTO meta VALUES ('kept', 'yes')"))
    database.close()
    return tmp_path / "state" / "reminderd.db"


def set_up(raw: sqlite3.Connection, _record: object) -> None:
    raw.isolation_level = None
    raw.execute("PRAGMA foreign_keys = ON")


@pytest.fixture
def engine(path: Path) -> Iterator[Engine]:
    """An engine on that store, with transactions as Database has them."""
    engine = create_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", set_up)
    event.listen(engine, "begin", lambda tx: tx.exec_driver_sql("BEGIN IMMEDIATE"))
    yield engine
    engine.dispose()


def migrations_with(directory: Path, step: str) -> Migrations:
    """Return our migrations with one more *step*."""
    shutil.copytree(schema.OURS.directory, directory)
    (directory / "versions" / "9999_next.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision = '9999'\ndown_revision = {SCHEMA_REVISION!r}\n"
        f"def upgrade():\n    {step}\n"
    )
    return Migrations(directory, "9999")


def description(tx: Connection) -> dict[str, list[object]]:
    inspector = inspect(tx)
    return {
        table: [
            repr(inspector.get_columns(table)),
            repr(inspector.get_indexes(table)),
            repr(inspector.get_pk_constraint(table)),
            repr(inspector.get_foreign_keys(table)),
            repr(inspector.get_unique_constraints(table)),
            repr(inspector.get_check_constraints(table)),
        ]
        for table in sorted(inspector.get_table_names())
    }


def test_the_revision_in_the_code_is_the_last_migration() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as tx:
        scripts = ScriptDirectory.from_config(schema.migration_config(tx))

    assert scripts.get_heads() == [SCHEMA_REVISION]
    engine.dispose()


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_the_migrations_lead_to_the_tables_of_the_code(
    dialect: str, request: pytest.FixtureRequest
) -> None:
    url = "sqlite://"
    if dialect == "postgresql":
        url = request.getfixturevalue("postgresql_url")
    engine = create_engine(url)
    with engine.begin() as tx:
        config = schema.migration_config(tx)
        command.upgrade(config, "head")
        command.check(config)  # raises if autogenerate would add anything
        migrated = description(tx)
        for table in reversed(migrated):
            tx.execute(
                text(f'DROP TABLE "{table}"' + " CASCADE" * (dialect != "sqlite"))
            )

        schema.create_schema(tx)

        assert description(tx) == migrated
    engine.dispose()


@pytest.mark.slow
def test_starting_on_a_current_store_does_not_import_alembic(path: Path) -> None:
    program = (
        "import sys\n"
        "from reminderd.storage.database import Database\n"
        f"Database.open('sqlite:///{path}').close()\n"
        "sys.exit(sorted(m for m in sys.modules if m.split('.')[0] == 'alembic')[:3])"
    )

    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )

    assert (result.returncode, result.stderr) == (1, "[]\n")


@pytest.mark.slow
def test_making_a_store_does_not_import_alembic(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from reminderd.storage.database import Database\n"
        f"Database.open('{sqlite_url(tmp_path)}').close()\n"
        "sys.exit('alembic' in sys.modules)"
    )

    subprocess.run([sys.executable, "-c", program], check=True)


def test_an_older_store_is_backed_up_and_migrated(
    path: Path, engine: Engine, tmp_path: Path
) -> None:
    migrations = migrations_with(tmp_path / "migrations", GOOD_STEP)

    schema.migrate(engine, StoreFiles(path), str(path), migrations)

    with closing(sqlite3.connect(path)) as new:
        assert new.execute("SELECT key, value, note FROM meta").fetchall() == [
            ("kept", "yes", None)
        ]
        assert new.execute("SELECT * FROM alembic_version").fetchall() == [("9999",)]
    backup = path.with_name(f"reminderd.db.backup-{SCHEMA_REVISION}")
    assert backup.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(backup)) as old:
        assert old.execute("SELECT * FROM meta").fetchall() == [("kept", "yes")]
    assert not list(path.parent.glob("*.unfinished"))


def test_a_migration_that_another_process_has_made_is_not_made_again(
    path: Path, engine: Engine, tmp_path: Path
) -> None:
    migrations = migrations_with(tmp_path / "migrations", GOOD_STEP)

    for _ in range(2):
        schema.migrate(engine, StoreFiles(path), str(path), migrations)

    with closing(sqlite3.connect(path)) as new:
        assert len(new.execute("PRAGMA table_info(meta)").fetchall()) == 3


def test_a_migration_that_leaves_references_to_nothing_is_undone(
    path: Path, engine: Engine, tmp_path: Path
) -> None:
    migrations = migrations_with(tmp_path / "migrations", DANGLING_STEP)

    with pytest.raises(StoreError, match="refer to nothing after its migration"):
        schema.migrate(engine, StoreFiles(path), str(path), migrations)

    Database.open(f"sqlite:///{path}").close()
    with closing(sqlite3.connect(path)) as old:
        assert old.execute("SELECT * FROM told").fetchall() == []


def test_a_migration_that_fails_halfway_leaves_the_store_as_it_was(
    path: Path, engine: Engine, tmp_path: Path
) -> None:
    step = f"{GOOD_STEP}; raise LookupError('halfway')"
    migrations = migrations_with(tmp_path / "migrations", step)

    with pytest.raises(LookupError, match="halfway"):
        schema.migrate(engine, StoreFiles(path), str(path), migrations)

    with closing(sqlite3.connect(path)) as old:
        assert len(old.execute("PRAGMA table_info(meta)").fetchall()) == 2
    Database.open(f"sqlite:///{path}").close()


def test_without_a_backup_there_is_no_migration(
    path: Path, engine: Engine, tmp_path: Path
) -> None:
    migrations = migrations_with(tmp_path / "migrations", GOOD_STEP)
    unfinished = path.with_name(f"reminderd.db.backup-{SCHEMA_REVISION}.unfinished")
    unfinished.mkdir()

    with pytest.raises(
        StoreError, match=f"backup-{SCHEMA_REVISION} cannot be used as a backup"
    ):
        schema.migrate(engine, StoreFiles(path), str(path), migrations)

    Database.open(f"sqlite:///{path}").close()


def test_a_store_of_a_newer_reminderd_is_refused_and_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
        newer.commit()
    before = path.read_bytes()

    with pytest.raises(StoreError, match=r"written by a newer reminderd \(schema 9999"):
        Database.open(f"sqlite:///{path}")

    assert path.read_bytes() == before


def test_a_foreign_database_is_refused_on_postgresql(postgresql_url: str) -> None:
    engine = create_engine(postgresql_url)
    with engine.begin() as tx:
        tx.execute(text("CREATE TABLE theirs (id int)"))
    engine.dispose()

    with pytest.raises(StoreError, match="belongs to another program"):
        Database.open(postgresql_url)
