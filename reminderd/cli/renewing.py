"""Record that a plan was bought again, or take that back."""

from contextlib import closing
from datetime import datetime
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from reminderd.cli.confirming import say_next
from reminderd.cli.context import Context, LineName, require_line
from reminderd.cli.declaring import policies_of
from reminderd.cli.figures import parse_data
from reminderd.cli.item_names import item_text
from reminderd.cli.output import say
from reminderd.cli.paying import OnDay, Paid, charge_removed, check_bill
from reminderd.cli.rendering import wording_of
from reminderd.cli.renew_options import RenewOptions, plan_given, receipt_given
from reminderd.cli.times import day, day_done
from reminderd.clock import utc_now
from reminderd.config.effective import size_base_of
from reminderd.config.loading import Loaded
from reminderd.config.settings import LineSettings, Settings
from reminderd.domain.activities import Outcome
from reminderd.domain.lines import Deadline, DeadlineKind
from reminderd.domain.plan_ends import running
from reminderd.domain.plans import Plan, Start
from reminderd.domain.quantities import AllowanceKind
from reminderd.domain.renewals import Renewal, chosen
from reminderd.domain.renewals import renew as renew_line
from reminderd.domain.texts import Text, said
from reminderd.errors import UsageError
from reminderd.messages.catalogs import N_
from reminderd.storage import events, lines, readings, undoing
from reminderd.storage.lines import StoredLine

_SOURCE = "cli"


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
    options = RenewOptions(
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
        if not options.is_empty:
            raise UsageError(Text("--undo takes no other option"))
        _undo(command, loaded, line, now)
    else:
        _renew(command, loaded, line, options, now)


def _renew(
    command: Context, loaded: Loaded, line: str, options: RenewOptions, now: datetime
) -> None:
    given = plan_given(options)
    receipt = receipt_given(options)
    with closing(command.open_store(loaded)) as store, store.write() as tx:
        if given.price is not None and charge_removed(
            tx, loaded, line, Paid(given.price, receipt), now
        ):
            return
        stored = require_line(tx, line)
        detail = _record(tx, loaded, stored, options, given, now)
        check_bill(tx, loaded, stored.id, stored.line.zone, now)
    say_next(command, loaded, stored.name, N_("renewed"), now)
    words = wording_of(loaded.settings, now)
    if detail["start"] == Start.QUEUE:
        say(words.say("The new plan waits for the end of the present one."))


def _record(  # noqa: PLR0917 - what was typed, and what it is about
    tx: Connection,
    loaded: Loaded,
    stored: StoredLine,
    options: RenewOptions,
    given: Plan,
    now: datetime,
) -> dict[str, Any]:
    """Record a renewal, and what was known before; return the details of the event."""
    terms = policies_of(loaded.settings)(stored).terms
    base = _size_base(stored, loaded.settings)
    data = None if options.data is None else parse_data(options.data)
    renewal = Renewal(
        on=day_done(options.on, stored.line.zone, now),
        until=None if options.until is None else day(options.until),
        plan=given,
        data=None if data is None else data.counted_by(base),
        size_base=base,
    )
    try:
        outcome = renew_line(stored.line, renewal, terms, now)
    except ValueError as error:
        raise UsageError(said(error)) from error
    plan = chosen(stored.line, renewal, terms)
    detail = {
        **undoing.changes(stored.line, outcome),
        **_details(stored, renewal, plan, outcome),
        "receipt": receipt_given(options),
    }
    readings.write_readings(tx, stored.id, outcome.readings, _SOURCE)
    readings.forget_items(tx, stored.id, outcome.forgotten)
    events.add_event(tx, stored.id, undoing.RENEWAL, now, detail, money=plan.price)
    # What somebody asked to be told later has been done now.
    lines.update_line(tx, stored.id, snoozed_until=None)
    return detail


def _details(
    stored: StoredLine, renewal: Renewal, plan: Plan, outcome: Outcome
) -> dict[str, Any]:
    """Return what a look at the bill needs to know of a renewal, as JSON values."""
    old = stored.line.deadline(DeadlineKind.VALIDITY)
    # With a date of its own, nobody has said which period that is.
    period = None if renewal.until else plan.period
    is_running = running(stored.line, renewal.on) is not None
    return {
        "on": renewal.on.isoformat(),
        "until": _end_of(outcome),
        "before_until": old and old.due_on(stored.line.zone).isoformat(),
        "period": period and str(period),
        "start": plan.start if is_running else Start.TODAY,
        "way": plan.way,
    }


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
                Text(
                    "{name} has no renewal that could be taken back; see: "
                    "reminderd history",
                    name=stored.name,
                )
            )
        newer = undoing.undo(tx, stored, renewal, now)
    say_next(command, loaded, stored.name, N_("the renewal is taken back"), now)
    if newer:
        words = wording_of(loaded.settings, now)
        text = words.say(
            "Left as it is, since something newer is known: {items}",
            items=words.say(", ").join(item_text(item, words) for item in newer),
        )
        say(text)


def _size_base(stored: StoredLine, settings: Settings) -> int:
    """Return how many bytes are a kilobyte on a line: as it is known, or as usual."""
    data = stored.line.allowance(AllowanceKind.DATA)
    if data is not None:
        return data.size_base
    section = settings.lines.get(stored.name)
    return size_base_of(settings, section or LineSettings(carrier=stored.carrier))
