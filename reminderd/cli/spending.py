"""What lines have cost, and which bills are worth a look."""

from collections.abc import Sequence
from contextlib import closing
from datetime import date
from typing import Annotated, Any

import typer

from reminderd.cli.context import Context
from reminderd.cli.output import AsJson, say, say_json, say_table
from reminderd.cli.rendering import wording_of
from reminderd.cli.times import day
from reminderd.clock import utc_now
from reminderd.domain.charges import Charge, Doubt
from reminderd.domain.quantities import AllowanceKind
from reminderd.messages.bills import bill_lines, bill_title, doubt_details
from reminderd.messages.catalogs import N_
from reminderd.messages.wording import Wording
from reminderd.storage.charges import charges
from reminderd.views.spend import SpendBy, Spending, Spent, spending

# More than that nobody reads; programs get all of them.
_MOST_DOUBTS = 20
_GROUPS = {
    SpendBy.LINE: N_("line"),
    SpendBy.CARRIER: N_("carrier"),
    SpendBy.MONTH: N_("month"),
    SpendBy.YEAR: N_("year"),
}


def register(app: typer.Typer) -> None:
    """Add the command of this module to *app*."""
    app.command()(spend)


def spend(
    context: typer.Context,
    by: Annotated[
        SpendBy, typer.Option("--by", help="What to put together.")
    ] = SpendBy.LINE,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DATE", help="Leave out what was paid before."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what the lines have cost, each currency by itself, and bills to check.

    Example: reminderd spend --by month --since 2026-01-01
    """
    command: Context = context.obj
    first = None if since is None else day(since)
    loaded = command.load()
    words = wording_of(loaded.settings, utc_now())
    with closing(command.open_store(loaded)) as store, store.read() as tx:
        known = charges(tx, words.reader.zone)
    spent = spending(known, by, first)
    if as_json:
        say_json(_record(spent, by, first))
    elif not spent.rows:
        _say_nothing(first, words)
    else:
        _show(spent, by, words)


def _say_nothing(since: date | None, words: Wording) -> None:
    if since is None:
        text = words.say("No payment has been recorded yet.")
    else:
        text = words.say(
            "No payment since {day} has been recorded.", day=words.day(since)
        )
    say(text)
    say(
        words.say('Record one when you renew: reminderd renew LINE --price "15.00 GBP"')
    )


def _show(spent: Spending, by: SpendBy, words: Wording) -> None:
    headings = (_GROUPS[by], N_("currency"), N_("payments"), N_("spent"))
    total = words.say("total")
    say_table(
        [words.say(heading) for heading in headings],
        [
            *(_cells(row, row.group or "-", words) for row in spent.rows),
            *(_cells(row, total, words) for row in spent.totals),
        ],
    )
    _show_doubts(spent.doubts[::-1], words)


def _show_doubts(latest_first: Sequence[Doubt], words: Wording) -> None:
    for doubt in latest_first[:_MOST_DOUBTS]:
        details = doubt_details(doubt)
        say("")
        say(bill_title(details, words))
        for line in bill_lines(details, words):
            say(f"  {line}")
    more = len(latest_first) - _MOST_DOUBTS
    if more > 0:
        say("")
        say(
            words.say_count(
                "and {n} more bill to check; all of them: reminderd spend --json",
                "and {n} more bills to check; all of them: reminderd spend --json",
                more,
            )
        )


def _cells(row: Spent, name: str, words: Wording) -> Sequence[str]:
    money = row.money
    amount = words.amount(AllowanceKind.BALANCE, money.minor, money.currency)
    return name, money.currency, str(row.charges), amount


def _record(spent: Spending, by: SpendBy, since: date | None) -> dict[str, Any]:
    """Return what was spent, in minor units; sums of one currency each."""
    return {
        "by": by.value,
        "since": since,
        "groups": [{"group": row.group} | _sum(row) for row in spent.rows],
        "totals": [_sum(row) for row in spent.totals],
        "check_bill": [_doubt(doubt) for doubt in spent.doubts],
    }


def _sum(row: Spent) -> dict[str, Any]:
    return {
        "currency": row.money.currency,
        "charges": row.charges,
        "amount": row.money.minor,
    }


def _doubt(doubt: Doubt) -> dict[str, Any]:
    return {
        "why": doubt.kind.value,
        "line": doubt.charge.line,
        "carrier": doubt.charge.carrier,
        "paid_until": doubt.paid_until,
        "charge": _charge(doubt.charge),
        "before": doubt.before and _charge(doubt.before),
    }


def _charge(charge: Charge) -> dict[str, Any]:
    return {
        "event": charge.event_id,
        "on": charge.on,
        "amount": charge.money.minor,
        "currency": charge.money.currency,
        "way": charge.way,
        "receipt": charge.receipt,
    }
