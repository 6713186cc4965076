"""Lines from a file: what `export` has written, a spreadsheet, another program."""

import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from reminderd.cli.context import Context
from reminderd.cli.foreign import Program, Taking, reader_for
from reminderd.cli.import_batches import Importer
from reminderd.cli.import_report import ImportReport
from reminderd.cli.import_sources import Format, Opened, Source
from reminderd.cli.output import AsJson
from reminderd.cli.rendering import wording_of
from reminderd.cli.tables import Row
from reminderd.clock import utc_now
from reminderd.config.loading import Loaded
from reminderd.domain.texts import Text
from reminderd.errors import NoStoreError, UsageError
from reminderd.storage.database import Database

_STDIN = "-"
_SHOWN_EVERY = 200
_CURRENCY = re.compile(r"[A-Z]{3}")


def register(app: typer.Typer) -> None:
    """Add the commands of this module to *app*."""
    app.command("import")(import_lines)


def import_lines(  # noqa: PLR0917 - the options of a command
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="The file; - for standard input.")
    ],
    chosen: Annotated[
        Format | None,
        typer.Option("--format", help="Default: as the file's name or content tells."),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Show what would change, and change nothing."),
    ] = False,
    all_or_nothing: Annotated[
        bool,
        typer.Option(
            "--all-or-nothing",
            help="Look at all rows first; if one is bad, take over none.",
        ),
    ] = False,
    program: Annotated[
        Program | None,
        typer.Option("--from", help="The program that has exported the file."),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            metavar="WORD",
            help="With --from: only what has WORD in its name or category.",
        ),
    ] = None,
    currency: Annotated[
        str | None,
        typer.Option(
            metavar="CODE",
            help="With --from: what a $, a ¥ or no sign at all stands for, as USD.",
        ),
    ] = None,
    encoding: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="If it is not UTF-8 or UTF-16: gb18030."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Add and update lines from a table: CSV with a header, or JSON lines.

    The columns are the keys of a line in the configuration file, in any order,
    and name. An empty cell leaves a thing as it is, a - says that there is none. Bad
    rows are listed and the others taken over; the exit status is 65 then.

    Example: reminderd import --dry-run lines.csv
    """
    command: Context = context.obj
    loaded = command.load()
    now = utc_now()
    report = ImportReport(
        words=wording_of(loaded.settings, now), as_json=as_json, rehearses=dry_run
    )
    if program is None and (only or currency):
        raise UsageError(Text("--only and --currency need --from"))
    if currency is not None and not _CURRENCY.fullmatch(currency):
        raise UsageError(
            Text("--currency: {code} is no currency; write GBP", code=repr(currency))
        )
    taking = Taking(
        only=tuple(only or ()), currency=currency, zone=loaded.settings.timezone
    )
    source = Source(
        path=None if file == _STDIN else Path(file),
        chosen=chosen,
        encoding=encoding,
        reader=None if program is None else reader_for(program, taking),
    )
    with ExitStack() as stack:
        store = _store(command, loaded, create=not dry_run)
        if store is not None:
            stack.enter_context(closing(store))
        importer = Importer(
            store=store,
            settings=loaded.settings,
            report=report,
            now=now,
            checks=dry_run,
        )
        if all_or_nothing:
            source = stack.enter_context(source.kept())
        if not all_or_nothing or _is_all_good(importer, source):
            _bring_in(importer, source)
    report.not_taken = tuple(sorted(taking.not_taken))
    report.finish()
    return report.status


def _is_all_good(importer: Importer, source: Source) -> bool:
    """Tell whether no row of *source* is bad; those that are get reported."""
    looking = replace(importer.report, looks_only=True)
    _bring_in(replace(importer, report=looking, checks=True), source)
    return not importer.report.counts["bad"]


def _bring_in(importer: Importer, source: Source) -> None:
    with source.opened() as opened:
        if importer.report.as_json or not sys.stderr.isatty():
            importer.run(opened.rows)
        else:
            _show_progress(importer, opened, source)


def _show_progress(importer: Importer, opened: Opened, source: Source) -> None:
    from rich.console import Console  # noqa: PLC0415 - only a terminal pays for rich
    from rich.progress import Progress  # noqa: PLC0415 - as above

    total = None if source.path is None else source.path.stat().st_size
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total)

        def rows() -> Iterator[Row]:
            for row in opened.rows:
                if row.number % _SHOWN_EVERY == 0:
                    progress.update(task, completed=opened.place())
                yield row

        importer.run(rows())


def _store(command: Context, loaded: Loaded, *, create: bool) -> Database | None:
    try:
        return command.open_store(loaded, create=create)
    except NoStoreError:
        return None
