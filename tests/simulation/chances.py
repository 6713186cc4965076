"""Random lines, channels and wishes, from a seeded source."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import TypeVar
from zoneinfo import ZoneInfo

from reminderd.domain.calendar import QuietHours
from reminderd.domain.ladders import Limit, Policy, Severity
from reminderd.domain.lines import (
    FOLLOWING,
    Allowance,
    Deadline,
    DeadlineKind,
    Reading,
    rolling_deadline,
)
from reminderd.domain.periods import Period, parse_period
from reminderd.domain.quantities import AllowanceKind, parse_quantity, parse_share
from tests.simulation.estate import ChannelSection, Estate, LineSection

# Clocks that change at midnight, by half an hour, or not at all.
ZONES = (
    "Europe/London",
    "Asia/Shanghai",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Asia/Beirut",
    "Asia/Kathmandu",
)
_HOURS = (time(9), time(7, 30), time(20), time(0, 30), time(2, 30))
_DATE_LADDERS = ("30d 7d 3d 1d", "7d 1d", "14d 36h 2h", "1d", "10d 5d", "3d", "")
_DATA_LADDERS = ("20% 500MB", "50% 10%", "1GB", "20%", "")
_SMS_LADDERS = ("20%", "10 5", "")
_BALANCE_LADDERS = ("20%", "5.00GBP 1.00GBP", "3.00GBP")
_REPEATS = ("", "", "1d", "1d 3d 7d", "12h", "2d")
_STALE = (None, "30d", "60d", "90d")
_QUIET = ("22:00-08:00", "00:00-06:00", "12:00-13:30", "23:30-09:30")
_READ = tuple(kind for kind in DeadlineKind if kind not in FOLLOWING)
_Choice = TypeVar("_Choice")
_GB = 1_000_000_000
NAMES = ("home", "travel", "modem", "tablet", "watch", "alarm", "boat", "van")
CHANNELS = ("phone", "mail", "chat")


def a_start(rng: Random) -> datetime:
    """Return an instant of the years 2025 to 2028."""
    start = datetime(2025, 1, 1, tzinfo=UTC)
    return start + timedelta(seconds=rng.randrange(4 * 365 * 86_400))


def an_estate(rng: Random, now: datetime) -> Estate:
    """Return lines, channels and wishes."""
    zone = ZoneInfo(rng.choice(ZONES))
    estate = Estate(policy=a_policy(rng, zone), zone=zone)
    for name in CHANNELS[: rng.choice((1, 2, 2, 3, 3))]:
        estate.channels[name] = a_channel(rng, name)
    for name in NAMES[: rng.choice((1, 1, 2, 3, 4, 6))]:
        estate.lines[name] = a_line(rng, name, estate, now)
    add_fallbacks(rng, estate)
    return estate


def add_fallbacks(rng: Random, estate: Estate) -> None:
    """Give some channels a fallback; no circle, as the configuration demands."""
    names = [*estate.channels]
    for at, name in enumerate(names):
        later = names[at + 1 :]
        fallback = rng.choice(later) if later and rng.random() < 0.5 else None
        estate.channels[name] = replace(estate.channels[name], fallback=fallback)


def a_channel(rng: Random, name: str, version: int = 0) -> ChannelSection:
    """Return a channel without a fallback."""
    quiet = None
    if rng.random() < 0.4:
        start, end = map(time.fromisoformat, rng.choice(_QUIET).split("-"))
        quiet = QuietHours(start, end)
    return ChannelSection(
        name=name,
        min_severity=rng.choice((*Severity, Severity.INFO, Severity.WARNING)),
        quiet=quiet,
        group=rng.random() < 0.6,
        version=version,
    )


def a_policy(rng: Random, zone: ZoneInfo) -> Policy:
    """Return limits, an hour and repeats."""
    stale = rng.choice(_STALE)
    ladders = {kind.value: rng.choice(_DATE_LADDERS) for kind in DeadlineKind} | {
        "data": rng.choice(_DATA_LADDERS),
        "voice": "20%",
        "sms": rng.choice(_SMS_LADDERS),
        "balance": rng.choice(_BALANCE_LADDERS),
    }
    return Policy(
        zone=zone,
        ladders={
            item: tuple(_limit(rng, item, text) for text in texts.split())
            for item, texts in ladders.items()
        },
        stale=None if stale is None else parse_period(stale),
        at=rng.choice(_HOURS),
        repeat=tuple(map(parse_period, rng.choice(_REPEATS).split())),
    )


def _limit(rng: Random, item: str, text: str) -> Limit:
    severity = rng.choice(list(Severity)) if rng.random() < 0.1 else None
    if item in set(DeadlineKind):
        return Limit(parse_period(text), severity)
    if text.endswith("%"):
        return Limit(parse_share(text), severity)
    return Limit(parse_quantity(AllowanceKind(item), text), severity)


def a_line(rng: Random, name: str, estate: Estate, now: datetime) -> LineSection:
    """Return a line, at times with limits and channels of its own."""
    zone = ZoneInfo(rng.choice(ZONES))
    readings: list[Reading] = [
        a_deadline(rng, kind, zone, now) for kind in _some(rng, _READ)
    ]
    readings += [an_allowance(rng, kind, now) for kind in _some(rng, AllowanceKind)]
    route = None
    if rng.random() < 0.2:
        route = tuple(_some(rng, list(estate.channels)))
    return LineSection(
        name=name,
        timezone=zone.key,
        readings={each.item: each for each in readings},
        route=route,
        policy=a_policy(rng, estate.zone) if rng.random() < 0.2 else None,
    )


def _some(rng: Random, choices: Iterable[_Choice]) -> list[_Choice]:
    """Return at least one of *choices*, in their order."""
    known = list(choices)
    chosen = [choice for choice in known if rng.random() < 0.4]
    return chosen or [rng.choice(known)]


def a_deadline(
    rng: Random, kind: DeadlineKind, zone: ZoneInfo, now: datetime
) -> Deadline:
    """Return a deadline that lies ahead as a rule."""
    today = now.astimezone(zone).date()
    days = rng.choice((0, 1, 7, 14, 28, 30, 31, 60, 90, 180, 365))
    if kind is DeadlineKind.KEEP_ALIVE or (
        kind is DeadlineKind.NUMBER and rng.random() < 0.5
    ):
        period = rng.choice((Period(days=90), Period(months=6), Period(months=3)))
        last = today - timedelta(days=rng.randrange(80))
        return rolling_deadline(last, period, now, kind)
    if rng.random() < 0.2:
        due = now.replace(microsecond=0) + timedelta(hours=rng.randrange(2, 2000))
        return Deadline(kind=kind, due=due, observed_at=now)
    due_on = today + timedelta(days=days + rng.randrange(-1, 4))
    return Deadline(kind=kind, due=due_on, observed_at=now)


_TOTALS = {
    AllowanceKind.DATA: (_GB, 5 * _GB, 10 * _GB),
    AllowanceKind.VOICE: (6000, 60_000),
    AllowanceKind.SMS: (50, 100),
    AllowanceKind.BALANCE: (1000, 2000),
}


def an_allowance(rng: Random, kind: AllowanceKind, now: datetime) -> Allowance:
    """Return an allowance; at times unlimited, unknown, or used up."""
    total = rng.choice(_TOTALS[kind])
    unlimited = rng.random() < 0.08 and kind is not AllowanceKind.BALANCE
    remaining: int | None = rng.choice(
        (total, total, total * 6 // 10, total * 19 // 100, total // 20, 0)
    )
    if unlimited or rng.random() < 0.08:
        remaining = None
    return Allowance(
        kind=kind,
        remaining=remaining,
        total=None if unlimited or rng.random() < 0.1 else total,
        unlimited=unlimited,
        currency="GBP" if kind is AllowanceKind.BALANCE else None,
        observed_at=now,
    )


def a_reading(rng: Random, known: Reading, zone: ZoneInfo, now: datetime) -> Reading:
    """Return the next reading of what was *known*: used, refilled, corrected, late."""
    observed_at = now
    if rng.random() < 0.25:
        observed_at = now - timedelta(seconds=rng.randrange(20 * 86_400))
    if isinstance(known, Deadline):
        return a_deadline(rng, known.kind, zone, observed_at)
    if rng.random() < 0.15 or known.remaining is None or known.total is None:
        return an_allowance(rng, known.kind, observed_at)
    share = rng.choice((100, 97, 95, 90, 80, 50, 30, 102, 105, 109, 111))
    return Allowance(
        kind=known.kind,
        remaining=known.remaining * share // 100,
        total=known.total,
        currency=known.currency,
        observed_at=observed_at,
    )
