"""What will be sent, if nothing changes, or if the configuration did: plan."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from reminderd.cli.composition import planned_setup, rehearsed_store
from reminderd.cli.context import Context, complete_line_names, require_line
from reminderd.cli.logs import log_nothing
from reminderd.cli.looking import Now
from reminderd.cli.output import AsJson, say, say_json, say_table, say_wrapped
from reminderd.cli.overview import trouble_texts
from reminderd.cli.plan_changes import Change, changes, sayings
from reminderd.cli.records import brake_record, delivery_record
from reminderd.cli.rendering import brake_texts, titled_text, wording_of
from reminderd.cli.times import moment
from reminderd.config.loading import Loaded
from reminderd.domain.texts import Text
from reminderd.errors import UsageError
from reminderd.messages.catalogs import N_
from reminderd.messages.wording import Wording
from reminderd.scheduling.braking import Brakes, brakes_now
from reminderd.scheduling.preview import Planned, preview
from reminderd.scheduling.setup import Setup
from reminderd.scheduling.standing import deliveries_at
from reminderd.storage.channels import Health, all_health
from reminderd.views.deliveries import DeliveryStatus

# More than a person reads.
_MOST_SHOWN = 200
_MOST_IN_ONE = 10
_FEW = 2
_ABOUT_A_DAY = timedelta(hours=25)
_HEADINGS = (N_("when"), N_("where to"), N_("what"))
_CHANGES = {
    Change.NEW: N_("new"),
    Change.GONE: N_("no longer"),
    Change.MOVED: N_("moved from {moment}"),
}


@dataclass(frozen=True, slots=True)
class _Row:
    """One message, through which channels; the same is said each day until *last*."""

    at: datetime
    channels: Sequence[str]
    text: str
    last: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What will be sent from *now* until *until*, and what still waits then.

    ``health`` has the channels that are in trouble *now*.
    """

    now: datetime
    until: datetime
    messages: Sequence[Planned]
    waiting: Sequence[DeliveryStatus]
    brakes: Brakes
    health: Mapping[str, Health]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """Which part of a plan is asked for; None stands for all of it."""

    line: str | None = None
    channel: str | None = None

    def messages(self, plan: _Plan) -> list[Planned]:
        """Return the messages that are asked for."""
        return [known for known in plan.messages if self._has(known)]

    def waiting(self, plan: _Plan) -> list[DeliveryStatus]:
        """Return the deliveries that are asked for."""
        return [
            each
            for each in plan.waiting
            if self.line in (None, each.known.line)
            and self.channel in (None, each.known.channel)
        ]

    def _has(self, message: Planned) -> bool:
        if self.channel not in (None, message.channel):
            return False
        return self.line is None or any(
            saying.line == self.line for saying in sayings(message)
        )


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
        _show_changes(plans, wanted, words, as_json=as_json)
    elif as_json:
        say_json(_record(plans[0], wanted))
    else:
        _show(plans[0], wanted, words)


def _wanted(
    command: Context,
    loaded: Loaded,
    setups: Sequence[Setup],
    line: str | None,
    channel: str | None,
) -> _Wanted:
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
    return _Wanted(line=line, channel=channel)


def _plan(
    command: Context, loaded: Loaded, setup: Setup, now: datetime, until: datetime
) -> _Plan:
    with rehearsed_store(command, loaded) as copy, log_nothing():
        with copy.read() as tx:
            brakes, health = brakes_now(tx), all_health(tx)
        messages = preview(copy, setup, now, until)
        with copy.read() as tx:
            open_ones = deliveries_at(tx, setup, until, since=until)
    return _Plan(
        now=now,
        until=until,
        messages=messages,
        waiting=[each for each in open_ones if each.is_undelivered],
        brakes=brakes,
        health={name: each for name, each in health.items() if each.is_troubled},
    )


def _show(known: _Plan, wanted: _Wanted, words: Wording) -> None:
    messages = wanted.messages(known)
    if messages:
        rows = list(_rows(messages, words))
        say_table([words.say(heading) for heading in _HEADINGS], rows[:_MOST_SHOWN])
        _count(len(rows) - _MOST_SHOWN, words)
    until = words.day(known.until.astimezone(words.reader.zone).date())
    text = N_("That is all until {date}, if nothing changes.")
    if not messages:
        text = N_("Nothing is sent until {date}, if nothing changes.")
    say_wrapped(
        words.together(
            words.say(text, date=until),
            words.say("(No renewal, no new figures, no edit; the service runs.)"),
        )
    )
    for waiting in wanted.waiting(known):
        say_wrapped(
            words.say(
                "Will not arrive: {delivery}", delivery=titled_text(waiting, words)
            )
        )
    for text in (
        *trouble_texts(known.health, words),
        *brake_texts(known.brakes, words),
    ):
        say_wrapped(text)


