"""Lines and figures by hand: add, update, remove."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import Annotated

import typer

from reminderd.cli.confirming import say_next
from reminderd.cli.context import Context, LineName, require_any, require_line
from reminderd.cli.figure_keys import OF_THE_LINE, clean_key
from reminderd.cli.figures import parse_figures
from reminderd.cli.output import say
from reminderd.cli.rendering import wording_of
from reminderd.clock import utc_now
from reminderd.config.labels import line_name
from reminderd.config.settings import LineSettings
from reminderd.config.wording import SettingError
from reminderd.domain.texts import Text, said
from reminderd.errors import UsageError
from reminderd.messages.catalogs import N_
from reminderd.storage import declarations, events, lines, outbox, readings
from reminderd.storage.lines import NewLine, StoredLine, UnreadableLine

_SOURCE = "cli"

Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="KEY=VALUE...",
        help="As for a line in the configuration file, such as "
        "data_remaining=1.2GB; a KEY= without a value forgets it.",
        show_default=False,
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to *app*."""
    for command in (add, update, remove):
        app.command()(command)


def add(
    context: typer.Context,
    line: Annotated[str, typer.Argument(metavar="LINE", help="A name of your own.")],
    words: Words = None,
) -> None:
    """Add a line that is not in the configuration file.

    Example: reminderd add spain valid_until=2027-01-31 data_remaining=3GB
    """
    command: Context = context.obj
    loaded = command.load()
    now = utc_now()
    name = _new_name(line)
    figures = parse_figures(name, words or (), loaded.settings, None, now)
    store = command.open_store(loaded, create=True)
    with closing(store), store.write() as tx:
        new = NewLine(name=name, origin=_SOURCE, added_at=now, **figures.columns)
        try:
            line_id = lines.add_line(tx, new)
        except ValueError as error:
            raise UsageError(
                Text("{problem}; see: reminderd update --help", problem=said(error))
            ) from error
        readings.save_readings(tx, line_id, figures.readings, _SOURCE, now)
        events.add_event(tx, line_id, "added", now, {})
    say_next(command, loaded, name, N_("added"), now)


def _new_name(text: str) -> str:
    key = text.partition("=")[0]
    if key != text and key in LineSettings.model_fields:
        raise UsageError(
            Text("the line needs a name: reminderd add NAME {text}", text=text)
        )
    try:
        return line_name(text)
    except SettingError as error:
        raise UsageError(Text("the name {problem}", problem=said(error))) from error
    except ValueError as error:
        raise UsageError(said(error)) from error


def update(context: typer.Context, line: LineName, words: Words = None) -> None:
    """Record what is left on a line, as the carrier's app or website says.

    Example: reminderd update uk-travel data_remaining=0.9GB
    """
    if not words:
        raise UsageError(Text("say what is left, such as data_remaining=0.9GB"))
    command: Context = context.obj
    loaded = command.load()
    now = utc_now()
    with closing(command.open_store(loaded)) as store, store.write() as tx:
        stored = require_line(tx, line)
        name = stored.card.name
        figures = parse_figures(name, words, loaded.settings, stored, now)
        if figures.columns:
            _require_own(
                stored, sorted(OF_THE_LINE.intersection(map(clean_key, _keys(words))))
            )
            lines.update_line(tx, stored.id, **figures.columns, review_at=lines.ASAP)
        readings.save_readings(tx, stored.id, figures.readings, _SOURCE, now)
        readings.forget_items(tx, stored.id, figures.forgotten)
        events.add_event(tx, stored.id, "edit", now, {"items": sorted(_keys(words))})
    say_next(command, loaded, name, N_("updated"), now)


def _keys(words: Iterable[str]) -> set[str]:
    return {word.partition("=")[0] for word in words}


def remove(context: typer.Context, line: LineName) -> None:
    """Stop watching a line; its history is kept.

    Example: reminderd remove spain
    """
    command: Context = context.obj
    loaded = command.load()
    now = utc_now()
    with closing(command.open_store(loaded)) as store, store.write() as tx:
        stored = require_any(tx, line)
        _require_own(stored, [])
        outbox.supersede_line(tx, stored.id, now)
        lines.archive_line(tx, stored.id, now)
        events.add_event(tx, stored.id, "removed", now, {})
    words = wording_of(loaded.settings, now)
    say(
        words.say(
            "{line}: removed. Nothing more is said of it; its history is kept.",
            line=stored.name,
        )
    )


def _require_own(stored: StoredLine | UnreadableLine, columns: Sequence[str]) -> None:
    """Refuse to change by command what the configuration file says."""
    if stored.origin != declarations.CONFIG:
        return
    what = (
        Text("{columns} of it", columns=", ".join(columns))
        if columns
        else Text("its section")
    )
    raise UsageError(
        Text(
            "{name} is described in the configuration file; change {what} there",
            name=stored.name,
            what=what,
        )
    )
