"""Instants as whole seconds since the epoch, for the columns that a pass compares."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
# A year from the ends of the calendar, so that every zone has a name for it.
_EARLIEST = (datetime(2, 1, 1, tzinfo=UTC) - _EPOCH) // _SECOND
_LATEST = (datetime(9999, 1, 1, tzinfo=UTC) - _EPOCH) // _SECOND


def to_epoch(instant: datetime) -> int:
    """Return the first whole second that is not before *instant*."""
    return -((_EPOCH - instant) // _SECOND)


def from_epoch(seconds: int) -> datetime:
    """Return the instant *seconds* after the epoch, in UTC.

    A column holds more than the calendar does: beyond it, the first or last year.
    """
    return _EPOCH + timedelta(seconds=min(max(seconds, _EARLIEST), _LATEST))


def epoch_or_none(instant: datetime | None) -> int | None:
    """Return the seconds of an instant that may be unknown."""
    return None if instant is None else to_epoch(instant)
