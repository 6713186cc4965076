"""What has reached nobody: why, what becomes of it, and another try at once."""

import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from typing import Annotated, NamedTuple

import typer

from reminderd.cli.composition import build_dispatcher, build_setup
from reminderd.cli.context import Context
from reminderd.cli.delivery_texts import silence_text, titled_text
from reminderd.cli.output import AsJson, say, say_json, say_table, warn
from reminderd.cli.records import dead_channel_record, delivery_record
from reminderd.cli.rendering import wording_of
from reminderd.clock import uptime, utc_now
from reminderd.delivery.terminal import TerminalChannel
from reminderd.domain.deliveries import DeliveryState
from reminderd.errors import ExitStatus
from reminderd.messages.catalogs import N_
from reminderd.messages.recall import recall
from reminderd.messages.wording import Wording
from reminderd.scheduling.cycle import run_pass
from reminderd.scheduling.declared import apply_setup
from reminderd.scheduling.setup import Setup
from reminderd.scheduling.standing import deliveries_at
from reminderd.storage.channels import Health, all_health, none_living
from reminderd.storage.database import Database
from reminderd.storage.undelivered import retry
from reminderd.views.deliveries import DeliveryStatus
from reminderd.views.titles import title_text

# Longer than any one send may take.
_RETRY_SECONDS = 90.0
_HEADINGS = (
    N_("line"),
    N_("channel"),
    N_("what is wrong"),
    N_("tries"),
    N_("since"),
    N_("what next"),
)


class _Found(NamedTuple):
    """What has failed, what has arrived since the command began, what is dead."""

    failed: Sequence[DeliveryStatus]
    sent: Sequence[DeliveryStatus]
    elsewhere: int
    silent: Sequence[Health]


def register(app: typer.Typer) -> None:
    """Add the command of this module to *app*."""
    app.command()(undelivered)


def undelivered(
    context: typer.Context,
    try_again: Annotated[
        bool,
        typer.Option("--retry", help="Try all of it once more, now."),
    ] = False,
    as_json: AsJson = False,
) -> int:
    """List what has reached nobody, and what becomes of it; exit with 3 if any has.

    Example: reminderd undelivered --retry
    """
    command: Context = context.obj
    loaded = command.load()
    now = utc_now()
    terminal = TerminalChannel(sys.stderr if as_json else sys.stdout)
    setup = build_setup(command, loaded, terminal, now)
    words = wording_of(loaded.settings, now)
    with closing(command.open_store(loaded)) as store:
        if try_again:
            for warning in setup.warnings:
                warn(words.tell(warning))
            _retry(store, setup, now)
        found = _find(store, setup, now)
    if as_json:
        say_json(
            {
                "deliveries": [
                    delivery_record(each) for each in (*found.sent, *found.failed)
                ],
                "dead_channels": [dead_channel_record(each) for each in found.silent],
            }
        )
    else:
        _show(found, words)
    return ExitStatus.UNDELIVERED if found.failed else ExitStatus.OK


def _retry(store: Database, setup: Setup, now: datetime) -> None:
    """Send what has not arrived, on the way that a check takes."""
    up = uptime()
    apply_setup(store, setup, now)
    with store.write() as tx:
        retry(tx, setup.channels, now)
    run_pass(store, setup, now, uptime=up)
    dispatcher = build_dispatcher(store)
    dispatcher.configure(setup.outlets, setup.channels)
    dispatcher.drain(_RETRY_SECONDS)


def _find(store: Database, setup: Setup, now: datetime) -> _Found:
    with store.read() as tx:
        known = deliveries_at(tx, setup, utc_now(), since=now)
        silent = none_living(all_health(tx), setup.channels)
    failed = [each for each in known if each.is_undelivered]
    return _Found(
        failed=failed,
        sent=[each for each in known if each.known.state is DeliveryState.SENT],
        elsewhere=sum(each.is_held or each.has_failed for each in known)
        - sum(each.is_held or each.has_failed for each in failed),
        silent=silent,
    )


def _show(found: _Found, words: Wording) -> None:
    for delivery in found.sent:
        say(titled_text(delivery, words))
    if found.failed:
        say_table(
            [words.say(heading) for heading in _HEADINGS],
            [_row(delivery, words) for delivery in found.failed],
        )
    else:
        say(words.say("Nothing is undelivered."))
    if found.elsewhere:
        say(
            words.say_count(
                "{n} more waits for its channel, but has arrived through another.",
                "{n} more wait for their channels, but have arrived through others.",
                found.elsewhere,
            )
        )
    if found.silent:
        say(silence_text(found.silent, words))


def _row(delivery: DeliveryStatus, words: Wording) -> Sequence[str]:
    known = delivery.known
    title = known.line or ""
    if known.notice is not None:
        title = title_text(known.notice, words)
    moment = delivery.again_at and words.moment(delivery.again_at)
    trouble, what_next = _trouble_and_next(delivery)
    return (
        title,
        known.channel,
        words.say(trouble, reason=recall(delivery.reason or "unknown", words)),
        str(known.attempts),
        words.moment(known.since),
        words.say(what_next, moment=moment or words.say("soon"), channel=known.channel),
    )


def _trouble_and_next(delivery: DeliveryStatus) -> tuple[str, str]:
    """Return what is wrong, and what becomes of it or can be done."""
    match delivery.known.state:
        case DeliveryState.DEAD:
            texts = (
                N_("given up: {reason}"),
                N_("nothing by itself; reminderd undelivered --retry"),
            )
        case DeliveryState.EXPIRED:
            texts = N_("too late: {reason}"), N_("nothing; look at: reminderd status")
        case DeliveryState.SENDING:
            texts = N_("being sent again: {reason}"), N_("the answer is awaited")
        case _ if delivery.is_braked:
            texts = (
                N_("held back: too much at once"),
                N_("sent {moment}; sooner with: reminderd release"),
            )
        case _ if delivery.is_held:
            texts = (
                N_("its channel is broken: {reason}"),
                N_(
                    "tried again {moment}; sooner with: "
                    "reminderd channels test {channel}"
                ),
            )
        case _:
            texts = N_("failing: {reason}"), N_("tried again {moment}")
    return texts
