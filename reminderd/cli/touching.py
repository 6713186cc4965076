"""Record that a line was used or topped up."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from typing import Annotated

import typer
from sqlalchemy import Connection

from reminderd.cli.confirming import say_next
from reminderd.cli.context import Context, LineName, require_line
from reminderd.cli.declaring import policies_of
from reminderd.cli.item_names import item_text
from reminderd.cli.output import say
from reminderd.cli.paying import OnDay, Paid, charge_removed, check_bill
from reminderd.cli.rendering import wording_of
from reminderd.cli.times import day_done
from reminderd.clock import utc_now
from reminderd.config.plans import price as parse_price
from reminderd.config.texts import choice
from reminderd.domain.activities import Ignored, Outcome, Use, least_of
from reminderd.domain.activities import touch as touch_line
from reminderd.domain.lines import DeadlineKind
from reminderd.domain.quantities import AllowanceKind
from reminderd.domain.terms import Activity, Terms
from reminderd.domain.texts import Text, said
from reminderd.errors import UsageError
from reminderd.messages.catalogs import N_
from reminderd.messages.wording import Wording
from reminderd.storage import events, lines, readings
from reminderd.storage.lines import StoredLine

_SOURCE = "cli"
# Buying a plan is `renew`.
_KINDS = tuple(kind.value for kind in Activity if kind is not Activity.PLAN)
_IGNORED = {
    Ignored.OTHER_KIND: N_("{what} stays as it is: the carrier does not count this."),
    Ignored.TOO_SMALL: N_(
        "{what} stays as it is: the carrier counts top-ups of at least {least} only."
    ),
    Ignored.UNKNOWN_AMOUNT: N_(
        "{what} stays as it is: the carrier counts top-ups of at least {least} only; "
        "say how much it was with --price."
    ),
}


def register(app: typer.Typer) -> None:
    """Add the command of this module to *app*."""
    app.command()(touch)


def touch(
    context: typer.Context,
    line: LineName,
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind",
            metavar="KIND",
            help="call, sms, data or top-up; default: a use that the carrier counts.",
        ),
    ] = None,
    on: OnDay = None,
    price: Annotated[
        str | None,
        typer.Option(
            "--price", metavar="MONEY", help='What it cost, such as "10.00 GBP".'
        ),
    ] = None,
) -> None:
    """Record an activity that keeps the number alive: a call, a text, data, a top-up.

    Data use starts a plan that waits to be started.

    Example: reminderd touch uk-travel --kind sms
    """
    command: Context = context.obj
    loaded = command.load()
    now = utc_now()
    try:
        activity = None if kind is None else Activity(choice(kind, _KINDS))
        paid = None if price is None else parse_price(price)
    except ValueError as error:
        option = "--kind" if kind not in (None, *_KINDS) else "--price"
        raise UsageError(
            Text("{place}: {problem}", place=option, problem=said(error))
        ) from error
    with closing(command.open_store(loaded)) as store, store.write() as tx:
        if paid is not None and charge_removed(tx, loaded, line, Paid(paid), now):
            return
        stored = require_line(tx, line)
        terms = policies_of(loaded.settings)(stored).terms
        done_on = day_done(on, stored.line.zone, now)
        use = Use(on=done_on, activity=activity, paid=paid)
        outcome = _record(tx, stored, use, terms, now)
        if paid is not None:
            check_bill(tx, loaded, stored.id, stored.line.zone, now)
    done = N_("noted") if outcome.readings else N_("noted, but no date moves")
    if _is_known(outcome, use):
        done = N_("nothing new, this or a later day is known")
    say_next(command, loaded, stored.name, done, now)
    words = wording_of(loaded.settings, now)
    for text in _why_not(outcome.ignored, terms, words):
        say(text)


def _record(
    tx: Connection, stored: StoredLine, use: Use, terms: Terms, now: datetime
) -> Outcome:
    try:
        outcome = touch_line(stored.line, use, terms, now)
    except ValueError as error:
        raise UsageError(
            Text(
                '{problem}; write renew_every = "30d" in its section, or: '
                "reminderd update LINE renew_every=30d",
                problem=said(error),
            )
        ) from error
    if not outcome.readings and not outcome.ignored and use.paid is None:
        raise UsageError(
            Text(
                "{name} has no keep-alive period; record one with: reminderd "
                "update LINE last_activity=2026-11-02 keep_alive_every=6mo",
                name=stored.name,
            )
        )
    if _is_known(outcome, use):
        return outcome
    items = sorted(reading.item for reading in outcome.readings)
    detail = {"items": items, "on": use.on.isoformat(), "kind": use.activity}
    readings.save_readings(tx, stored.id, outcome.readings, _SOURCE, now)
    readings.forget_items(tx, stored.id, outcome.forgotten)
    events.add_event(tx, stored.id, "activity", now, detail, money=use.paid)
    if outcome.readings:
        # What somebody asked to be told later has been done now.
        lines.update_line(tx, stored.id, snoozed_until=None)
    return outcome


def _is_known(outcome: Outcome, use: Use) -> bool:
    """Tell whether there is nothing to note: a later use is known, nothing was paid."""
    reasons = {reason for _, reason in outcome.ignored}
    is_older = not outcome.readings and reasons == {Ignored.OLDER}
    return is_older and use.paid is None


def _why_not(
    ignored: Iterable[tuple[DeadlineKind, Ignored]], terms: Terms, words: Wording
) -> Iterator[str]:
    for kind, reason in ignored:
        if reason not in _IGNORED:
            continue
        least = least_of(terms.rule(kind))
        amount = ""
        if least is not None:
            amount = words.amount(AllowanceKind.BALANCE, least.minor, least.currency)
        yield words.say(_IGNORED[reason], what=item_text(kind, words), least=amount)
