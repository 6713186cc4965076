"""Domain objects for tests: each builder fills in all that a test does not care for."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from reminderd.domain.charges import Charge, ChargeKind
from reminderd.domain.ladders import Limit, Policy
from reminderd.domain.lines import Allowance, Deadline, DeadlineKind, Line, Reading
from reminderd.domain.periods import Period, parse_period
from reminderd.domain.quantities import (
    AllowanceKind,
    parse_money,
    parse_quantity,
    parse_share,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
SHANGHAI = ZoneInfo("Asia/Shanghai")

_LADDERS = {
    "validity": "30d 7d 3d 1d",
    "credit": "30d 7d 3d 1d",
    "start_by": "30d 7d 3d 1d",
    "keep_alive": "30d 14d 7d 3d 1d",
    "number": "30d 14d 7d 3d 1d",
    "data": "20% 500MB",
    "voice": "20%",
    "sms": "20%",
    "balance": "20%",
}


def a_line(
    *readings: Allowance | Deadline,
    name: str = "uk-travel",
    zone: ZoneInfo = LONDON,
    added_at: datetime = NOW,
    snoozed_until: datetime | None = None,
    review_at: datetime | None = None,
) -> Line:
    """Return a line with *readings*, by default none, in London."""
    line = Line(
        name=name,
        zone=zone,
        added_at=added_at,
        snoozed_until=snoozed_until,
        review_at=review_at,
    )
    return with_readings(line, *readings)


def with_readings(line: Line, *readings: Reading) -> Line:
    """Return *line* with *readings* in the place of what was known before."""
    items = {reading.item for reading in readings}
    known = [reading for reading in line.readings if reading.item not in items]
    known += readings
    return replace(
        line,
        allowances=tuple(each for each in known if isinstance(each, Allowance)),
        deadlines=tuple(each for each in known if isinstance(each, Deadline)),
    )


def an_allowance(
    remaining: int | None = 300_000_000,
    total: int | None = 10_000_000_000,
    *,
    kind: AllowanceKind = AllowanceKind.DATA,
    unlimited: bool = False,
    observed_at: datetime = NOW,
) -> Allowance:
    """Return an allowance, by default 300 MB of 10 GB; a balance is in GBP."""
    return Allowance(
        kind=kind,
        remaining=remaining,
        total=total,
        unlimited=unlimited,
        currency="GBP" if kind is AllowanceKind.BALANCE else None,
        observed_at=observed_at,
    )


def a_deadline(  # noqa: PLR0913 - what a test cares for differs
    due: date | datetime = date(2026, 12, 4),
    *,
    kind: DeadlineKind = DeadlineKind.VALIDITY,
    period: Period | None = None,
    last_activity_on: date | None = None,
    anchor_day: int | None = None,
    observed_at: datetime = NOW,
) -> Deadline:
    """Return a deadline, by default the end of the plan in 12 days."""
    return Deadline(
        kind=kind,
        due=due,
        period=period,
        last_activity_on=last_activity_on,
        anchor_day=anchor_day,
        observed_at=observed_at,
    )


def a_policy(
    *,
    zone: ZoneInfo = LONDON,
    ladders: Mapping[str, str] | None = None,
    stale: str | None = "30d",
    repeat: str = "",
) -> Policy:
    """Return a policy with the built-in limits, or with *ladders* such as data: 20%."""
    texts = _LADDERS if ladders is None else ladders
    return Policy(
        zone=zone,
        ladders={
            item: tuple(_limit(item, text) for text in texts[item].split())
            for item in texts
        },
        stale=None if stale is None else parse_period(stale),
        repeat=tuple(parse_period(text) for text in repeat.split()),
    )


def _limit(item: str, text: str) -> Limit:
    if item in set(DeadlineKind):
        return Limit(parse_period(text))
    if text.endswith("%"):
        return Limit(parse_share(text))
    return Limit(parse_quantity(AllowanceKind(item), text))


def a_charge(
    on: date,
    price: str = "15.00 GBP",
    *,
    line: str = "uk-travel",
    carrier: str | None = "giffgaff",
    period: str | None = None,
    **details: Any,
) -> Charge:
    """Return a renewal paid and recorded *on* a day; its event is that day's number."""
    columns: dict[str, Any] = {
        "event_id": on.toordinal(),
        "at": datetime.combine(on, time(12), tzinfo=UTC),
        "kind": ChargeKind.RENEWAL,
    }
    return Charge(
        **columns | details,
        line=line,
        carrier=carrier,
        on=on,
        money=parse_money(price),
        period=None if period is None else parse_period(period),
    )
