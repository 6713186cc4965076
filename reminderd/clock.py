"""The only reader of the wall clock; everything else receives the instant."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the current instant, aware and in UTC."""
    return datetime.now(UTC)
