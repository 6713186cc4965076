"""Look at what was said, done and read: history."""

from collections.abc import Sequence
from contextlib import closing
from functools import partial
from typing import Annotated

import typer

from reminderd.cli.context import Context, complete_line_names
from reminderd.cli.entries import HEADINGS, KINDS, record_of, row_of
from reminderd.cli.following import follow, rows_shown, show_as_json
from reminderd.cli.history_filters import Filters
from reminderd.cli.looking import Now, OptionalLine
from reminderd.cli.output import AsJson, say, say_json, say_table
from reminderd.cli.rendering import wording_of
from reminderd.cli.times import moment
from reminderd.config.loading import Loaded
from reminderd.domain.texts import Text
from reminderd.errors import UsageError
from reminderd.messages.wording import Wording
from reminderd.storage.arrivals import Arrivals
from reminderd.storage.history import recent
from reminderd.storage.past import Past


def register(app: typer.Typer) -> None:
    """Add the command of this module to *app*."""
    app.command()(history)


def complete_kinds(incomplete: str) -> list[str]:
    """Return the kinds of entries that begin with *incomplete*, for the shell."""
    return [kind for kind in KINDS if kind.startswith(incomplete)]


def history(  # noqa: PLR0917 - each is an option of the command
    context: typer.Context,
    line: OptionalLine = None,
    same_line: Annotated[
        str | None,
        typer.Option(
            "--line",
            metavar="LINE",
            help="The same as LINE.",
            autocompletion=complete_line_names,
        ),
    ] = None,
    channel: Annotated[
        str | None,
        typer.Option("--channel", help="Only what went to this channel."),
    ] = None,
    kinds: Annotated[
        list[str] | None,
        typer.Option(
            "--kind",
            metavar="KIND",
            help="Only these, several times if need be: reminder; delivery (each on "
            "its own); reading; event (all that was done), or of these renewal, "
            "undone, activity, acknowledged, snoozed, edit, added, removed.",
            autocompletion=complete_kinds,
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="TIME",
            help="Only from then on: a day, an instant, or how far back, such as "
            "2026-11-22, 2026-11-22T09:00Z, 7d or 12h.",
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            "--until",
            metavar="TIME",
            help="Only up to then; of a day all of it.",
        ),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, help="How many entries at most.")
    ] = 20,
    is_followed: Annotated[
        bool,
        typer.Option(
            "--follow",
            "-f",
            help="Go on with what comes in, latest last, until Ctrl-C.",
        ),
    ] = False,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Show what was said, what was done and what was read, the latest first.

    Example: reminderd history uk-travel --since 7d
    """
    command: Context = context.obj
    loaded = command.load()
    filters = Filters(
        lines=[name for name in (line, same_line) if name is not None],
        channel=channel,
        kinds=frozenset(kinds or ()),
        since=since,
        until=until or now,
    )
    if is_followed:
        _follow(command, loaded, filters, limit, as_json=as_json)
        return
    at = moment(now)
    settings = loaded.settings
    with closing(command.open_store(loaded)) as store, store.read() as tx:
        wanted = filters.wanted(tx, settings.channels, settings.timezone, at)
        past = recent(tx, wanted, limit)
    if as_json:
        say_json([record_of(known) for known in past])
    else:
        _show(past, filters, wording_of(settings, at))


def _show(past: Sequence[Past], filters: Filters, words: Wording) -> None:
    if past:
        headings = [words.say(heading) for heading in HEADINGS]
        say_table(headings, [row_of(known, words) for known in past])
    elif filters.are_only_lines:
        say(words.say("Nothing has been said or done yet."))
    elif filters.since is not None:
        say(
            words.say(
                "Nothing that is asked for happened then; look further back, such as "
                "--since 90d, or leave out another filter."
            )
        )
    else:
        say(words.say("Nothing that is asked for has happened; leave out a filter."))


def _follow(
    command: Context, loaded: Loaded, filters: Filters, limit: int, *, as_json: bool
) -> None:
    if filters.until is not None:
        raise UsageError(Text("--follow shows what comes: leave out --until and --now"))
    settings, at = loaded.settings, moment(None)
    with closing(command.open_store(loaded)) as store:
        with store.read() as tx:
            wanted = filters.wanted(tx, settings.channels, settings.timezone, at)
            arrivals = Arrivals(tx, filters.arriving(wanted))
            past = recent(tx, wanted, limit)
        show = show_as_json if as_json else rows_shown(partial(_words, loaded))
        show(reversed(past))
        follow(store, arrivals, show)


def _words(loaded: Loaded) -> Wording:
    return wording_of(loaded.settings, moment(None))
