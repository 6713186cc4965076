"""The entry point: run one command, turn its errors into one line and a status."""

import errno
import os
import sys
import traceback
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from typer.core import TyperGroup
from typer.main import get_command

from reminderd.cli import (
    answering,
    checking,
    configuring,
    doctor,
    explaining,
    exporting,
    feeds,
    history,
    importing,
    links,
    looking,
    planning,
    recording,
    releasing,
    renewing,
    reporting,
    safekeeping,
    spending,
    touching,
    undelivered,
)
from reminderd.cli.context import Context
from reminderd.cli.help import reword, wants_help
from reminderd.cli.language import early_words
from reminderd.cli.logs import log_to_people
from reminderd.cli.usage import usage_text
from reminderd.domain.texts import Text, said_by_system
from reminderd.errors import CannotWriteError, ExitStatus, ReminderdError
from reminderd.messages.wording import Wording

app = typer.Typer(
    name="reminderd",
    help="Know what is left on every prepaid line, and be told in time to renew it.",
    epilog="Why did a line send nothing? reminderd explain LINE",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for group in (
    configuring,
    checking,
    looking,
    history,
    planning,
    explaining,
    undelivered,
    recording,
    renewing,
    touching,
    answering,
    releasing,
    spending,
    feeds,
    exporting,
    importing,
    reporting,
    safekeeping,
    doctor,
    links,
):
    group.register(app)

# What keeps an answer from being written where it was sent to.
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG})
_INTERNAL_ERROR = 70  # EX_SOFTWARE of sysexits.h
_INTERRUPTED = 130


def main() -> None:
    """Run the command line and exit with its status."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status; errors are one line on stderr."""
    is_debugging = "--debug" in arguments
    log_to_people(is_debugging=is_debugging)
    try:
        status = _run(list(arguments))
    except typer.TyperException as error:
        words = early_words(arguments, os.environ)
        _complain(words, usage_text(error, words))
        return ExitStatus.USAGE
    except ReminderdError as error:
        if is_debugging:
            traceback.print_exc()
        _complain(early_words(arguments, os.environ), *error.problems)
        return error.exit_status
    except (KeyboardInterrupt, typer.Abort):
        return _INTERRUPTED
    except Exception as error:  # noqa: BLE001 - no traceback reaches a user unasked
        if is_debugging:
            traceback.print_exc()
        problem = Text(
            "internal error ({name}); run it again with --debug and report "
            "what it prints",
            name=type(error).__name__,
        )
        _complain(early_words(arguments, os.environ), problem)
        return _INTERNAL_ERROR
    return int(status or ExitStatus.OK)


def _run(arguments: list[str]) -> Any:  # noqa: ANN401 - whatever a command returns
    command = _known_commands()
    if wants_help(command, arguments):
        # A tree of its own: its texts are put into one language for good.
        command = _commands()
        reword(command, early_words(arguments, os.environ))
    try:
        status = command.main(
            args=arguments, prog_name="reminderd", standalone_mode=False
        )
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit) as error:
        # The reader, such as `head`, has seen enough. Typer would end with 1 then.
        if isinstance(error, SystemExit) and not _is_unread(error):
            raise
        _drop_output()
        return ExitStatus.OK
    except OSError as error:
        if error.errno not in _FULL:
            raise
        _drop_output()
        raise CannotWriteError(
            Text("the answer cannot be written: {reason}", reason=said_by_system(error))
        ) from error
    return status


def _is_unread(leaving: SystemExit) -> bool:
    return isinstance(leaving.__context__, BrokenPipeError)


def _drop_output() -> None:
    """Let nothing be flushed any more that cannot be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _commands() -> TyperGroup:
    return cast(TyperGroup, get_command(app))


_known_commands = cache(_commands)


def _complain(words: Wording, *problems: str) -> None:
    for problem in problems:
        for line in words.tell(problem).splitlines():
            sys.stderr.write(f"reminderd: {line}\n")


def _show_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"reminderd {version('reminderd')}\n")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            "-c",
            help="The configuration file. Default: $REMINDERD_CONFIG, "
            "~/.config/reminderd/config.toml, /etc/reminderd/config.toml.",
        ),
    ] = None,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show tracebacks of errors.")
    ] = False,
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_show_version,
            is_eager=True,
            help="Show the version and exit.",
        ),
    ] = False,
) -> None:
    context.obj = Context(config_option=config, environ=os.environ, debug=debug)
