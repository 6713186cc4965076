"""Spans of time, and the way to write them."""

import re
from dataclasses import dataclass

from reminderd.domain.texts import Text

_PERIOD = re.compile(r"(?:\d{1,12}(?:y|mo|w|d|h|min|s))+")
_PERIOD_PART = re.compile(r"(\d{1,12})(y|mo|w|d|h|min|s)")
_SECONDS = {"h": 3600, "min": 60, "s": 1}
_DAY_SECONDS = 86_400
_MOST_YEARS = 100


@dataclass(frozen=True, slots=True)
class Period:
    """A span of calendar months, or of calendar days, or of exact seconds.

    Months and days follow the calendar (a month from 31 January is 28 February,
    a day may have 23 hours); seconds are exact. Only one of the three is set.
    """

    months: int = 0
    days: int = 0
    seconds: int = 0

    def __post_init__(self) -> None:
        if min(self.months, self.days, self.seconds) < 0:
            raise ValueError("a period cannot be negative")
        if sum(map(bool, (self.months, self.days, self.seconds))) > 1:
            raise ValueError("a period is in months, or in days, or exact")
        days = self.days + self.seconds / _DAY_SECONDS
        years = max(self.months / 12, days / 365)
        if years > _MOST_YEARS:
            raise ValueError(Text("a duration is at most 100 years"))

    @property
    def is_calendar(self) -> bool:
        """Whether the period counts dates rather than elapsed time."""
        return not self.seconds

    def __str__(self) -> str:
        if self.months:
            return f"{self.months}mo"
        if not self.seconds:
            return f"{self.days}d"
        unit, size = next(
            (unit, size) for unit, size in _SECONDS.items() if not self.seconds % size
        )
        return f"{self.seconds // size}{unit}"


def parse_period(text: str) -> Period:
    """Return the period for "7d", "2w", "6mo", "1y", "12h", "90min" or "1d12h".

    Raises:
        ValueError: A unit is missing, unknown or ambiguous, or calendar months
            are mixed with other units.
    """
    text = text.strip()
    if re.fullmatch(r"\d+m", text):
        raise ValueError(
            Text(
                '{text} is ambiguous; write "{plain}o" for months or '
                '"{plain}in" for minutes',
                text=repr(text),
                plain=text,
            )
        )
    if not _PERIOD.fullmatch(text):
        number = re.match(r"\d{1,4}(?!\d)", text)
        example = f"{number[0]}d" if number else "7d"
        raise ValueError(
            Text(
                "{text} is not a duration; write a number and a unit such as "
                '"{example}" (s, min, h, d, w, mo, y)',
                text=repr(text),
                example=example,
            )
        )
    months = days = seconds = 0
    for number, unit in _PERIOD_PART.findall(text):
        months += int(number) * {"mo": 1, "y": 12}.get(unit, 0)
        days += int(number) * {"d": 1, "w": 7}.get(unit, 0)
        seconds += int(number) * _SECONDS.get(unit, 0)
    if months and (days or seconds):
        raise ValueError(
            Text(
                "{text} mixes months with other units; write one of them",
                text=repr(text),
            )
        )
    if seconds and days:
        return Period(seconds=days * _DAY_SECONDS + seconds)
    return Period(months=months, days=days, seconds=seconds)
