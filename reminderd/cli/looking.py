"""Look at lines: status."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import typer

from reminderd.cli.cards import Card, card_of, show_card
from reminderd.cli.context import Context, complete_line_names, require_line
from reminderd.cli.declaring import policies_of
from reminderd.cli.delivery_texts import brake_texts, unseen_texts
from reminderd.cli.output import AsJson, say, say_json, say_wrapped, warn
from reminderd.cli.overview import (
    show_left_out,
    show_overview,
    trouble_texts,
    worst_of,
)
from reminderd.cli.records import line_records
from reminderd.cli.rendering import NO_LINE, wording_of
from reminderd.cli.times import moment
from reminderd.cli.watching import watch
from reminderd.config.loading import Loaded
from reminderd.domain.texts import Text
from reminderd.errors import UsageError
from reminderd.messages.wording import Wording
from reminderd.scheduling.braking import Brakes, brakes_now
from reminderd.storage.channels import Health, all_health
from reminderd.storage.database import Database
from reminderd.storage.lines import all_lines
from reminderd.storage.quarantine import LeftAside
from reminderd.views.meters import Meters, meters_of
from reminderd.views.status import OK, LineStatus, overview, unseen

OptionalLine = Annotated[
    str | None,
    typer.Argument(
        metavar="[LINE]",
        help="The name of a line; default all.",
        autocompletion=complete_line_names,
        show_default=False,
    ),
]
Now = Annotated[
    str | None,
    typer.Option(
        "--now",
        metavar="INSTANT",
        help="Look at another moment, such as 2026-12-01T09:00Z.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to *app*."""
    app.command()(status)


def status(  # noqa: PLR0917 - each is an option of the command
    context: typer.Context,
    line: OptionalLine = None,
    now: Now = None,
    show_all: Annotated[
        bool, typer.Option("--all", help="Show every line, however many there are.")
    ] = False,
    is_watched: Annotated[
        bool, typer.Option("--watch", "-w", help="Draw it anew until Ctrl-C.")
    ] = False,
    every: Annotated[
        float,
        typer.Option(
            "--every",
            metavar="SECONDS",
            min=0.2,
            help="How often --watch draws it anew.",
        ),
    ] = 5,
    as_json: AsJson = False,
) -> None:
    """Show what is left on each line, how old that is, and what comes next.

    Example: reminderd status uk-travel
    """
    command: Context = context.obj
    loaded = command.load()
    if is_watched and as_json:
        raise UsageError(Text("--watch is for people: leave out --json"))
    with closing(command.open_store(loaded)) as store:

        def show() -> None:
            at = moment(now)
            words = wording_of(loaded.settings, at)
            view = _look(store, loaded, line, at, show_all=show_all)
            if as_json:
                say_json(line_records(view.rows, view.asides))
            else:
                _show(view, words)
            _tell(view, words, warn if as_json else say_wrapped)
            if view.card is not None and not as_json:
                say(words.say("more: reminderd explain {line}", line=line))

        if is_watched:
            watch(show, every)
        else:
            show()


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """What status shows: the lines, and those of them that are not only counted."""

    rows: Sequence[LineStatus]
    shown: Sequence[LineStatus]
    meters: Mapping[int, Meters]
    asides: Sequence[LeftAside]
    brakes: Brakes
    health: Mapping[str, Health]
    card: Card | None


def _look(
    store: Database, loaded: Loaded, line: str | None, at: datetime, *, show_all: bool
) -> _View:
    policy_for = policies_of(loaded.settings)
    with store.read() as tx:
        lines = all_lines(tx) if line is None else [require_line(tx, line)]
        rows = overview(lines, policy_for, at)
        shown = rows if show_all else worst_of(rows)
        card = None
        if line is not None:
            card = card_of(tx, rows[0], policy_for(rows[0].stored), loaded, at)
        return _View(
            rows=rows,
            shown=shown,
            meters={row.stored.id: meters_of(tx, row, at) for row in shown},
            asides=[
                known
                for known in unseen(tx, rows)
                if line is None or known.name == rows[0].stored.name
            ],
            brakes=brakes_now(tx),
            health={
                name: each
                for name, each in all_health(tx).items()
                if name in loaded.settings.channels
            },
            card=card,
        )


def _show(view: _View, words: Wording) -> None:
    if view.card is not None:
        show_card(view.card, words)
        return
    if view.shown:
        show_overview(view.shown, view.meters, words)
    elif not view.rows and not view.asides:
        say(words.say(NO_LINE))
    bad = sum(row.state != OK for row in view.rows)
    bad_shown = sum(row.state != OK for row in view.shown)
    fine = len(view.rows) - len(view.shown) - (bad - bad_shown)
    show_left_out(bad - bad_shown, fine, "reminderd status --all", words)


def _tell(view: _View, words: Wording, tell: Callable[[str], None]) -> None:
    """Tell what keeps lines from being looked at and people from being reached."""
    for text in (
        *unseen_texts(view.asides, words),
        *trouble_texts(view.health, words),
        *brake_texts(view.brakes, words),
    ):
        tell(text)
