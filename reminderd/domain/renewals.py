"""What a renewal or an activity does to a line."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from reminderd.domain.calendar import shift
from reminderd.domain.lines import (
    Allowance,
    Deadline,
    DeadlineKind,
    Line,
    Reading,
    rolling_deadline,
)
from reminderd.domain.quantities import AllowanceKind, Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """A plan bought again: until a date, or for a period; with new data if given.

    ``data`` is bytes.
    """

    until: date | None = None
    period: Period | None = None
    data: int | None = None
    on: date


def renew(line: Line, renewal: Renewal, now: datetime) -> tuple[Reading, ...]:
    """Return what is known of *line* after *renewal*.

    A period counts from the plan's old end while that lies ahead, else from the day
    of renewal, so that a renewed line is never left in the past. Allowances with a
    known total are full again; a balance is left alone. Buying a plan is an
    activity, which keeps the number alive.

    Raises:
        ValueError: The new end is unknown, or lies before the day of renewal.
    """
    end = renewal.until or _extended(line, renewal)
    if end < renewal.on:
        raise ValueError(f"the new end {end} lies before the renewal on {renewal.on}")
    validity = Deadline(kind=DeadlineKind.VALIDITY, due=end, observed_at=now)
    return (validity, *_refilled(line, renewal, now), *touch(line, renewal.on, now))


def touch(line: Line, on: date, now: datetime) -> tuple[Reading, ...]:
    """Return the rolling deadlines of *line* after an activity *on* a date.

    An activity older than the last one known changes nothing.
    """
    return tuple(
        rolling_deadline(on, known.period, now, known.kind)
        for known in line.deadlines
        if known.period is not None
        and (known.last_activity_on is None or known.last_activity_on < on)
    )


def _extended(line: Line, renewal: Renewal) -> date:
    if renewal.period is None or not renewal.period.is_calendar:
        raise ValueError("say until when: a date, or a period such as 30d or 1mo")
    old = line.deadline(DeadlineKind.VALIDITY)
    start = renewal.on
    if old is not None:
        start = max(start, old.due_on(line.zone))
    return shift(start, renewal.period)


def _refilled(line: Line, renewal: Renewal, now: datetime) -> Iterator[Reading]:
    for known in line.allowances:
        is_replaced = known.kind is AllowanceKind.DATA and renewal.data is not None
        is_refilled = known.kind is not AllowanceKind.BALANCE and not is_replaced
        if known.total is not None and is_refilled:
            yield replace(known, remaining=known.total, observed_at=now)
    if renewal.data is not None:
        yield Allowance(
            kind=AllowanceKind.DATA,
            remaining=renewal.data,
            total=renewal.data,
            observed_at=now,
        )
