"""What every command starts from: the configuration, the store, and the moment."""

import difflib
import os
import shlex
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from reminderd.config.loading import Loaded, find_config, load
from reminderd.config.settings import Settings
from reminderd.domain.names import clean_name
from reminderd.domain.texts import Text, said
from reminderd.errors import ReminderdError, StoreError, UsageError
from reminderd.storage.database import Database, default_url
from reminderd.storage.lines import StoredLine, UnreadableLine, find_any, line_names


@dataclass(frozen=True, slots=True)
class Context:
    """The options that stand before the command, and the environment it runs in."""

    config_option: Path | None
    environ: Mapping[str, str]
    debug: bool = False

    @property
    def config_path(self) -> Path | None:
        """The configuration file that this command reads, None where there is none."""
        return find_config(self.config_option, self.environ)

    def load(self) -> Loaded:
        """Read and check the configuration.

        Raises:
            ConfigError: There is none, or it has mistakes; all of them are listed.
        """
        return load(self.config_path, self.environ)

    @property
    def program(self) -> str:
        """How this program was called: what commands that are printed begin with."""
        if self.config_option is None:
            return "reminderd"
        return f"reminderd --config {shlex.quote(str(self.config_option))}"

    def open_store(self, loaded: Loaded, *, create: bool = False) -> Database:
        """Open the store that the configuration names.

        Raises:
            StoreError: There is none yet and none is to be created, or it cannot
                be used.
        """
        return Database.open(self.store_url(loaded), create=create)

    def store_url(self, loaded: Loaded) -> str:
        """Return the database URL of the store."""
        return self.store_url_of(loaded.settings)

    def store_url_of(self, settings: Settings) -> str:
        """Return the database URL of the store that *settings* name."""
        url = settings.storage.url
        if url is not None:
            return url.get_secret_value()
        return default_url(self.environ, os.geteuid())


def complete_line_names(context: typer.Context, incomplete: str) -> list[str]:
    """Return the names of known lines that begin with *incomplete*, for the shell."""
    command = Context(config_option=None, environ=os.environ)
    parent = context.parent
    if parent is not None and parent.params.get("config"):
        command = replace(command, config_option=Path(parent.params["config"]))
    try:
        with closing(command.open_store(command.load())) as store, store.read() as tx:
            return [name for name in line_names(tx) if name.startswith(incomplete)]
    except ReminderdError:
        # A shell that completes a word is no place for an error text.
        return []


LineName = Annotated[
    str,
    typer.Argument(
        metavar="LINE",
        help="The name of a line.",
        autocompletion=complete_line_names,
        show_default=False,
    ),
]


def require_line(tx: Connection, name: str) -> StoredLine:
    """Return the line called *name*.

    Raises:
        UsageError: There is none; the text suggests the nearest name.
        StoreError: What the store holds of it cannot be read.
    """
    found = require_any(tx, name)
    if isinstance(found, UnreadableLine):
        raise StoreError(
            Text(
                "{name} cannot be looked at: {fault}; remove it and add it again",
                name=found.name,
                fault=found.fault,
            )
        )
    return found


def require_any(tx: Connection, name: str) -> StoredLine | UnreadableLine:
    """Return the line called *name*, also if its row cannot be read.

    Raises:
        UsageError: There is none; the text suggests the nearest name.
    """
    try:
        cleaned = clean_name(name)
    except ValueError as error:
        raise UsageError(said(error)) from error
    stored = find_any(tx, cleaned)
    if stored is not None:
        return stored
    names = line_names(tx)
    near = difflib.get_close_matches(name, names, n=1)
    hint = (
        Text("; did you mean {near}?", near=repr(near[0]))
        if near
        else Text("; see: reminderd status")
    )
    raise UsageError(Text("there is no line {name}{hint}", name=repr(name), hint=hint))
