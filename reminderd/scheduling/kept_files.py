"""Files that are kept written after passes: a calendar, figures for Prometheus."""

import json
import logging
import os
import stat
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from reminderd.domain.texts import Text, said_by_system
from reminderd.errors import CannotWriteError, ReminderdError, StoreError
from reminderd.storage import meta
from reminderd.storage.database import Database

_PRIVATE = 0o600
# What takes a second is not done again for twenty: the passes come first.
_REST = 20

log = logging.getLogger(__name__)

Make = Callable[[Database, bytes, datetime], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file that is kept written; ``key`` is the setting that names it.

    ``make`` returns its content from the store, what it held before and the instant.
    It is made anew after each pass that has reviewed a line, and ``every`` so often
    since other things change, too. Without a ``mode`` it keeps its own.
    """

    key: str
    path: Path
    make: Make
    every: timedelta
    mode: int | None = None


class KeptFiles:
    """Keeps files written; one that cannot be is told of once, and tried again."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._files: Sequence[KeptFile] = ()
        self._made: dict[str, tuple[datetime, timedelta]] = {}
        self._outdated: set[str] = set()
        self._noted: dict[str, str | None] = {}
        self.complaints: dict[str, str] = {}

    def write(
        self, files: Sequence[KeptFile], now: datetime, *, has_news: bool
    ) -> None:
        """Write those of *files* that are due after a pass at *now*.

        A pass that ``has_news`` has reviewed a line.
        """
        if files != self._files:
            self._files = files
            self._made.clear()
        if has_news:
            self._outdated.update(file.key for file in files)
        for file in files:
            if self._is_due(file, now):
                self._write(file, now)

    def _is_due(self, file: KeptFile, now: datetime) -> bool:
        if file.key not in self._made:
            return True
        at, rest = self._made[file.key]
        gap = rest if file.key in self._outdated else max(rest, file.every)
        # Also at once when the clock has been set back.
        return not at <= now < at + gap

    def _write(self, file: KeptFile, now: datetime) -> None:
        started = time.monotonic()
        self._outdated.discard(file.key)
        complaint: str | None = None
        try:
            update(
                file.path,
                lambda before: file.make(self._database, before, now),
                mode=file.mode,
            )
        except ReminderdError as error:
            # Not str(error): a Text can still be said in the reader's language.
            complaint = error.args[0]
        took = timedelta(seconds=time.monotonic() - started)
        self._made[file.key] = now, _REST * took
        self._note(file.key, complaint)

    def _note(self, key: str, complaint: str | None) -> None:
        """Say in the log what has changed, and leave word for the doctor."""
        before = self.complaints.get(key)
        if complaint is None:
            self.complaints.pop(key, None)
        else:
            self.complaints[key] = complaint
        if complaint is not None and complaint != before:
            log.warning("%s is not written: %s", key, complaint)
        elif complaint is None and before is not None:
            log.info("%s is written again", key)
        if self._noted.get(key) == complaint and key in self._noted:
            return
        try:
            self._leave_word(_trouble_key(key), _encoded(complaint))
        except StoreError:
            log.debug("the state of %s is not noted", key, exc_info=True)
        else:
            self._noted[key] = complaint

    def _leave_word(self, key: str, text: str) -> None:
        with self._database.read() as tx:
            is_known = (meta.get(tx, key) or "") == text
        if not is_known:
            with self._database.write() as tx:
                meta.put(tx, key, text)


def trouble_of(tx: Connection, key: str) -> str | None:
    """Return why the file of the setting *key* was not written the last time."""
    word = meta.get(tx, _trouble_key(key))
    if not word:
        return None
    template, values = json.loads(word)
    return Text(template, **values)


def _encoded(complaint: str | None) -> str:
    """Return a *complaint* as it is kept for the doctor, nothing for none."""
    if complaint is None:
        return ""
    if not isinstance(complaint, Text):
        return json.dumps(("{reason}", {"reason": complaint}))
    values = {name: str(value) for name, value in complaint.values.items()}
    return json.dumps((complaint.template, values))


def _trouble_key(key: str) -> str:
    return f"not_written {key}"


def update(
    path: Path, make: Callable[[bytes], bytes], *, mode: int | None = None
) -> None:
    """Replace the file at *path* in one step by what *make* returns of it.

    It is left alone if that is the same. A new one without a *mode* is private.

    Raises:
        CannotWriteError: It cannot be read, written or replaced.
    """
    # What a link leads to is replaced, not the link.
    target = Path(os.path.realpath(path))
    try:
        known = _read(target)
        content = make(known or b"")
        if content != known:
            _replace(target, content, mode)
    except OSError as error:
        raise CannotWriteError(
            Text(
                "{path} cannot be written: {reason}; name another place, or see to it "
                "that its directory is there and may be written to",
                path=path,
                reason=said_by_system(error),
            )
        ) from error


def _read(path: Path) -> bytes | None:
    """Return what is in a file, None where there is none."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(status.st_mode):
        raise CannotWriteError(
            Text("{path} is not a regular file; name another", path=path)
        )
    return path.read_bytes()


def _replace(path: Path, content: bytes, mode: int | None) -> None:
    if mode is None:
        mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else _PRIVATE
    # Neither its beginning nor its end is what programs look for in a directory.
    number, name = tempfile.mkstemp(
        prefix=f".{path.name}.", suffix=".new", dir=path.parent
    )
    try:
        with os.fdopen(number, "wb") as fresh:
            fresh.write(content)
            os.fchmod(number, mode)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
