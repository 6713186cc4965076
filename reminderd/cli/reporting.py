"""A report for people who look at a page: one HTML file, or the page on stdout."""

import os
import stat
import sys
from contextlib import closing, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated

import typer

from reminderd.cli.context import Context, complete_line_names, require_line
from reminderd.cli.declaring import policies_of
from reminderd.cli.looking import Now
from reminderd.cli.output import say
from reminderd.cli.rendering import wording_of
from reminderd.cli.times import moment
from reminderd.config.effective import carriers_of
from reminderd.domain.texts import Text, said_by_system
from reminderd.errors import CannotWriteError
from reminderd.views.html import GENERATOR, page_html
from reminderd.views.report import Setting, report_of
from reminderd.views.report_page import page_of

DEFAULT_FILE = Path("reminderd-report.html")
_STDOUT = Path("-")
# The head of a page is shorter than that.
_HEAD = 4096


def register(app: typer.Typer) -> None:
    """Add the command of this module to *app*."""
    app.command()(report)


def report(
    context: typer.Context,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Where to write the page, - for stdout. Default: "
            f"{DEFAULT_FILE}, or stdout where that is no terminal.",
            show_default=False,
        ),
    ] = None,
    line: Annotated[
        str | None,
        typer.Option(
            "--line",
            metavar="LINE",
            help="Only this line. Default: all, of many the worst 200.",
            autocompletion=complete_line_names,
            show_default=False,
        ),
    ] = None,
    now: Now = None,
) -> None:
    """Write one HTML page: the lines, worst first, with their dates, use and costs.

    The page needs nothing else: open it, print it or mail it. It is private: only you
    can read the file.

    Example: reminderd report -o report.html
    """
    command: Context = context.obj
    loaded = command.load()
    settings = loaded.settings
    at = moment(now)
    setting = Setting(
        policy_for=policies_of(settings),
        channels=tuple(settings.channels),
        zone=settings.timezone,
    )
    with closing(command.open_store(loaded)) as store, store.read() as tx:
        wanted = None if line is None else require_line(tx, line)
        known = report_of(tx, wanted, setting, at)
    words = wording_of(settings, at)
    html = page_html(page_of(known, carriers_of(settings), words), words)
    target = _target(output)
    if target == _STDOUT:
        # The page says that it is UTF-8, whatever the locale of the terminal is.
        sys.stdout.buffer.write(html.encode())
        return
    write_page(target, html)
    say(words.say("The report is in {path}", path=target))


def _target(output: Path | None) -> Path:
    if output is not None:
        return output
    return DEFAULT_FILE if sys.stdout.isatty() else _STDOUT


def write_page(path: Path, html: str) -> None:
    """Put *html* in the place of an older page at *path*, readable by its owner alone.

    Whoever looks at it meanwhile sees the old page or the new one, whole.

    Raises:
        CannotWriteError: There is something else, or nothing can be written there.
    """
    try:
        target = path.resolve()
        _refuse_foreign(path, target)
        _replace(target, html.encode())
    except OSError as error:
        raise CannotWriteError(
            Text(
                "cannot write {path}: {reason}; choose another place with -o FILE",
                path=str(path),
                reason=said_by_system(error),
            )
        ) from error


def _refuse_foreign(path: Path, target: Path) -> None:
    """Raise CannotWriteError where something stands that is no page of ours."""
    try:
        found = target.stat()
    except FileNotFoundError:
        return
    mark = f'<meta name="generator" content="{GENERATOR}">'.encode()
    if stat.S_ISREG(found.st_mode):
        with target.open("rb") as file:
            head = file.read(_HEAD)
        if not head or mark in head:
            return
    raise CannotWriteError(
        Text(
            "{path} is there and is no report; choose another name, or remove it first",
            path=str(path),
        )
    )


def _replace(target: Path, content: bytes) -> None:
    # A new file of this kind has the mode 0600.
    with NamedTemporaryFile(
        dir=target.parent, prefix=f".{target.name[:64]}.", delete=False
    ) as file:
        unfinished = Path(file.name)
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            unfinished.replace(target)
        except BaseException:
            with suppress(OSError):
                unfinished.unlink()
            raise
