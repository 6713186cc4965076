"""Instants, days and spans as they are typed on the command line."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from reminderd.clock import utc_now
from reminderd.domain.calendar import end_of_day, local_date, local_instant, shift
from reminderd.domain.periods import Period, parse_period
from reminderd.domain.texts import Text, said
from reminderd.errors import UsageError

# Those that dates may have; beyond them the calendar itself comes to an end.
_YEARS = range(2000, 2200)
_DURATION = re.compile(r"[0-9]+ *[a-z].*", re.IGNORECASE)


def moment(option: str | None) -> datetime:
    """Return the instant given with ``--now``, or the current one.

    Raises:
        UsageError: The text is no instant, has no zone, or is ages away.
    """
    if option is None:
        return utc_now()
    try:
        instant = datetime.fromisoformat(option)
    except ValueError as error:
        raise UsageError(
            Text(
                "--now {option} is not an instant; write 2026-12-01T09:00Z",
                option=repr(option),
            )
        ) from error
    if instant.tzinfo is None:
        utc = f"{instant.isoformat(timespec='minutes')}Z"
        raise UsageError(
            Text(
                "--now {option} has no zone; write {utc} for UTC",
                option=repr(option),
                utc=utc,
            )
        )
    if instant.year not in _YEARS:
        raise UsageError(
            Text("--now {option}: write a year from 2000 to 2199", option=repr(option))
        )
    return instant.astimezone(UTC)


def day(text: str) -> date:
    """Return the date in *text*.

    Raises:
        UsageError: It is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            Text("{text} is not a date; write 2027-01-31", text=repr(text))
        ) from error


def start_given(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the instant given with ``--since``: when a day begins in *zone*.

    Or the instant itself, or a duration before *now*.

    Raises:
        UsageError: It is nothing of that.
    """
    given = _day_or_instant(text, zone, now)
    if isinstance(given, datetime):
        return given
    return local_instant(given, time(), zone)


def end_given(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the instant given with ``--until``: when a day is over in *zone*.

    Or what :func:`start_given` returns.

    Raises:
        UsageError: As there.
    """
    given = _day_or_instant(text, zone, now)
    return given if isinstance(given, datetime) else end_of_day(given, zone)


def _day_or_instant(text: str, zone: ZoneInfo, now: datetime) -> date | datetime:
    if _DURATION.fullmatch(text):
        return _back(span(text), zone, now)
    try:
        given: date | datetime = (
            datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
        )
    except ValueError as error:
        raise UsageError(
            Text(
                "{text} is no time; write a day, an instant or a duration: "
                "2026-11-22, 2026-11-22T09:00Z or 7d",
                text=repr(text),
            )
        ) from error
    if given.year not in _YEARS:
        raise UsageError(
            Text("{text}: write a year from 2000 to 2199", text=repr(text))
        )
    if not isinstance(given, datetime):
        return given
    return given.replace(tzinfo=given.tzinfo or zone).astimezone(UTC)


def _back(period: Period, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the instant so long before *now*; a day may have 23 hours in *zone*."""
    if not period.is_calendar:
        return now - timedelta(seconds=period.seconds)
    local = now.astimezone(zone)
    return local_instant(shift(local.date(), period, back=True), local.time(), zone)


def day_done(option: str | None, zone: ZoneInfo, now: datetime) -> date:
    """Return the day given with ``--on``, or today in *zone*.

    Raises:
        UsageError: It is no date, or has not come yet.
    """
    today = local_date(now, zone)
    done_on = today if option is None else day(option)
    if done_on > today:
        raise UsageError(
            Text(
                "--on {done_on} lies in the future; today is {today}",
                done_on=done_on,
                today=today,
            )
        )
    return done_on


def span(text: str) -> Period:
    """Return how long *text* says.

    Raises:
        UsageError: It is no duration, or none at all.
    """
    try:
        period = parse_period(text)
    except ValueError as error:
        raise UsageError(said(error)) from error
    if period == Period():
        raise UsageError(
            Text("{text} is no time at all; write 3d, 12h or 1mo", text=repr(text))
        )
    return period
