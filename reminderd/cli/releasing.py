"""Let go what a brake holds back."""

from contextlib import closing

import typer

from reminderd.cli.context import Context
from reminderd.cli.output import AsJson, say, say_json
from reminderd.cli.records import brake_record
from reminderd.cli.rendering import wording_of
from reminderd.clock import uptime, utc_now
from reminderd.messages.wording import Wording
from reminderd.scheduling import braking
from reminderd.scheduling.braking import Brakes
from reminderd.scheduling.timekeeping import reading_at


def register(app: typer.Typer) -> None:
    """Add the command of this module to *app*."""
    app.command()(release)


def release(context: typer.Context, as_json: AsJson = False) -> None:
    """Send what is held because it was too much at once, or the clock was moved.

    Example: reminderd release
    """
    command: Context = context.obj
    loaded = command.load()
    reading = reading_at(utc_now(), uptime())
    with closing(command.open_store(loaded)) as store, store.write() as tx:
        before = braking.release(tx, reading)
        after = braking.brakes_now(tx)
    if as_json:
        say_json({"released": brake_record(before), **brake_record(after)})
    else:
        _show(before, after, wording_of(loaded.settings, reading.wall))


def _show(before: Brakes, after: Brakes, words: Wording) -> None:
    if after.doubt is not None:
        say(words.say("The clock is not set: nothing is decided until it is."))
    elif before.doubt is not None:
        say(
            words.say(
                "The clock is taken to be right. The daemon goes on at once; without "
                "it, run: reminderd check"
            )
        )
    if before.held is not None:
        say(
            words.say_count(
                "{n} reminder is released. The daemon sends it within seconds; "
                "without it, run: reminderd check",
                "{n} reminders are released. The daemon sends them within seconds; "
                "without it, run: reminderd check",
                before.held.reminders,
            )
        )
    if not before.are_on:
        say(words.say("Nothing is held."))
