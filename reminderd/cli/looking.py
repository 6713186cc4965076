"""Look at lines and at what was said: status, history."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, replace
from typing import Annotated, Any

import typer

from reminderd.cli.cards import next_text, show_card
from reminderd.cli.context import Context, complete_line_names, require_line
from reminderd.cli.declaring import policies_of
from reminderd.cli.output import AsJson, say, say_json, say_table, warn
from reminderd.cli.past_events import event_text
from reminderd.cli.records import line_records
from reminderd.cli.rendering import (
    NO_LINE,
    brake_texts,
    cell_text,
    ends_text,
    state_text,
    title_text,
    unseen_texts,
    wording_of,
)
from reminderd.cli.times import moment
from reminderd.domain.deliveries import DeliveryState
from reminderd.messages.catalogs import N_
from reminderd.messages.recall import recall
from reminderd.messages.wording import Wording
from reminderd.scheduling.braking import brakes_now
from reminderd.storage.history import Past, PastDelivery, PastReminder, recent
from reminderd.storage.lines import all_lines
from reminderd.views.status import LineStatus, overview, unseen

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

_HEADINGS = (
    N_("line"),
    N_("left"),
    N_("ends"),
    N_("state"),
    N_("as of"),
    N_("next reminder"),
)
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


def status(
    context: typer.Context,
    line: OptionalLine = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Show what is left on each line, how old that is, and what comes next.

    Example: reminderd status uk-travel
    """
    command: Context = context.obj
    loaded = command.load()
    at = moment(now)
    with closing(command.open_store(loaded)) as store, store.read() as tx:
        lines = all_lines(tx) if line is None else [require_line(tx, line)]
        rows = overview(lines, policies_of(loaded.settings), at)
        asides = [
            known
            for known in unseen(tx, rows)
            if line is None or known.name == rows[0].stored.name
        ]
        brakes = brakes_now(tx)
    words = wording_of(loaded.settings, at)
    if as_json:
        say_json(line_records(rows, asides))
    elif line is not None:
        show_card(rows[0], words)
    elif rows:
        _show_table(rows, words)
    elif not asides:
        say(words.say(NO_LINE))
    tell = warn if as_json else say
    texts = (*unseen_texts(asides, words), *brake_texts(brakes, words))
    for text in texts:
        tell(text)


def _show_table(rows: Sequence[LineStatus], words: Wording) -> None:
    say_table(
        [words.say(heading) for heading in _HEADINGS],
        [
            (
                row.stored.card.name,
                cell_text(row, words),
                ends_text(row, words),
                state_text(row, words),
                words.age(row.stored.line.observed_at),
                next_text(row, words),
            )
            for row in rows
        ],
    )


def history(
    context: typer.Context,
    line: OptionalLine = None,
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
    with closing(command.open_store(loaded)) as store, store.read() as tx:
        past = recent(tx, line, limit)
        if line is not None and not past:
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
