"""Set it up and see whether it is: init, config, the channels and the carriers."""

import os
from pathlib import Path
from typing import Annotated

import typer

from reminderd.cli import carriers, channels
from reminderd.cli.context import Context
from reminderd.cli.language import early_words
from reminderd.cli.monitoring import monitor_of
from reminderd.cli.outlets import check_channels
from reminderd.cli.output import AsJson, say, say_json, warn
from reminderd.cli.rendering import wording_of
from reminderd.clock import utc_now
from reminderd.config.effective import in_force
from reminderd.config.sources import machine_zone
from reminderd.config.starter import starter
from reminderd.domain.texts import Text, said_by_system
from reminderd.errors import CannotWriteError

_DEFAULT_PLACE = Path("reminderd", "config.toml")

config = typer.Typer(help="Check or show the configuration.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this module to *app*."""
    app.command()(init)
    app.add_typer(config, name="config")
    app.add_typer(channels.app, name="channels")
    app.add_typer(carriers.app, name="carriers")


def init(
    context: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help="Where to; default --config, or ~/.config/reminderd/config.toml, or "
            "/etc/reminderd/config.toml for root.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write a commented configuration to begin with, its dates around today.

    Example: reminderd init config.toml
    """
    command: Context = context.obj
    path = file or command.config_option or _usual_place(command)
    words = early_words((), command.environ)
    zone = machine_zone(command.environ)
    text = starter(utc_now(), zone, words.reader.language, words.texts.gettext)
    _write_new(path, text)
    say(
        words.say(
            "Wrote {path}. Describe your lines in it, then run: {command}",
            path=path,
            command=_check_of(path, command),
        )
    )


def _write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet and that nobody else may read.

    Raises:
        CannotWriteError: It is there, or cannot be made.
    """
    # Addresses of channels may follow: nobody else needs to read them.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8") as target:
            target.write(text)
    except OSError as error:
        if isinstance(error, FileExistsError) and os.path.lexists(path):
            raise CannotWriteError(
                Text("{path} exists and is left as it is; name another file", path=path)
            ) from error
        why = said_by_system(error)
        raise CannotWriteError(
            Text("{path}: {why}; name another place", path=path, why=why)
        ) from error


def _usual_place(command: Context) -> Path:
    if os.geteuid() == 0:
        return Path("/etc") / _DEFAULT_PLACE
    base = command.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(base) / _DEFAULT_PLACE


def _check_of(path: Path, command: Context) -> str:
    """Return the command that checks with the file just written."""
    if path == _usual_place(command):
        return "reminderd check"
    return f"reminderd --config {path} check"


@config.command("check")
def config_check(context: typer.Context) -> None:
    """Check the configuration and the channels in it; change nothing.

    Example: reminderd config check
    """
    command: Context = context.obj
    loaded = command.load()
    check_channels(command, loaded)
    _, doubts = monitor_of(command, loaded)
    settings = loaded.settings
    words = wording_of(settings, utc_now())
    for warning in (*loaded.warnings, *doubts):
        warn(words.tell(warning))
    say(
        words.say(
            "{path} is fine: {lines}, {channels}.",
            path=loaded.path,
            lines=words.say_count("{n} line", "{n} lines", len(settings.lines)),
            channels=words.say_count(
                "{n} channel", "{n} channels", len(settings.channels)
            ),
        )
    )


@config.command("show")
def config_show(context: typer.Context, as_json: AsJson = False) -> None:
    """Show the settings in force, from file, environment and defaults; no secrets.

    Example: reminderd config show
    """
    command: Context = context.obj
    settings = in_force(command.load().settings).masked()
    if as_json:
        say_json(settings)
        return
    import tomlkit

    say(tomlkit.dumps(settings).rstrip())
