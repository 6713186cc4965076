"""A copy of the store, and the way back to one."""

import os
import shlex
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from reminderd.cli.context import Context
from reminderd.cli.output import say
from reminderd.cli.rendering import wording_of
from reminderd.clock import utc_now
from reminderd.domain.quantities import AllowanceKind
from reminderd.domain.texts import Text
from reminderd.errors import CannotWriteError, UsageError
from reminderd.messages.wording import Wording
from reminderd.storage.backups import back_up
from reminderd.storage.files import StoreFiles
from reminderd.storage.locations import files_of, parse_url
from reminderd.storage.restoring import restore


def register(app: typer.Typer) -> None:
    """Add the commands of this module to *app*."""
    app.command()(backup)


def backup(
    context: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help="Where to; default beside the store, with the time in its name.",
            show_default=False,
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace FILE if it exists.")
    ] = False,
    restore_from: Annotated[
        Path | None,
        typer.Option(
            "--restore",
            metavar="BACKUP",
            help="Go back to a backup: it is checked first, and the store that is "
            "there is kept under another name. Stop reminderd before.",
        ),
    ] = None,
) -> None:
    """Copy the store while reminderd runs; the copy is checked.

    It holds the numbers of your lines, but no address of a channel.

    Example: reminderd backup
    """
    command: Context = context.obj
    loaded = command.load()
    files = _files(command.store_url(loaded))
    now = utc_now()
    words = wording_of(loaded.settings, now)
    if restore_from is None:
        target = (file or files.backup(f"{now:%Y%m%dT%H%M%SZ}")).absolute()
        _refuse_taken(files, target, force=force)
        files.refuse_unusable()
        back_up(files.path, target)
        _say_backed_up(command, target, words)
    elif file is not None or force:
        raise UsageError(Text("--restore takes one file, and neither FILE nor --force"))
    else:
        _restore(files, restore_from.absolute(), now, words)


def _files(url: str) -> StoreFiles:
    files = files_of(parse_url(url))
    if files is None:
        raise UsageError(
            Text(
                "the store is a PostgreSQL database; back it up with: pg_dump "
                "--format=custom --file=FILE DATABASE (and go back with "
                "pg_restore)"
            )
        )
    return files


def _refuse_taken(files: StoreFiles, target: Path, *, force: bool) -> None:
    if not os.path.lexists(target):
        return
    if target in (files.path, files.marker, files.ballast) or (
        files.path.exists() and target.exists() and target.samefile(files.path)
    ):
        raise CannotWriteError(
            Text("{target} belongs to the store itself; name another", target=target)
        )
    if not force:
        raise CannotWriteError(
            Text(
                "{target} exists and is left as it is; name another file, or "
                "add --force",
                target=target,
            )
        )
    if target.is_symlink() or not target.is_file():
        raise CannotWriteError(
            Text("{target} is not a regular file; name another", target=target)
        )


def _say_backed_up(command: Context, target: Path, words: Wording) -> None:
    size = words.amount(AllowanceKind.DATA, target.stat().st_size)
    say(words.say("Backed up to {path} ({size}, checked).", path=target, size=size))
    say(
        words.say(
            "To go back to it: stop reminderd, then run: {command}",
            command=f"{command.program} backup --restore {shlex.quote(str(target))}",
        )
    )


def _restore(files: StoreFiles, source: Path, now: datetime, words: Wording) -> None:
    kept = restore(files, source, now)
    say(words.say("{path} is the backup {backup} now.", path=files.path, backup=source))
    if kept is not None:
        say(words.say("What was there is kept as {path}.", path=kept))
    say(
        words.say(
            "What was recorded after the backup is not in it, and what was told after "
            "it may be told again."
        )
    )
    say(words.say("Start reminderd again; one that runs goes on with it by itself."))
