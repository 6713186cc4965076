"""Calendar months, local times, and the hours in which nobody wants a message.

Instants are compared in UTC: two local times of one zone compare by their wall
figures, which is wrong on the day a clock changes.
"""

from bisect import bisect_left
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from reminderd.domain.periods import Period
from reminderd.domain.texts import Text

_ONE_DAY = timedelta(days=1)
_ONE_MICROSECOND = timedelta(microseconds=1)


def require_utc(name: str, instant: datetime) -> None:
    """Raise ValueError unless *instant* is aware and in UTC."""
    if instant.utcoffset() != timedelta(0):
        raise ValueError(f"{name} must be an aware instant in UTC")


def add_months(day: date, months: int, anchor_day: int | None = None) -> date:
    """Return *day* moved by calendar *months*, at most to that month's last day.

    It falls on *anchor_day* of the month where that is given.
    """
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month0 + 1)[1]
    return date(year, month0 + 1, min(anchor_day or day.day, last))


def shift(
    day: date, period: Period, *, back: bool = False, anchor_day: int | None = None
) -> date:
    """Return *day* moved by a calendar *period*, forwards unless *back*.

    Months lead to *anchor_day* where that is given.

    Raises:
        ValueError: The calendar of Python (years 1 to 9999) ends before that.
    """
    sign = -1 if back else 1
    if period.months:
        return add_months(day, sign * period.months, anchor_day)
    try:
        return day + timedelta(days=sign * period.days)
    except OverflowError as error:
        raise ValueError(
            Text("{period} from {day} is beyond the calendar", period=period, day=day)
        ) from error


def local_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the instant in UTC at which clocks in *zone* show *at* on *day*.

    Where the clock jumps over *at*, the first instant after the gap; where it
    shows *at* twice, the first of the two.
    """
    wall = datetime.combine(day, at, tzinfo=zone)
    instant = wall.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return instant
    # In a gap fold=0 uses the offset before it and fold=1 the one after it: the
    # clocks jump where the earlier offset reaches the skipped time's beginning.
    before = wall.replace(fold=1).astimezone(UTC)
    return _jump(before, instant, zone)


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant between two others at which the clocks of *zone* jump."""
    start = before.replace(microsecond=0)
    offset = after.astimezone(zone).utcoffset()

    def has_jumped(seconds: int) -> bool:
        at = start + timedelta(seconds=seconds)
        return at.astimezone(zone).utcoffset() == offset

    # Clocks jump at whole seconds.
    seconds = range(int((after - start).total_seconds()))
    return start + timedelta(seconds=bisect_left(seconds, x=True, key=has_jumped))


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant in UTC at which *day* is over in *zone*."""
    return local_instant(day + _ONE_DAY, time(), zone)


def local_date(instant: datetime, zone: ZoneInfo) -> date:
    """Return the calendar date of *instant* in *zone*."""
    return instant.astimezone(zone).date()


def last_date(end: datetime, zone: ZoneInfo) -> date:
    """Return the last calendar date in *zone* that lies before the instant *end*."""
    return local_date(end - _ONE_MICROSECOND, zone)


def after(instant: datetime, period: Period, at: time, zone: ZoneInfo) -> datetime:
    """Return when *period* has passed since *instant*.

    A calendar period ends at the local time *at* in *zone*; an exact one to the
    second.
    """
    if not period.is_calendar:
        return instant + timedelta(seconds=period.seconds)
    return local_instant(shift(local_date(instant, zone), period), at, zone)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours of a reader's day in which deliveries wait; they may span midnight."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start == self.end:
            raise ValueError(Text("quiet hours begin and end at the same time"))

    def ends_at(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """Return when the quiet hours around *now* end, or None outside of them."""
        today = local_date(now, zone)
        for day in (today - _ONE_DAY, today):
            end_day = day if self.start < self.end else day + _ONE_DAY
            start = local_instant(day, self.start, zone)
            end = local_instant(end_day, self.end, zone)
            if start <= now < end:
                return end
        return None