def _count(more: int, words: Wording) -> None:
    if more > 0:
        say(
            words.say_count(
                "and {n} more; see all with --json",
                "and {n} more; see all with --json",
                more,
            )
        )


def _rows(
    messages: Sequence[Planned], words: Wording
) -> Iterator[tuple[str, str, str]]:
    """Yield a row for each message; one that goes to several channels has one row."""
    before = None
    for row in _daily(_together(messages, words)):
        day = row.at.astimezone(words.reader.zone).date()
        when = words.moment(row.at) if day != before else _time(row.at, words)
        text = row.text
        if row.last is not None:
            until = words.day(row.last.astimezone(words.reader.zone).date())
            text += "\n" + words.say("the same each day until {date}", date=until)
        yield when, ", ".join(row.channels), text
        before = day


def _together(messages: Sequence[Planned], words: Wording) -> list[_Row]:
    found: dict[tuple[datetime, str], list[str]] = {}
    for known in messages:
        text = _text(known, replace(words, now=known.at))
        found.setdefault((known.at, text), []).append(known.channel)
    return [_Row(at, channels, text) for (at, text), channels in found.items()]


def _daily(rows: Sequence[_Row]) -> list[_Row]:
    """Put into one row what is said in the same words day after day."""
    runs: dict[tuple[str, str], list[list[_Row]]] = {}
    for row in rows:
        known = runs.setdefault((", ".join(row.channels), row.text), [[row]])
        if known[-1][-1] is row:
            continue
        if row.at - known[-1][-1].at <= _ABOUT_A_DAY:
            known[-1].append(row)
        else:
            known.append([row])
    found: list[_Row] = []
    for run in (run for known in runs.values() for run in known):
        is_long = len(run) > _FEW
        found += [replace(run[0], last=run[-1].at)] if is_long else run
    return sorted(found, key=lambda row: row.at)


def _text(message: Planned, words: Wording) -> str:
    """Return the title of a message, and below it those of what is grouped in it."""
    if len(message.contents) == 1:
        return message.message.title
    said = [saying.title(words) for saying in sayings(message)]
    more = len(said) - _MOST_IN_ONE
    shown = [words.say("- {text}", text=text) for text in said[:_MOST_IN_ONE]]
    if more > 0:
        shown.append(words.say_count("and {n} more", "and {n} more", more))
    return "\n".join((words.say("in one message:"), *shown))


def _time(at: datetime, words: Wording) -> str:
    """Return the local time alone, below a moment that ends with one."""
    return f"{at.astimezone(words.reader.zone):%H:%M}"


def _show_changes(
    plans: Sequence[_Plan], wanted: _Wanted, words: Wording, *, as_json: bool
) -> None:
    before, after = plans
    found = changes(wanted.messages(before), wanted.messages(after), words)
    if as_json:
        say_json([known.record() for known in found])
        return
    if not found:
        say(words.say("The same messages are sent at the same times."))
        return
    rows = [
        (
            words.say(
                _CHANGES[known.change],
                moment=known.before and words.moment(known.before),
            ),
            words.moment(known.at),
            known.channel,
            known.title,
        )
        for known in found
    ]
    headings = (words.say("change"), *(words.say(heading) for heading in _HEADINGS))
    say_table(headings, rows[:_MOST_SHOWN])
    _count(len(rows) - _MOST_SHOWN, words)


def _record(known: _Plan, wanted: _Wanted) -> dict[str, Any]:
    return {
        "from": known.now,
        "until": known.until,
        "messages": [_message(each) for each in wanted.messages(known)],
        "waiting": [delivery_record(each) for each in wanted.waiting(known)],
        **brake_record(known.brakes),
    }


def _message(known: Planned) -> dict[str, Any]:
    return {
        "at": known.at,
        "channel": known.channel,
        "title": known.message.title,
        "severity": known.message.severity.word,
        "contents": [saying.record() for saying in sayings(known)],
    }
