"""The types of settings about time: durations, hours, dates and timezones."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import BeforeValidator, PlainValidator

from reminderd.config.texts import one_or_more, quantity_text, text_of
from reminderd.config.wording import SettingError, echo, nearest
from reminderd.domain.calendar import QuietHours
from reminderd.domain.periods import Period, parse_period
from reminderd.domain.texts import Text

_YEARS = range(2000, 2200)
_YEAR_MONTHS = 12
_YEAR_DAYS = 366
_MINUTE_SECONDS = 60
_DAY_SECONDS = 24 * 60 * 60
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


def period(value: object, example: str = '"7d"') -> Period:
    """Return the duration that *value* says."""
    return parse_period(quantity_text(value, example))


def _positive(value: object) -> Period:
    gap = period(value)
    if gap == Period():
        raise SettingError(Text('cannot be zero; write a duration such as "1d"'))
    return gap


def calendar_period(value: object) -> Period:
    """Return a duration that counts dates, and is not zero."""
    gap = _positive(value)
    if not gap.is_calendar:
        raise SettingError(
            Text('counts dates; write days, weeks, months or years, such as "6mo"')
        )
    return gap


def _up_to_a_year(value: object) -> Period:
    gap = calendar_period(value)
    if gap.months > _YEAR_MONTHS or gap.days > _YEAR_DAYS:
        raise SettingError(
            Text('is more than a year; write a shorter one, such as "30d"')
        )
    return gap


def _heartbeat(value: object) -> timedelta:
    gap = period(value, '"1h"')
    seconds = gap.seconds + gap.days * _DAY_SECONDS
    if gap.months or not _MINUTE_SECONDS <= seconds <= 7 * _DAY_SECONDS:
        raise SettingError(
            Text('must be from a minute to a week; write "1min" to "7d"')
        )
    return timedelta(seconds=seconds)


def _seconds_up_to(most: int) -> Callable[[object], timedelta]:
    def parse(value: object) -> timedelta:
        gap = period(value, '"5s"')
        if not 1 <= gap.seconds <= most:
            raise SettingError(
                Text('must be from 1 s to {most} s; write "1s" to "{most}s"', most=most)
            )
        return timedelta(seconds=gap.seconds)

    return parse


def _stale(value: object) -> Period | Literal["never"]:
    return "never" if value == "never" else _positive(value)


def _offer(value: object) -> Period | Literal["never"]:
    return "never" if value == "never" else _up_to_a_year(value)


def _clock(value: object) -> time:
    match = _CLOCK.fullmatch(text_of(value, '"09:00"'))
    if not match:
        raise SettingError(
            Text('{value} is not a time of day; write "09:00"', value=echo(str(value)))
        )
    return time(int(match[1]), int(match[2]))


def _quiet(value: object) -> QuietHours:
    start, dash, end = text_of(value, '"22:00-08:00"').partition("-")
    if not (dash and _CLOCK.fullmatch(start) and _CLOCK.fullmatch(end)):
        raise SettingError(
            Text('{value} are no hours; write "22:00-08:00"', value=echo(str(value)))
        )
    if start == end:
        raise SettingError(
            Text('begins and ends at the same time; write "22:00-08:00"')
        )
    return QuietHours(_clock(start), _clock(end))


def _zone(value: object) -> ZoneInfo:
    name = text_of(value, '"Europe/London"')
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        better = _nearest_zone(name)
        hint = (
            Text("did you mean {better}?", better=echo(better))
            if better
            else Text('write "Europe/London"')
        )
        raise SettingError(
            Text("there is no timezone {name}; {hint}", name=echo(name), hint=hint)
        ) from None


@lru_cache(maxsize=64)
def _nearest_zone(name: str) -> str | None:
    # To list them takes a look at hundreds of files; one mistake often comes in many
    # lines.
    return nearest(name, available_timezones())


def _due(value: object) -> date | datetime:
    """Return a date, which is inclusive, or an instant in UTC."""
    parsed = _parsed_date(value)
    if not isinstance(parsed, datetime):
        return parsed
    if parsed.utcoffset() is None:
        raise SettingError(
            Text(
                "is a time without a timezone; write a date such as "
                "2027-01-31, or add the offset: 2027-01-31T23:59:00+01:00"
            )
        )
    return parsed.astimezone(UTC)


def _day(value: object) -> date:
    parsed = _parsed_date(value)
    if isinstance(parsed, datetime):
        raise SettingError(Text("is an instant; write a date such as 2027-01-31"))
    return parsed


def _parsed_date(value: object) -> date | datetime:
    parsed = value
    if isinstance(value, str):
        kind = datetime if len(value) > len("2027-01-31") else date
        try:
            parsed = kind.fromisoformat(value)
        except ValueError:
            parsed = None
    if not isinstance(parsed, date):
        raise SettingError(Text("is not a date; write it without quotes: 2027-01-31"))
    if parsed.year not in _YEARS:
        raise SettingError(
            Text("is in the year {year}; write one from 2000 to 2199", year=parsed.year)
        )
    return parsed


PositivePeriod = Annotated[Period, PlainValidator(_positive)]
CalendarPeriod = Annotated[Period, PlainValidator(calendar_period)]
ProofGap = Annotated[Period, PlainValidator(_up_to_a_year)]
Gaps = Annotated[tuple[PositivePeriod, ...], BeforeValidator(one_or_more)]
Stale = Annotated[Period | Literal["never"], PlainValidator(_stale)]
OfferGap = Annotated[Period | Literal["never"], PlainValidator(_offer)]
PollGap = Annotated[timedelta, PlainValidator(_seconds_up_to(30))]
SendTime = Annotated[timedelta, PlainValidator(_seconds_up_to(60))]
HeartbeatGap = Annotated[timedelta, PlainValidator(_heartbeat)]
ClockTime = Annotated[time, PlainValidator(_clock)]
Quiet = Annotated[QuietHours, PlainValidator(_quiet)]
Zone = Annotated[ZoneInfo, PlainValidator(_zone)]
Due = Annotated[date | datetime, PlainValidator(_due)]
Day = Annotated[date, PlainValidator(_day)]
