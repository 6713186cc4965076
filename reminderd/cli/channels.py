"""The channels: which there are, how they have been doing, and whether they work."""

import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

import typer

from reminderd.cli.composition import (
    build_dispatcher,
    build_setup,
    open_checked_store,
)
from reminderd.cli.context import Context
from reminderd.cli.output import AsJson, say, say_json, say_table, warn
from reminderd.cli.rendering import GETS, delivery_texts, wording_of
from reminderd.clock import utc_now
from reminderd.config.loading import Loaded
from reminderd.delivery.terminal import TerminalChannel
from reminderd.domain.deliveries import DeliveryState
from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import Notice
from reminderd.errors import (
    ExitStatus,
    ReminderdError,
    UnavailableError,
    UsageError,
)
from reminderd.messages.catalogs import N_
from reminderd.messages.wording import Wording
from reminderd.scheduling.setup import Setup
from reminderd.storage import outbox
from reminderd.storage.channels import Health, all_health, mend
from reminderd.storage.database import Database
from reminderd.storage.undelivered import deliveries_of
from reminderd.views.deliveries import delivery_status

_TEST_SECONDS = 70.0
_HEADINGS = (N_("channel"), N_("gets"), N_("last delivery"), N_("trouble"))

app = typer.Typer(help="List or test the channels.", no_args_is_help=True)


@app.command("list")
def channels_list(context: typer.Context, as_json: AsJson = False) -> None:
    """List the channels, and how each has been doing.

    Example: reminderd channels list
    """
    command: Context = context.obj
    loaded = command.load()
    setup = build_setup(command, loaded, TerminalChannel(sys.stdout), utc_now())
    store = open_checked_store(command, loaded, setup)
    with closing(store), store.read() as tx:
        known = all_health(tx)
    health = {
        name: known.get(name, Health(name=name)) for name in loaded.settings.channels
    }
    if as_json:
        say_json([_record(each, loaded) for each in health.values()])
        return
    words = wording_of(loaded.settings, utc_now())
    if not health:
        say(words.say("No channel is configured: reminders appear on the terminal."))
        return
    say_table(
        [words.say(heading) for heading in _HEADINGS],
        [
            (
                name,
                words.say(GETS[loaded.settings.channels[name].min_severity]),
                words.moment(each.last_ok_at) if each.last_ok_at else "-",
                _trouble(each, words),
            )
            for name, each in health.items()
        ],
    )


@app.command("test")
def channels_test(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]", help="The channel; default all.", show_default=False
        ),
    ] = None,
) -> int:
    """Send a test message through a channel, on the way that reminders take.

    Example: reminderd channels test phone
    """
    command: Context = context.obj
    loaded = command.load()
    now = utc_now()
    setup = build_setup(command, loaded, TerminalChannel(sys.stdout), now)
    for warning in setup.warnings:
        warn(warning)
    if name is not None and name not in setup.outlets:
        raise _not_here(name, loaded, setup)
    chosen = list(setup.outlets) if name is None else [name]
    with closing(open_checked_store(command, loaded, setup)) as store:
        sent = _send_tests(store, chosen, now)
        dispatcher = build_dispatcher(store)
        # A test is wanted now: no quiet hours, and not in one message with reminders.
        dispatcher.configure(
            {
                each: replace(setup.outlets[each], quiet=None, group=False)
                for each in chosen
            },
            setup.channels,
        )
        dispatcher.drain(_TEST_SECONDS)
        with store.write() as tx:
            # The answer is known now; nobody wants the test later, or elsewhere.
            outbox.supersede_reminders(tx, sent, now)
            health = all_health(tx)
            outcomes = [
                delivery_status(known, health[known.channel], None, now)
                for each in sent
                for known in deliveries_of(tx, each)
            ]
    for text in delivery_texts(outcomes, wording_of(loaded.settings, now)):
        say(text)
    is_good = all(each.known.state is DeliveryState.SENT for each in outcomes)
    return ExitStatus.OK if is_good else ExitStatus.UNDELIVERED


def _not_here(name: str, loaded: Loaded, setup: Setup) -> ReminderdError:
    if name in loaded.settings.channels:
        return UnavailableError(
            f"channel {name!r} can only be tested where its credential is: in the "
            "service"
        )
    names = ", ".join(setup.outlets) or "none"
    return UsageError(f"there is no channel {name!r}; there are: {names}")


def _send_tests(store: Database, names: Sequence[str], now: datetime) -> list[int]:
    """Put a test message for each channel into the outbox; return their ids."""
    sent = []
    with store.write() as tx:
        for name in names:
            # Whoever tests a broken channel has mended it, or wants to see it fail.
            mend(tx, name, now)
            notice = Notice(
                code="test",
                severity=Severity.INFO,
                details={"channel": name},
                created_at=now,
            )
            key = f"test|{name}|{now.isoformat()}"
            reminder_id = outbox.enqueue_notice(tx, notice, key, [name], now)
            if reminder_id is not None:
                sent.append(reminder_id)
    return sent


def _trouble(health: Health, words: Wording) -> str:
    if health.broken is not None:
        return words.say("broken: {reason}", reason=health.broken)
    if not health.is_troubled:
        return "-"
    reason = health.last_error
    if health.retry_at is None:
        return words.say("failing: {reason}", reason=reason)
    moment = words.moment(health.retry_at)
    return words.say(
        "failing: {reason}; again at {moment}", reason=reason, moment=moment
    )


def _record(health: Health, loaded: Loaded) -> dict[str, Any]:
    section = loaded.settings.channels[health.name]
    return {
        "channel": health.name,
        "min_severity": section.min_severity.word,
        "fallback": section.fallback,
        "last_ok_at": health.last_ok_at,
        "last_error": health.last_error,
        "last_error_at": health.last_error_at,
        "consecutive_failures": health.consecutive_failures,
        "retry_at": health.retry_at,
        "broken": health.broken,
    }
