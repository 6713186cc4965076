"""The channels: which there are, how they have been doing, and whether they work."""

import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import datetime
from typing import Annotated, Any

import typer

from reminderd.cli.channel_tests import example, plain_test, send_tests
from reminderd.cli.composition import build_setup, open_checked_store
from reminderd.cli.context import Context, complete_line_names, require_line
from reminderd.cli.declaring import policies_of
from reminderd.cli.output import AsJson, say, say_json, say_table, warn
from reminderd.cli.quietness import post_of
from reminderd.cli.rendering import GETS, wording_of
from reminderd.clock import utc_now
from reminderd.config.loading import Loaded
from reminderd.delivery.terminal import TerminalChannel
from reminderd.domain.foresight import foresee
from reminderd.domain.reminders import Message, Notice
from reminderd.domain.texts import Text
from reminderd.errors import (
    ExitStatus,
    ReminderdError,
    UnavailableError,
    UsageError,
)
from reminderd.messages.catalogs import N_
from reminderd.messages.recall import recall
from reminderd.messages.wording import Wording
from reminderd.scheduling.setup import Setup
from reminderd.storage.channels import Health, all_health
from reminderd.views.recipients import Gets, recipients

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
    as_line: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="LINE",
            help="Show what the next reminder of this line will look like.",
            autocompletion=complete_line_names,
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Show the message; send nothing."),
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Send a test message through a channel, on the way that reminders take.

    It says what the service answered, and after how long. A test counts as nothing
    said: with --as, too, the line says all that it has to say.

    Example: reminderd channels test phone --as uk-travel
    """
    command: Context = context.obj
    loaded = command.load()
    now = utc_now()
    terminal = TerminalChannel(sys.stderr if as_json else sys.stdout)
    setup = build_setup(command, loaded, terminal, now)
    words = wording_of(loaded.settings, now)
    for warning in setup.warnings:
        warn(words.tell(warning))
    if name is not None and name not in setup.outlets:
        raise _not_here(name, loaded, setup)
    chosen = list(setup.outlets) if name is None else [name]
    tests = {each: plain_test(each, now) for each in chosen}
    if as_line is not None:
        tests = _examples(command, loaded, as_line, chosen, now)
    if dry_run:
        messages = {
            each: setup.outlets[each].compose([test], now, False)
            for each, test in tests.items()
        }
        _show(messages, words, as_json=as_json)
        return ExitStatus.OK
    with closing(open_checked_store(command, loaded, setup)) as store:
        tested = send_tests(store, setup, tests, now)
    if as_json:
        say_json([each.record() for each in tested])
    else:
        for each in tested:
            say(each.text(words))
    is_good = all(each.is_good for each in tested)
    return ExitStatus.OK if is_good else ExitStatus.UNDELIVERED


def _examples(
    command: Context, loaded: Loaded, line: str, chosen: Sequence[str], now: datetime
) -> dict[str, Notice]:
    """Return a test for each of the *chosen* channels that *line*'s reminder goes to.

    If it goes to none of them, whoever asks wants to see it all the same.

    Raises:
        UsageError: There is no such line, or it has nothing to say.
        StoreError: There is no store yet.
    """
    settings = loaded.settings
    with closing(command.open_store(loaded)) as store, store.read() as tx:
        stored = require_line(tx, line)
        post = post_of(settings, all_health(tx))
    policy = policies_of(settings)(stored)
    ahead = foresee(stored.line, policy, stored.told, now)
    if ahead is None:
        raise UsageError(
            Text(
                "{line} has nothing to say, now or later, as things are; see: "
                "reminderd explain {line}",
                line=stored.name,
            )
        )
    known = recipients(post, stored.route, ahead, now)
    getting = {each.route.channel for each in known if each.gets is Gets.YES}
    notice = example(stored, ahead, settings, now)
    names = [each for each in chosen if each in getting] or chosen
    words = wording_of(settings, now)
    for each in names:
        if each not in getting:
            warn(words.say("the real one does not go to {channel}", channel=each))
    return dict.fromkeys(names, notice)


def _show(messages: Mapping[str, Message], words: Wording, *, as_json: bool) -> None:
    """Print what would be sent to each channel; the same text only once."""
    if as_json:
        say_json(
            [
                {"channel": name, "title": message.title, "body": message.body}
                for name, message in messages.items()
            ]
        )
        return
    texts: dict[str, list[str]] = {}
    for name, message in messages.items():
        text = f"{message.title}\n\n{message.body.rstrip()}\n"
        texts.setdefault(text, []).append(name)
    for text, names in texts.items():
        say(words.say("To {channels}:", channels=words.listed(names)))
        say(f"\n{text}")
    say(words.say("Nothing was sent."))


def _not_here(name: str, loaded: Loaded, setup: Setup) -> ReminderdError:
    if name in loaded.settings.channels:
        return UnavailableError(
            Text(
                "channel {name} can only be tested where its credential is: in "
                "the service",
                name=repr(name),
            )
        )
    names = ", ".join(setup.outlets) or Text("none")
    return UsageError(
        Text(
            "there is no channel {name}; there are: {names}",
            name=repr(name),
            names=names,
        )
    )


def _trouble(health: Health, words: Wording) -> str:
    if health.broken is not None:
        return words.say("broken: {reason}", reason=recall(health.broken, words))
    if not health.is_troubled:
        return "-"
    reason = health.last_error and recall(health.last_error, words)
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
