"""What the owner of a line should hear of at an instant, computed anew.

Nothing of ``domain.ladders``, ``states`` or ``calendar`` is used: a mistake there
must not be made here too. Readings and limits are read as plain values.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from reminderd.domain.ladders import Limit, Policy, Severity
from reminderd.domain.lines import Allowance, Deadline, Line
from reminderd.domain.periods import Period
from reminderd.domain.quantities import Money, Share

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_NOTHING_LEFT = "exhausted"
_OVER = "expired"


@dataclass(frozen=True, slots=True)
class Reached:
    """The limit at which an item stands; a greater ``rank`` is worse."""

    item: str
    text: str
    severity: Severity
    rank: float


def reached(line: Line, policy: Policy, now: datetime) -> dict[str, Reached]:
    """Return what *line* has reached at *now*, by item."""
    found = [
        known
        for deadline in line.deadlines
        if (known := _deadline(deadline, line.zone, policy, now)) is not None
    ]
    if not any(known.item == "validity" and known.text == _OVER for known in found):
        found += filter(None, (_allowance(each, policy) for each in line.allowances))
        found += _stale(line, policy, now)
    return {known.item: known for known in found}


def rank_of(text: str, reading: Allowance | Deadline, line: Line, at: Policy) -> float:
    """Return how bad it is for *reading* to be at the limit written as *text*.

    Minus infinity, better than anything, where the text no longer means anything.
    """
    if text in (_NOTHING_LEFT, _OVER):
        return float("inf")
    for limit in _limits(reading.item, at):
        if limit.text == text:
            return _rank(limit, reading, line.zone, at)
    return _rank_of_unlisted(text, reading, line.zone, at)


def wall(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return when clocks in *zone* first show *at* on *day*, or jump over it."""
    local = datetime.combine(day, at, tzinfo=zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return instant
    instant = local.replace(fold=1).astimezone(UTC)
    while instant.astimezone(zone).replace(tzinfo=None) < local.replace(tzinfo=None):
        instant += _MINUTE
    return instant


def due_at(deadline: Deadline, zone: ZoneInfo) -> datetime:
    """Return when *deadline* is over: with its day, or at its instant."""
    if isinstance(deadline.due, datetime):
        return deadline.due
    return wall(deadline.due + _DAY, time(), zone)


def limit_instant(
    period: Period, deadline: Deadline, zone: ZoneInfo, policy: Policy
) -> datetime:
    """Return when *period* is left before *deadline*."""
    end = due_at(deadline, zone)
    if period.seconds:
        return end - timedelta(seconds=period.seconds)
    last_day = (end - timedelta(microseconds=1)).astimezone(zone).date()
    return min(end, wall(last_day - period.days * _DAY, policy.at, policy.zone))


def instants(line: Line, policy: Policy) -> list[datetime]:
    """Return every instant at which a deadline of *line* gets worse."""
    return [
        instant
        for deadline in line.deadlines
        for instant in (
            due_at(deadline, line.zone),
            *(
                limit_instant(limit.at, deadline, line.zone, policy)
                for limit in _limits(deadline.item, policy)
                if isinstance(limit.at, Period)
            ),
        )
    ]


def _limits(item: str, policy: Policy) -> tuple[Limit, ...]:
    return policy.ladders.get(item.partition("/")[0], ())


def _rank(
    limit: Limit, reading: Allowance | Deadline, zone: ZoneInfo, policy: Policy
) -> float:
    if isinstance(reading, Deadline):
        assert isinstance(limit.at, Period)
        return limit_instant(limit.at, reading, zone, policy).timestamp()
    amount = _amount(limit.at, reading)
    return float("-inf") if amount is None else -amount


def _rank_of_unlisted(
    text: str, reading: Allowance | Deadline, zone: ZoneInfo, policy: Policy
) -> float:
    """Return the rank of a limit that has been taken out of the ladder since."""
    if isinstance(reading, Deadline):
        number = int("".join(char for char in text if char.isdigit()))
        unit = {"d": 86_400, "h": 3600, "min": 60, "s": 1}[text.lstrip("0123456789")]
        is_days = text.endswith("d")
        period = Period(days=number) if is_days else Period(seconds=number * unit)
        return limit_instant(period, reading, zone, policy).timestamp()
    if text.endswith("%"):
        if reading.total is None:
            return float("-inf")
        return -float(text[:-1]) * reading.total / 100
    return -float(text.split(maxsplit=1)[0])


def _amount(
    at: Share | int | Money | Period | str, allowance: Allowance
) -> float | None:
    match at:
        case Share():
            total = allowance.total
            return None if total is None else float(at.percent) * total / 100
        case Money():
            return at.minor if at.currency == allowance.currency else None
        case int():
            return at
        case Period() | str():
            raise TypeError(at)


def _allowance(allowance: Allowance, policy: Policy) -> Reached | None:
    left = allowance.remaining
    if allowance.unlimited or left is None:
        return None
    if left <= 0:
        return Reached(allowance.item, _NOTHING_LEFT, Severity.CRITICAL, float("inf"))
    amounts = {
        amount: limit
        for limit in _limits(allowance.item, policy)
        if (amount := _amount(limit.at, allowance)) is not None
    }
    below = [amount for amount in amounts if left < amount]
    if not below:
        return None
    limit = amounts[min(below)]
    severity = _severity(limit, is_last=min(below) == min(amounts))
    return Reached(allowance.item, limit.text, severity, -min(below))


def _deadline(
    deadline: Deadline, zone: ZoneInfo, policy: Policy, now: datetime
) -> Reached | None:
    if now >= due_at(deadline, zone):
        return Reached(deadline.item, _OVER, Severity.CRITICAL, float("inf"))
    ranks = {
        _rank(limit, deadline, zone, policy): limit
        for limit in reversed(_limits(deadline.item, policy))
    }
    past = [rank for rank in ranks if rank <= now.timestamp()]
    if not past:
        return None
    limit = ranks[max(past)]
    severity = _severity(limit, is_last=max(past) == max(ranks))
    return Reached(deadline.item, limit.text, severity, max(past))


def _stale(line: Line, policy: Policy, now: datetime) -> list[Reached]:
    if policy.stale is None:
        return []
    readings = [known.observed_at for known in line.readings]
    last = max(readings, default=line.added_at)
    day = last.astimezone(policy.zone).date() + policy.stale.days * _DAY
    if now < wall(day, policy.at, policy.zone):
        return []
    return [Reached("stale", "stale", Severity.INFO, last.timestamp())]


def _severity(limit: Limit, *, is_last: bool) -> Severity:
    if limit.severity is not None:
        return limit.severity
    return Severity.CRITICAL if is_last else Severity.WARNING
