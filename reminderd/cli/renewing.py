"""Record that a plan was bought again, or take that back."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar

import typer
from sqlalchemy import Connection

from reminderd.cli.confirming import say_next
from reminderd.cli.context import Context, LineName, require_line
from reminderd.cli.declaring import policies_of
from reminderd.cli.figures import parse_data
from reminderd.cli.output import say
from reminderd.cli.paying import OnDay, Paid, charge_removed, check_bill
from reminderd.cli.rendering import wording_of
from reminderd.cli.times import day, day_done, span
from reminderd.clock import utc_now
from reminderd.config.loading import Loaded
from reminderd.config.plans import leftover as parse_leftover
from reminderd.config.plans import price as parse_price
from reminderd.config.plans import start as parse_start
from reminderd.config.plans import way as parse_way
from reminderd.domain.activities import Outcome
from reminderd.domain.lines import Deadline, DeadlineKind, Line
from reminderd.domain.names import clean_name
from reminderd.domain.plans import Plan
from reminderd.domain.quantities import DECIMAL, AllowanceKind
from reminderd.domain.renewals import Renewal
from reminderd.domain.renewals import renew as renew_line
from reminderd.errors import UsageError
from reminderd.messages.catalogs import N_
from reminderd.storage import events, lines, readings, undoing
from reminderd.storage.lines import StoredLine

_SOURCE = "cli"
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    """What was typed, not yet looked into."""

    until: str | None
    period: str | None
    start: str | None
    leftover: str | None
    on: str | None
    data: str | None
    price: str | None
    via: str | None
    receipt: str | None


def register(app: typer.Typer) -> None:
    """Add the command of this module to *app*."""
    app.command()(renew)


def renew(  # noqa: PLR0917 - the options of a command
    context: typer.Context,
    line: LineName,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="DATE", help="The last day of the new plan."),
    ] = None,
    period: Annotated[
        str | None,
        typer.Option(
            "--period",
            metavar="PERIOD",
            help="How long it lasts, such as 30d, 1mo or 1y; default: what the line "
            "(renew_every) or its carrier says.",
        ),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="START",
            help="From when that counts: old-end, today, later (of the two) or queue "
            "(the new plan waits for the end of this one).",
        ),
    ] = None,
    leftover: Annotated[
        str | None,
        typer.Option(
            "--leftover",
            metavar="WHAT",
            help="What becomes of what is left: drop, add, cap:5GB, or keep (it stays "
            "apart, with its own end).",
        ),
    ] = None,
    on: OnDay = None,
    data: Annotated[
        str | None,
        typer.Option("--data", metavar="SIZE", help="The new data, such as 10GB."),
    ] = None,
    price: Annotated[
        str | None,
        typer.Option(
            "--price",
            metavar="MONEY",
            help='What it cost, such as "15.00 GBP"; default: renew_price.',
        ),
    ] = None,
    via: Annotated[
        str | None,
        typer.Option("--via", metavar="WAY", help="website, app or shop."),
    ] = None,
    receipt: Annotated[
        str | None,
        typer.Option("--receipt", metavar="TEXT", help="The number of the receipt."),
    ] = None,
    undo: Annotated[
        bool, typer.Option("--undo", help="Take the last renewal back.")
    ] = False,
) -> None:
    """Record that a plan was bought again, and say when you hear of it next.

    What is not said is taken from the line, then from its carrier; else the period
    counts from the old end, or from today if that has passed, and what has a known
    total is full again.

    Example: reminderd renew uk-travel --period 30d --price "15.00 GBP"
    """
    command: Context = context.obj
    loaded = command.load()
    now = utc_now()
    options = _Options(
        until=until,
        period=period,
        start=start,
        leftover=leftover,
        on=on,
        data=data,
        price=price,
        via=via,
        receipt=receipt,
    )
    if undo:
        if options != _Options(**dict.fromkeys(_Options.__slots__)):
            raise UsageError("--undo takes no other option")
        _undo(command, loaded, line, now)
    else:
        _renew(command, loaded, line, options, now)


def _renew(
    command: Context, loaded: Loaded, line: str, options: _Options, now: datetime
) -> None:
    if options.until and options.period:
        raise UsageError("--until and --period: give one of the two")
    paid = _parsed("--price", options.price, parse_price)
    with closing(command.open_store(loaded)) as store, store.write() as tx:
        if paid is not None and charge_removed(
            tx, loaded, line, Paid(paid, _text(options.receipt)), now
        ):
            return
        stored = require_line(tx, line)
        plan = _plan_given(options)
        detail = _record(tx, loaded, stored, options, plan, now)
        check_bill(tx, loaded, stored.id, stored.line.zone, now)
    name = stored.name
    say_next(command, loaded, name, N_("renewed"), now)
    words = wording_of(loaded.settings, now)
    if detail["start"] == "queue":
        say(words.say("The new plan waits for the end of the present one."))


def _record(  # noqa: PLR0917 - what was typed, and what it is about
    tx: Connection,
    loaded: Loaded,
    stored: StoredLine,
    options: _Options,
    given: Plan,
    now: datetime,
) -> dict[str, Any]:
    """Record a renewal, and what was known before; return the details of the event."""
    terms = policies_of(loaded.settings)(stored).terms
    plan = given.over(stored.line.plan.over(terms.plan))
    base = _size_base(stored.line)
    try:
        renewal = Renewal(
            on=day_done(options.on, stored.line.zone, now),
            until=None if options.until is None else day(options.until),
            plan=given,
            data=None
            if options.data is None
            else parse_data(options.data).counted_by(base),
            size_base=base,
            paid=plan.price,
        )
        outcome = renew_line(stored.line, renewal, terms, now)
    except ValueError as error:
        raise UsageError(str(error)) from error
    items = [*(reading.item for reading in outcome.readings), *outcome.forgotten]
    before = [known for known in stored.line.readings if known.item in items]
    old = stored.line.deadline(DeadlineKind.VALIDITY)
    detail = {
        "items": sorted(items),
        "before": undoing.snapshot(before),
        "on": renewal.on.isoformat(),
        "until": _end_of(outcome),
        "before_until": old and old.due_on(stored.line.zone).isoformat(),
        "period": plan.period and str(plan.period),
        "start": plan.start,
        "way": plan.way,
        "receipt": _text(options.receipt),
    }
    readings.write_readings(tx, stored.id, outcome.readings, _SOURCE)
    readings.forget_items(tx, stored.id, outcome.forgotten)
    events.add_event(tx, stored.id, undoing.RENEWAL, now, detail, money=plan.price)
    # What somebody asked to be told later has been done now.
    lines.update_line(tx, stored.id, snoozed_until=None)
    return detail


def _end_of(outcome: Outcome) -> str:
    """Return the last day of the plan that was bought."""
    ends = (
        each.due.isoformat()
        for each in outcome.readings
        if isinstance(each, Deadline) and each.kind is DeadlineKind.VALIDITY
    )
    return next(ends)


def _undo(command: Context, loaded: Loaded, line: str, now: datetime) -> None:
    with closing(command.open_store(loaded)) as store, store.write() as tx:
        stored = require_line(tx, line)
        renewal = undoing.last_renewal(tx, stored.id)
        if renewal is None:
            raise UsageError(
                f"{stored.name} has no renewal that could be taken back; see: "
                "reminderd history"
            )
        newer = undoing.undo(tx, stored, renewal, now)
    say_next(command, loaded, stored.name, N_("the renewal is taken back"), now)
    if newer:
        words = wording_of(loaded.settings, now)
        text = words.say(
            "Left as it is, since something newer is known: {items}",
            items=", ".join(newer),
        )
        say(text)


def _plan_given(options: _Options) -> Plan:
    leftover, cap = _parsed("--leftover", options.leftover, parse_leftover) or (
        None,
        None,
    )
    return Plan(
        period=None if options.period is None else span(options.period),
        start=_parsed("--from", options.start, parse_start),
        leftover=leftover,
        cap=cap,
        price=_parsed("--price", options.price, parse_price),
        way=_parsed("--via", options.via, parse_way),
    )


def _parsed(
    option: str, text: str | None, parse: Callable[[object], _Value]
) -> _Value | None:
    """Return the value of an option that may be absent.

    Raises:
        UsageError: It is none of what it may be.
    """
    try:
        return None if text is None else parse(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from error


def _text(text: str | None) -> str | None:
    return None if text is None else clean_name(text)


def _size_base(line: Line) -> int:
    data = line.allowance(AllowanceKind.DATA)
    return DECIMAL if data is None else data.size_base
