"""What a line has cost: renewals and payments, by month, and bills to check."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from reminderd.domain.calendar import add_months, local_date
from reminderd.domain.charges import Charge, ChargeKind, Doubt
from reminderd.domain.quantities import AllowanceKind, Money
from reminderd.messages.bills import bill_lines, doubt_details
from reminderd.messages.catalogs import N_
from reminderd.messages.wording import Wording
from reminderd.storage.past import PastEvent
from reminderd.storage.undoing import RENEWAL, UNDONE
from reminderd.views.charts import Bar, bars
from reminderd.views.report import LineReport
from reminderd.views.spend import SpendBy, spending
from reminderd.views.tables import Table

TOP = 20.0
HEIGHT = 64.0

_MONTHS = 12
_MOST_ROWS = 8
_MOST_DOUBTS = 3
_KINDS = {ChargeKind.RENEWAL: N_("renewal"), ChargeKind.TOP_UP: N_("top-up")}


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyBars:
    """What was paid in one currency in each of twelve months, the last is this one."""

    currency: str
    total: str
    about: str
    top: str
    bars: tuple[Bar, ...]
    first: str
    last: str
    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Payments:
    """What a line has cost: by month in each currency, the latest, and what is odd."""

    monthly: tuple[MonthlyBars, ...]
    latest: Table | None
    doubts: tuple[str, ...]


def payments_of(row: LineReport, words: Wording) -> Payments:
    """Return what a line has cost."""
    found = spending(row.charges, SpendBy.MONTH).doubts
    return Payments(
        monthly=tuple(_monthly(row.charges, words)),
        latest=_latest(row, words),
        doubts=tuple(
            _doubt(doubt, words) for doubt in islice(reversed(found), _MOST_DOUBTS)
        ),
    )


def money_text(money: Money, words: Wording) -> str:
    """Return an amount of money."""
    return words.amount(AllowanceKind.BALANCE, money.minor, money.currency)


def _doubt(doubt: Doubt, words: Wording) -> str:
    return words.together(*bill_lines(doubt_details(doubt), words))


def months_until(today: date) -> list[date]:
    """Return the first days of twelve months, the last of which *today* is in."""
    this = today.replace(day=1)
    return [add_months(this, -back) for back in range(_MONTHS - 1, -1, -1)]


def _monthly(charges: Iterable[Charge], words: Wording) -> Iterator[MonthlyBars]:
    """Yield the payments of a year, one currency after the other."""
    months = months_until(words.today)
    year = spending(charges, SpendBy.MONTH, since=months[0])
    names = [month.isoformat()[:7] for month in months]
    for sum_ in year.totals:
        currency = sum_.money.currency
        by_month = {
            row.group: row.money.minor
            for row in year.rows
            if row.money.currency == currency
        }
        minor = [by_month.get(name, 0) for name in names]
        yield _bars(sum_.money, months, minor, words)


def _bars(
    total: Money, months: list[date], minor: list[int], words: Wording
) -> MonthlyBars:
    amounts = [money_text(Money(each, total.currency), words) for each in minor]
    named = [words.month(month, year=True) for month in months]
    paid = [
        (name, amount)
        for name, amount, each in zip(named, amounts, minor, strict=True)
        if each
    ]
    sum_text = money_text(total, words)
    return MonthlyBars(
        currency=total.currency,
        total=sum_text,
        about=words.say(
            "{total} in twelve months, at most {most} in one of them.",
            total=sum_text,
            most=money_text(Money(max(minor), total.currency), words),
        ),
        top=money_text(Money(max(minor), total.currency), words),
        bars=tuple(bars([max(each, 0) for each in minor], HEIGHT, TOP)),
        first=named[0],
        last=named[-1],
        table=Table(
            caption=words.say("Payments by month"),
            headings=(words.say("month"), words.say("spent")),
            rows=(*paid, (words.say("total"), sum_text)),
        ),
    )


def _latest(row: LineReport, words: Wording) -> Table | None:
    """Return the latest renewals and payments, None where there are none."""
    entries = [
        (charge.on, _KINDS[charge.kind], charge.until, money_text(charge.money, words))
        for charge in row.charges
    ]
    entries += _unpaid(row.events, words)
    entries.sort(key=lambda entry: entry[0], reverse=True)
    if not entries:
        return None
    return Table(
        caption=words.say("Renewals and payments"),
        headings=(
            words.say("when"),
            words.say("what"),
            words.say("until"),
            words.say("spent"),
        ),
        rows=tuple(
            (
                words.day(on, weekday=False),
                words.say(kind),
                "-" if until is None else words.day(until, weekday=False),
                amount,
            )
            for on, kind, until, amount in entries[:_MOST_ROWS]
        ),
    )


def _unpaid(
    events: Iterable[PastEvent], words: Wording
) -> Iterator[tuple[date, str, date | None, str]]:
    """Yield the renewals of which no price is known, unless they were taken back."""
    known = list(events)
    undone = {each.detail.get("event") for each in known if each.kind == UNDONE}
    for each in known:
        if each.kind == RENEWAL and each.money is None and each.id not in undone:
            on = _day(each, "on") or local_date(each.at, words.reader.zone)
            yield on, _KINDS[ChargeKind.RENEWAL], _day(each, "until"), "-"


def _day(event: PastEvent, key: str) -> date | None:
    """Return a date of an event, None where an older one has none or another."""
    try:
        return date.fromisoformat(str(event.detail.get(key)))
    except ValueError:
        return None
