"""What will be sent, if nothing changes, or if the configuration did: plan."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from reminderd.cli.composition import planned_setup, rehearsed_store
from reminderd.cli.context import Context, complete_line_names, require_line
from reminderd.cli.logs import log_nothing
from reminderd.cli.looking import Now
from reminderd.cli.output import AsJson, say_json
from reminderd.cli.plan_records import Plan, Wanted, plan_record
from reminderd.cli.plan_texts import show_changes, show_plan
from reminderd.cli.rendering import wording_of
from reminderd.cli.times import moment
from reminderd.config.loading import Loaded
from reminderd.domain.texts import Text
from reminderd.errors import UsageError
from reminderd.scheduling.braking import brakes_now
from reminderd.scheduling.preview import preview
from reminderd.scheduling.setup import Setup
from reminderd.scheduling.standing import deliveries_at
from reminderd.storage.channels import all_health


def register(app: typer.Typer) -> None:
    """Add the command of this module to *app*."""
    app.command()(plan)


def plan(
    context: typer.Context,
    *,
    days: Annotated[
        int, typer.Option("--days", min=1, max=3650, help="How far to look ahead.")
    ] = 30,
    line: Annotated[
        str | None,
        typer.Option(
            "--line",
            metavar="LINE",
            help="Only what is said about this line.",
            autocompletion=complete_line_names,
        ),
    ] = None,
    channel: Annotated[
        str | None,
        typer.Option(
            "--channel", metavar="NAME", help="Only what goes to this channel."
        ),
    ] = None,
    diff: Annotated[
        Path | None,
        typer.Option(
            "--diff",
            metavar="NEW.toml",
            help="Show what would change if this were the configuration.",
        ),
    ] = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Show every message that will be sent if nothing changes.

    That is: as long as nobody renews, records new figures or edits the configuration,
    and the service runs. Nothing is sent and nothing is changed.

    Example: reminderd plan --days 90
    """
    command: Context = context.obj
    loaded = command.load()
    start = moment(now)
    until = start + timedelta(days=days)
    other = None if diff is None else replace(command, config_option=diff).load()
    setups = [planned_setup(command, each, start) for each in (loaded, other) if each]
    wanted = _wanted(command, loaded, setups, line, channel)
    plans = [_plan(command, loaded, setup, start, until) for setup in setups]
    words = wording_of(loaded.settings, start)
    if other is not None:
        show_changes(plans, wanted, words, as_json=as_json)
    elif as_json:
        say_json(plan_record(plans[0], wanted))
    else:
        show_plan(plans[0], wanted, words)


def _wanted(
    command: Context,
    loaded: Loaded,
    setups: Sequence[Setup],
    line: str | None,
    channel: str | None,
) -> Wanted:
    """Return what is asked for, if there is such a line and such a channel."""
    channels = dict.fromkeys(name for setup in setups for name in setup.channels)
    if channel is not None and channel not in channels:
        raise UsageError(
            Text(
                "there is no channel {name}; there are: {names}",
                name=repr(channel),
                names=", ".join(channels),
            )
        )
    declared = {known.name for setup in setups for known in setup.lines}
    if line is not None and line not in declared:
        with closing(command.open_store(loaded)) as store, store.read() as tx:
            line = require_line(tx, line).name
    return Wanted(line=line, channel=channel)


def _plan(
    command: Context, loaded: Loaded, setup: Setup, now: datetime, until: datetime
) -> Plan:
    with rehearsed_store(command, loaded) as copy, log_nothing():
        with copy.read() as tx:
            brakes, health = brakes_now(tx), all_health(tx)
        messages = preview(copy, setup, now, until)
        with copy.read() as tx:
            open_ones = deliveries_at(tx, setup, until, since=until)
    return Plan(
        now=now,
        until=until,
        messages=messages,
        waiting=[each for each in open_ones if each.is_undelivered],
        brakes=brakes,
        health={name: each for name, each in health.items() if each.is_troubled},
    )
