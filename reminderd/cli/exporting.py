"""Every line with everything that is known of it, as a table: `export`."""

import csv
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import Annotated, TextIO

import typer

from reminderd.cli.columns import cell_of
from reminderd.cli.context import Context, complete_line_names, require_line
from reminderd.cli.import_sources import Format, format_of
from reminderd.cli.line_records import Record, place_of, record_of
from reminderd.cli.output import warn
from reminderd.cli.rendering import wording_of
from reminderd.clock import utc_now
from reminderd.domain.texts import Text, said_by_system
from reminderd.errors import CannotWriteError, ExitStatus
from reminderd.storage.bulk import lines_after
from reminderd.storage.database import Database
from reminderd.storage.files import create_private
from reminderd.storage.lines import UnreadableLine

_BATCH = 500


def register(app: typer.Typer) -> None:
    """Add the commands of this module to *app*."""
    app.command()(export)


def export(
    context: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help="Where to; default standard output.",
            show_default=False,
        ),
    ] = None,
    chosen: Annotated[
        Format | None,
        typer.Option("--format", help="Default: as the name of FILE tells, else csv."),
    ] = None,
    line: Annotated[
        list[str] | None,
        typer.Option(
            "--line",
            metavar="LINE",
            help="Only this line; may be given several times.",
            autocompletion=complete_line_names,
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace FILE if it exists.")
    ] = False,
) -> int:
    """Write every line with all that is recorded of it, as CSV or JSON lines.

    `import` reads it back, here or elsewhere. The numbers of your lines are in it.

    Example: reminderd export lines.csv
    """
    command: Context = context.obj
    loaded = command.load()
    words = wording_of(loaded.settings, utc_now())
    unread: list[str] = []
    with closing(command.open_store(loaded)) as store, _target(file, force=force) as to:
        found = _records_of(store, line) if line else _all_records(store, unread)
        if (chosen or format_of(file) or Format.CSV) is Format.CSV:
            _write_csv(to, found)
        else:
            to.writelines(map(_json_line, found))
    for name in unread:
        warn(words.say("{line} is left out: its row cannot be read", line=name))
    return ExitStatus.UNAVAILABLE if unread else ExitStatus.OK


def _records_of(store: Database, names: Iterable[str]) -> Iterator[Record]:
    for name in dict.fromkeys(names):
        with store.read() as tx:
            stored = require_line(tx, name)
        yield record_of(stored)


def _all_records(store: Database, unread: list[str]) -> Iterator[Record]:
    """Yield every line; between some hundred of them others can write."""
    last_id = 0
    while True:
        with store.read() as tx:
            found = lines_after(tx, last_id, _BATCH)
        if not found:
            return
        last_id = found[-1].id
        for each in found:
            if isinstance(each, UnreadableLine):
                unread.append(each.name)
            else:
                yield record_of(each)


def _json_line(record: Record) -> str:
    return json.dumps(record, ensure_ascii=False) + "\n"


def _write_csv(stream: TextIO, records: Iterable[Record]) -> None:
    """Write a table with the columns that are used: they are known at the end only."""
    keys: dict[str, None] = dict.fromkeys(("name",))
    with TemporaryFile("w+", encoding="utf-8", prefix="reminderd-") as kept:
        for record in records:
            keys |= dict.fromkeys(record)
            kept.write(_json_line(record))
        kept.seek(0)
        columns = sorted(keys, key=place_of)
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        for line in kept:
            record = json.loads(line)
            writer.writerow(
                cell_of(key, record[key]) if key in record else "" for key in columns
            )


@contextmanager
def _target(file: Path | None, *, force: bool) -> Iterator[TextIO]:
    """Give where to write; a file is there whole, and only its owner's, or not at all.

    Raises:
        CannotWriteError: It exists, or cannot be written.
    """
    if file is None:
        yield sys.stdout
        return
    if not force and os.path.lexists(file):
        raise CannotWriteError(
            Text(
                "{file} exists and is left as it is; name another file, or add --force",
                file=file,
            )
        )
    # What a link leads to is replaced, not the link; a device or a pipe never is.
    target = Path(os.path.realpath(file))
    if target.exists() and not target.is_file():
        raise CannotWriteError(
            Text("{path} is not a regular file; name another", path=file)
        )
    unfinished = target.with_name(f"{target.name}.unfinished")
    try:
        unfinished.unlink(missing_ok=True)
        with os.fdopen(create_private(unfinished), "w", encoding="utf-8") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(target)
    except OSError as error:
        why = said_by_system(error)
        raise CannotWriteError(
            Text("{file} cannot be written: {why}", file=file, why=why)
        ) from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
