"""The store: opened with care, and used in short transactions."""

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from reminderd.domain.texts import Text
from reminderd.errors import NoStoreError, StoreError, StoreFullError
from reminderd.storage import faults, schema
from reminderd.storage.backups import copy_database
from reminderd.storage.engines import WRITES, make_engine, reader_options
from reminderd.storage.files import StoreFiles, no_store
from reminderd.storage.locations import default_url, files_of, parse_url, read_only
from reminderd.storage.refusing import refuse_disorder, way_back_shown
from reminderd.storage.schema import SCHEMA_REVISION

__all__ = ["SCHEMA_REVISION", "Database", "default_url"]

_PATIENCE_SECONDS = 10
# Like no file, not even one that has been given the number of a deleted one.
_UNSURE = (-1, -1)

_log = logging.getLogger(__name__)


class Database:
    """An open store; one object may serve several threads."""

    def __init__(
        self,
        engine: Engine,
        place: str,
        files: StoreFiles | None = None,
        rehearsed: Connection | None = None,
        *,
        is_shared: bool = True,
    ) -> None:
        """Wrap what :meth:`open` has checked; use that.

        ``is_shared`` tells that other processes may wait for the store.
        """
        self.place = place
        self.is_shared = is_shared
        self._engine = engine
        self._files = files
        self._rehearsed = rehearsed
        self._identity = files.identity() if files else None
        self._changing = Lock()
        self._reader = engine.execution_options(**reader_options(engine))
        self._writer = engine.execution_options(**{WRITES: True})

    @classmethod
    def open(
        cls, url: str, *, create: bool = True, patience: int = _PATIENCE_SECONDS
    ) -> "Database":
        """Open the store at *url*, make it if it is new, migrate it if it is older.

        ``patience`` is how many seconds to wait for another process's transaction.

        Raises:
            StoreError: It cannot be opened; it is somebody else's, damaged, or of a
                newer reminderd; it is missing or empty though there was one; or
                there is none yet and *create* is false.
        """
        parsed = parse_url(url)
        files = files_of(parsed)
        place = str(files.path) if files else parsed.render_as_string()
        with way_back_shown(files):
            if files:
                files.prepare(create=create)
            database = cls(make_engine(parsed, patience), place, files)
            try:
                database._bring_up(create=create)
            except BaseException:
                database.close()
                raise
        return database

    @classmethod
    def open_copy(cls, path: Path) -> "Database":
        """Open a store that only this process knows, and that may be lost at any time.

        Raises:
            StoreError: As :meth:`open`.
        """
        parsed = parse_url(f"sqlite:///{path}")
        engine = make_engine(parsed, _PATIENCE_SECONDS, durable=False)
        database = cls(engine, str(path), is_shared=False)
        database._bring_up(create=True)
        return database

    @classmethod
    def look(cls, url: str) -> "Database":
        """Give the store at *url* as it is, to be read: nothing is made or migrated.

        Raises:
            StoreError: There is none, or nothing that could be one.
        """
        parsed = parse_url(url)
        files = files_of(parsed)
        place = str(files.path) if files else parsed.render_as_string()
        if files:
            files.refuse_unusable()
            parsed = read_only(files.path)
        return cls(make_engine(parsed, _PATIENCE_SECONDS), place, files)

    @property
    def revision(self) -> str | None:
        """The revision of the schema, None for an empty database.

        Raises:
            StoreError: The store cannot be read, or is somebody else's.
        """
        with self.read() as tx:
            return schema.find_revision(tx, self.place)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a transaction that sees one state of the store and cannot change it.

        Raises:
            StoreError: The store cannot be read.
        """
        if self._rehearsed is not None:
            yield self._rehearsed
            return
        with self._explained(), self._reader.begin() as tx:
            yield tx

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a transaction that is committed at the end, or undone by an exception.

        Raises:
            StoreFullError: The disk is full; the ballast has been freed, so that
                trying again may succeed.
            StoreError: The store cannot be written.
        """
        if self._rehearsed is not None:
            with self._rehearsed.begin_nested():
                yield self._rehearsed
            return
        with self._guarded(), self._writer.begin() as tx:
            yield tx

    @contextmanager
    def rehearsal(self) -> Iterator["Database"]:
        """Give a store on which everything works as on this one, and is then undone.

        A SQLite file is copied, so that a long rehearsal keeps nobody from writing.

        Raises:
            StoreError: The store cannot be read, or not be copied.
        """
        if self._files is None:
            with self._guarded(), self._writer.connect() as tx:
                yield Database(self._engine, self.place, None, tx, is_shared=False)
            return
        with TemporaryDirectory(prefix="reminderd-") as directory:
            copy = Path(directory, self._files.path.name)
            copy_database(self._files.path, copy)
            with closing(Database.open_copy(copy)) as database:
                yield database

    def refill_ballast(self) -> None:
        """Set space aside again, if the disk has become emptier since it was full."""
        if self._files and self._rehearsed is None:
            self._files.fill_ballast()

    def identify(self) -> object:
        """Return what changes when another file has taken the place of the store.

        If it is a store as well, it is the one that is used from then on: what goes
        into a file without a name is lost to everybody.

        Raises:
            StoreError: The file is missing or empty, or what is there now is not a
                store to go on with.
        """
        if self._files is None:
            return None
        with self._changing:
            found = self._files.identity()
            if found == self._identity:
                return found
            before, self._identity = self._identity, _UNSURE
            self._engine.dispose()
            self._files.prepare(create=False)
            self._refuse_other()
            self._files.mark()
            self._identity = found
            if before is not None:
                _log.warning("%s was replaced; going on with the new file", self.place)
        return found

    def close(self) -> None:
        """Close every connection."""
        if self._rehearsed is None:
            self._engine.dispose()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            with self._explained():
                yield
        except StoreFullError:
            if self._files:
                self._files.free_ballast()
            raise

    @contextmanager
    def _explained(self) -> Iterator[None]:
        self.identify()
        try:
            with faults.explained(self.place):
                yield
        except DBAPIError:
            # A mistake of ours, unless somebody else's data has been copied into it.
            self._refuse_other()
            raise

    def _refuse_other(self) -> None:
        """Raise StoreError if what is at the place of the store cannot be gone on with.

        It is neither made nor brought up to date here: only a start does that.
        """
        with faults.explained(self.place), self._reader.begin() as tx:
            revision = schema.find_revision(tx, self.place)
        if revision is None and self._files:
            self._files.refuse_lost()
        if revision != SCHEMA_REVISION:
            raise StoreError(
                Text(
                    "{place} has become a store of another version of reminderd; "
                    "start reminderd again",
                    place=self.place,
                )
            )

    def _bring_up(self, *, create: bool) -> None:
        with self.read() as tx:
            revision = schema.find_revision(tx, self.place)
            if self._files:
                refuse_disorder(tx, self._files.path)
        if revision is None:
            self._create(create=create)
        elif revision != SCHEMA_REVISION:
            schema.migrate(self._writer, self._files, self.place)
        if self._files:
            self._files.mark()
            self._files.fill_ballast()
            self._identity = self._files.identity()

    def _create(self, *, create: bool) -> None:
        if not create:
            raise NoStoreError(no_store(self.place))
        with self.write() as tx:
            schema.lock_schema(tx)
            if schema.find_revision(tx, self.place) is not None:
                return  # another process was faster
            if self._files:
                self._files.refuse_lost()
            schema.create_schema(tx)
