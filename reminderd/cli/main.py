"""The entry point: run one command, turn its errors into one line and a status."""

import os
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from reminderd.cli import (
    answering,
    checking,
    configuring,
    doctor,
    explaining,
    links,
    looking,
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
from reminderd.cli.logs import log_to_people
from reminderd.errors import ExitStatus, ReminderdError

app = typer.Typer(
    name="reminderd",
    help="Know what is left on every prepaid line, and be told in time to renew it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for group in (
    configuring,
    checking,
    looking,
    explaining,
    undelivered,
    recording,
    renewing,
    touching,
    answering,
    releasing,
    spending,
    reporting,
    safekeeping,
    doctor,
    links,
):
    group.register(app)

_INTERNAL_ERROR = 70  # EX_SOFTWARE of sysexits.h
_INTERRUPTED = 130
_FIRST_OPTIONS = frozenset({"--config", "-c", "--debug", "--version"})


def main() -> None:
    """Run the command line and exit with its status."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status; errors are one line on stderr."""
    is_debugging = "--debug" in arguments
    log_to_people(is_debugging=is_debugging)
    try:
        status = app(args=list(arguments), prog_name="reminderd", standalone_mode=False)
    except typer.TyperException as error:
        _complain(error.format_message() + _hint(error))
        return ExitStatus.USAGE
    except ReminderdError as error:
        if is_debugging:
            traceback.print_exc()
        _complain(str(error))
        return error.exit_status
    except (KeyboardInterrupt, typer.Abort):
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader, such as `head`, has seen enough; nothing more can be flushed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitStatus.OK
    except Exception as error:  # noqa: BLE001 - no traceback reaches a user unasked
        if is_debugging:
            traceback.print_exc()
        _complain(
            f"internal error ({type(error).__name__}); run it again with --debug "
            "and report what it prints"
        )
        return _INTERNAL_ERROR
    return int(status or ExitStatus.OK)


def _hint(error: typer.TyperException) -> str:
    """Return what to write instead of an option that the command does not have."""
    if not hasattr(error, "possibilities"):
        return ""
    option: str = getattr(error, "option_name", "")
    if option in _FIRST_OPTIONS:
        return f"; write {option} before the command"
    if option.startswith("--"):
        return "; see --help"
    return "; write -- before a name that begins with a dash"


def _complain(text: str) -> None:
    for line in text.splitlines():
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
