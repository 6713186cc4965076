"""Look at lines and at what was said: status, history."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import datetime, time
from typing import Annotated, Any

import typer

from reminderd.cli.cards import Card, card_of, show_card
from reminderd.cli.context import Context, complete_line_names, require_line
from reminderd.cli.declaring import policies_of
from reminderd.cli.output import AsJson, say, say_json, say_table, say_wrapped, warn
from reminderd.cli.overview import (
    show_left_out,
    show_overview,
    trouble_texts,
    worst_of,
)
from reminderd.cli.past_events import event_text
from reminderd.cli.records import line_records
from reminderd.cli.rendering import (
    NO_LINE,
    brake_texts,
    title_text,
    unseen_texts,
    wording_of,
)
from reminderd.cli.times import day, moment
from reminderd.cli.watching import watch
from reminderd.config.loading import Loaded
from reminderd.domain.calendar import end_of_day, local_instant
from reminderd.domain.deliveries import DeliveryState
from reminderd.domain.texts import Text
from reminderd.errors import UsageError
from reminderd.messages.catalogs import N_
from reminderd.messages.recall import recall
from reminderd.messages.wording import Wording
from reminderd.scheduling.braking import Brakes, brakes_now
from reminderd.storage.channels import Health, all_health
from reminderd.storage.database import Database
from reminderd.storage.history import (
    ANY,
    Past,
    PastDelivery,
    PastReminder,
    Wanted,
    recent,
)
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

_HISTORY_HEADINGS = (N_("when"), N_("line"), N_("what"), N_("where to"))
_STATES = {
    DeliveryState.PENDING: N_("is waiting"),
    DeliveryState.SENDING: N_("is being sent"),
    DeliveryState.SENT: N_("has it"),
    DeliveryState.HELD: N_("is held for now"),
    DeliveryState.DEAD: N_("gave up"),
    DeliveryState.SUPERSEDED: N_("got a newer one instead"),
    DeliveryState.EXPIRED: N_("too late, given up"),
}


def register(app: typer.Typer) -> None:
    """Add the commands of this module to *app*."""
    app.command()(status)
    app.command()(history)


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


def history(  # noqa: PLR0917 - each is an option of the command
    context: typer.Context,
    line: OptionalLine = None,
    channel: Annotated[
        str | None,
        typer.Option("--channel", help="Only reminders that went to this channel."),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option("--kind", help="Only these: reminder, or a kind of event."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DATE", help="Only from this day on."),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="DATE", help="Only up to this day, inclusive."),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, help="How many entries at most.")
    ] = 20,
    as_json: AsJson = False,
) -> None:
    """Show what was said and what was done, the latest first.

    Example: reminderd history uk-travel
    """
    command: Context = context.obj
    loaded = command.load()
    words = wording_of(loaded.settings, moment(None))
    zone = loaded.settings.timezone
    wanted = Wanted(
        channel=channel,
        kind=kind,
        since=None if since is None else local_instant(day(since), time(), zone),
        until=None if until is None else end_of_day(day(until), zone),
    )
    with closing(command.open_store(loaded)) as store, store.read() as tx:
        past = recent(tx, line, limit, wanted)
        if line is not None and not past and wanted == ANY:
            # One that has been removed still has its past; this one may be misspelt.
            require_line(tx, line)
    if as_json:
        say_json([_record(known) for known in past])
        return
    if not past:
        say(words.say("Nothing has been said or done yet."))
        return
    say_table(
        [words.say(heading) for heading in _HISTORY_HEADINGS],
        [
            (
                words.moment(known.at),
                known.line or "-",
                _what(known, words),
                _where(known, words),
            )
            for known in past
        ],
    )


def _what(known: Past, words: Wording) -> str:
    """Return the title of a reminder as it was then, or the name of an event."""
    if not isinstance(known, PastReminder):
        return event_text(known, words)
    then = replace(words, now=known.at)
    return title_text(known.content, then)


def _where(known: Past, words: Wording) -> str:
    if not isinstance(known, PastReminder):
        return "-"
    return "\n".join(_delivered(each, words) for each in known.deliveries) or "-"


def _delivered(known: PastDelivery, words: Wording) -> str:
    state = DeliveryState(known.state)
    text = words.say(
        "{channel} {state}", channel=known.channel, state=words.say(_STATES[state])
    )
    if not known.reason or state is DeliveryState.SENT:
        return text
    reason = recall(known.reason, words)
    return words.say("{what} ({facts})", what=text, facts=reason)


def _record(known: Past) -> dict[str, Any]:
    if not isinstance(known, PastReminder):
        return {
            "type": "event",
            "line": known.line,
            "at": known.at,
            "kind": known.kind,
            "detail": known.detail,
            "amount": known.money and known.money.minor,
            "currency": known.money and known.money.currency,
        }
    return {
        "type": "reminder",
        "line": known.line,
        "at": known.at,
        "severity": known.severity.word,
        "late": known.late,
        "content": known.content.record,
        "deliveries": [asdict(each) for each in known.deliveries],
    }
