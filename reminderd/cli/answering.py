"""Answers to a reminder: seen it, or ask again later."""

from contextlib import closing
from typing import Annotated

import typer

from reminderd.cli.context import Context, LineName, require_line
from reminderd.cli.output import say
from reminderd.cli.rendering import wording_of
from reminderd.cli.times import span
from reminderd.clock import utc_now
from reminderd.domain.calendar import after
from reminderd.messages.catalogs import N_
from reminderd.storage import events


def register(app: typer.Typer) -> None:
    """Add the commands of this module to *app*."""
    app.command()(ack)
    app.command()(snooze)


def ack(context: typer.Context, line: LineName) -> None:
    """Acknowledge what was said of a line: quiet until something gets worse.

    Example: reminderd ack uk-travel
    """
    command: Context = context.obj
    loaded = command.load()
    now = utc_now()
    with closing(command.open_store(loaded)) as store, store.write() as tx:
        stored = require_line(tx, line)
        events.acknowledge(tx, stored.id, now)
    words = wording_of(loaded.settings, now)
    name = stored.card.name
    if stored.told:
        text = N_("{line}: acknowledged; you hear of it again when it gets worse.")
    else:
        text = N_("{line}: nothing has been said of it, so nothing needs an answer.")
    say(words.say(text, line=name))


def snooze(
    context: typer.Context,
    line: LineName,
    period: Annotated[
        str, typer.Argument(metavar="PERIOD", help="How long, such as 3d or 12h.")
    ],
) -> None:
    """Say nothing of a line for a while, but never past a due date.

    Example: reminderd snooze uk-travel 3d
    """
    command: Context = context.obj
    loaded = command.load()
    now = utc_now()
    settings = loaded.settings
    until = after(now, span(period), settings.reminders.at, settings.timezone)
    with closing(command.open_store(loaded)) as store, store.write() as tx:
        stored = require_line(tx, line)
        events.snooze(tx, stored.id, until, now)
    words = wording_of(loaded.settings, now)
    say(
        words.say(
            "{line}: quiet until {moment}, unless a due date comes first.",
            line=stored.card.name,
            moment=words.moment(until),
        )
    )
