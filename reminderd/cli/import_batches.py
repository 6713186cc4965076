"""Rows of a file into the store: in batches, each of them whole or not at all.

Between two batches others can write, and what is in the store stays there whatever
happens to the rest: importing the same file again completes it.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection

from reminderd.cli.import_report import ImportReport
from reminderd.cli.line_changes import LineChange
from reminderd.cli.row_changes import change_of, row_name
from reminderd.cli.tables import Row, problems_in
from reminderd.config.settings import Settings
from reminderd.domain.texts import Text
from reminderd.errors import UsageError
from reminderd.storage import bulk, events, lines, readings
from reminderd.storage.database import Database
from reminderd.storage.lines import NewLine, UnreadableLine

_BATCH = 500
_ORIGIN = "cli"
_SOURCE = "import"


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    """Brings rows into *store*; None stands for one that is not there yet.

    What ``checks`` writes nothing: it only says what would be.
    """

    store: Database | None
    settings: Settings
    report: ImportReport
    now: datetime
    checks: bool = False

    def run(self, rows: Iterable[Row]) -> None:
        """Bring in all *rows*; those that make no sense are reported and left out.

        Raises:
            StoreError: The store cannot be read or written.
            DataError: The file cannot be read any further.
        """
        remaining = iter(rows)
        with closing(_Names()) as names:
            while batch := list(islice(remaining, _BATCH)):
                self._take(list(self._wanted(batch, names)))

    def _wanted(
        self, batch: Iterable[Row], names: "_Names"
    ) -> Iterator[tuple[Row, str]]:
        """Yield the rows that are about a line, with its name."""
        for row in batch:
            try:
                name = row_name(row.values) if not row.problems else ""
            except UsageError as error:
                self.report.bad(row.number, problems_in(error))
                continue
            if row.left_out is not None:
                self.report.left_out(row.number, str(row.values["name"]), row.left_out)
            elif row.problems:
                self.report.bad(row.number, row.problems)
            elif (first := names.first_row(name, row.number)) is not None:
                why = Text(
                    "is the name in row {row} too; keep one of the two", row=first
                )
                self.report.bad(row.number, [("name", why)])
            else:
                yield row, name

    def _take(self, named: Sequence[tuple[Row, str]]) -> None:
        if self.store is None:
            changes = list(self._changes(None, named))
        elif self.checks:
            with self.store.read() as tx:
                changes = list(self._changes(tx, named))
        else:
            with self.store.write() as tx:
                changes = list(self._changes(tx, named))
                self._write(
                    tx, [each for _, each in changes if isinstance(each, LineChange)]
                )
        for row, change in changes:
            if isinstance(change, LineChange):
                self.report.change(change)
            else:
                self.report.bad(row.number, change)

    def _changes(
        self, tx: Connection | None, named: Sequence[tuple[Row, str]]
    ) -> Iterator[tuple[Row, LineChange | list[tuple[str, str]]]]:
        """Yield what each row changes, or what makes no sense in it."""
        names = [name for _, name in named]
        known = {} if tx is None else bulk.lines_called(tx, names)
        for row, name in named:
            stored = known.get(name)
            if isinstance(stored, UnreadableLine):
                why = Text("what the store holds of this line cannot be read")
                yield row, [("name", why)]
                continue
            try:
                yield row, change_of(name, row.values, stored, self.settings, self.now)
            except UsageError as error:
                yield row, problems_in(error)

    def _write(self, tx: Connection, changes: Sequence[LineChange]) -> None:
        new = [
            (self._new_line(change), change.readings)
            for change in changes
            if change.stored is None
        ]
        bulk.add_lines(tx, new, _SOURCE, self.now)
        for change in changes:
            if change.stored is not None and change.is_needed:
                self._update(tx, change.stored.id, change)

    def _new_line(self, change: LineChange) -> NewLine:
        return NewLine(
            name=change.name,
            origin=_ORIGIN,
            added_at=change.added_at,
            **change.columns,
        )

    def _update(self, tx: Connection, line_id: int, change: LineChange) -> None:
        if change.columns:
            lines.update_line(tx, line_id, **change.columns, review_at=lines.ASAP)
        readings.save_readings(tx, line_id, change.readings, _SOURCE, self.now)
        readings.forget_items(tx, line_id, change.forgotten)
        items = {"items": sorted(change.keys)}
        events.add_event(tx, line_id, "edit", self.now, items)


class _Names:
    """The names in a file, on disk: there may be millions of them."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute(
            "CREATE TABLE seen (name TEXT PRIMARY KEY, row INTEGER) WITHOUT ROWID"
        )
        self._database.execute("BEGIN")

    def first_row(self, name: str, row: int) -> int | None:
        """Return the earlier row of that name; None where this one is the first."""
        added = self._database.execute(
            "INSERT INTO seen VALUES (?, ?) ON CONFLICT DO NOTHING", (name, row)
        )
        if added.rowcount:
            return None
        found = "SELECT row FROM seen WHERE name = ?"
        (first,) = self._database.execute(found, (name,)).fetchone()
        return int(first)

    def close(self) -> None:
        self._database.close()
