"""What can be said of lines whose carriers and plans are known, one case each."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from reminderd.domain.lines import Allowance, Deadline, DeadlineKind
from reminderd.domain.plans import Plan, Way
from reminderd.domain.quantities import BINARY, AllowanceKind, Money
from reminderd.domain.reminders import LineReminder
from tests.messages.contents import (
    TONIGHT,
    a_card,
    a_date,
    an_amount,
    reminder_about,
)

SYDNEY = ZoneInfo("Australia/Sydney")
_GB = 10**9
_GIB = 2**30
_TODAY = TONIGHT.date()


def _about(carrier: str, *readings: Allowance | Deadline) -> LineReminder:
    return reminder_about(a_card(carrier=carrier), *readings)


def _in_grace(days: int) -> LineReminder:
    """Return what is said so many days after the end of a plan with stages."""
    return _about("lebara-au", a_date(_TODAY - timedelta(days=days)))


def _data(remaining: int, total: int = 10 * _GB, **facts: object) -> Allowance:
    known = an_amount(AllowanceKind.DATA, remaining, total, days_old=0)
    return replace(known, **facts)  # type: ignore[arg-type]  # any field of it


def _renewing(due: date, price: Money | None = None) -> LineReminder:
    """Return what is said of a plan that renews itself."""
    plan = Plan(auto_renews=True, price=price)
    return reminder_about(a_card(plan=plan, carrier="ee-uk"), a_date(due))


def _by_way(way: Way, carrier: str = "o2-de") -> LineReminder:
    card = a_card(carrier=carrier, plan=Plan(way=way))
    return reminder_about(card, a_date(date(2026, 12, 6), DeadlineKind.KEEP_ALIVE))


LINE_CASES: Mapping[str, LineReminder] = {
    "plan with stages ends in 3 days": _in_grace(-3),
    "in grace": _in_grace(3),
    "suspended": _in_grace(12),
    "number lost after its stages": _in_grace(31),
    "plan ended, number kept until a date of its own": _about(
        "lebara-au",
        a_date(_TODAY - timedelta(days=12)),
        a_date(date(2026, 12, 20), DeadlineKind.NUMBER),
    ),
    "credit that only larger top-ups keep": _about(
        "three-hk", a_date(date(2026, 11, 29), DeadlineKind.CREDIT)
    ),
    "credit gone with the number": _about(
        "tello", a_date(date(2026, 11, 20), DeadlineKind.CREDIT)
    ),
    "keep-alive with terms": _about(
        "ee-uk", a_date(date(2026, 12, 6), DeadlineKind.KEEP_ALIVE)
    ),
    "asleep, credit and number can come back": _about(
        "ee-uk", a_date(date(2026, 11, 20), DeadlineKind.KEEP_ALIVE)
    ),
    "plan that waits to be started": _about(
        "airalo", a_date(date(2026, 11, 25), DeadlineKind.START_BY)
    ),
    "renews by itself": _renewing(date(2026, 12, 12), Money(1500, "GBP")),
    "renews by itself tomorrow, price unknown": _renewing(date(2026, 11, 23)),
    "did it renew": _renewing(date(2026, 11, 21), Money(1500, "GBP")),
    "data runs out before the plan ends": _about(
        "giffgaff",
        a_date(date(2026, 12, 31)),
        _data(620_000_000, 2 * _GB, per_day=310_000_000),
    ),
    "texts run out": _about(
        "giffgaff",
        replace(an_amount(AllowanceKind.SMS, 20, 50, days_old=0), per_day=15),
    ),
    "an allowance of its own ends": _about(
        "giffgaff",
        a_date(date(2027, 1, 31)),
        _data(6 * _GB, 10 * _GB, bucket="april", expires=date(2026, 11, 25)),
    ),
    "full-speed data used up": _about("giffgaff", _data(0, 40 * _GB, throttled=True)),
    "full-speed data low": _about("giffgaff", _data(2 * _GB, 40 * _GB, throttled=True)),
    "today's data used up": _about("giffgaff", _data(0, 3 * _GB, daily=True)),
    "today's data low": _about("giffgaff", _data(300_000_000, 3 * _GB, daily=True)),
    "today's full-speed data used up, midnight elsewhere": reminder_about(
        a_card(zone=SYDNEY), _data(0, 3 * _GB, daily=True, throttled=True)
    ),
    "data counted by 1024": _about(
        "airalo", _data(_GIB // 2, 3 * _GIB, size_base=BINARY)
    ),
    "data overused": _about("giffgaff", _data(-200_000_000)),
    "more than the total rolled over": _about(
        "giffgaff", a_date(date(2026, 11, 25)), _data(12 * _GB, per_day=6 * _GB)
    ),
    "an offer": _about("lebara-au", a_date(date(2026, 12, 5)), _data(5 * _GB)),
    "renewed in the app": _by_way(Way.APP),
    "renewed in a shop": _by_way(Way.SHOP),
    "renewed in a shop that nobody knows": _by_way(Way.SHOP, "giffgaff"),
}
