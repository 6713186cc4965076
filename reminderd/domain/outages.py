"""How long a channel in trouble rests, and when its owner is told of that."""

from datetime import datetime, timedelta

from reminderd.domain.deliveries import FIRST_GAP, LONGEST_GAP, PATIENCE

# So many failures in a row, over some ten minutes: the channel reaches nobody.
DEAD_AFTER = 5
# What only its owner can mend may still pass by itself: the portal of a hotel is
# gone within an hour or so, a wrong clock soon. A password that is wrong is tried
# four times a day, which locks out nobody.
FIRST_REVIVAL_GAP = timedelta(minutes=30)
LONGEST_REVIVAL_GAP = timedelta(hours=6)
REPORT_EVERY = timedelta(days=1)
# The clocks of several machines do not differ by more than this.
LARGEST_SKEW = timedelta(hours=1)


def probe_gap(consecutive_failures: int) -> timedelta:
    """Return how long a channel rests after so many failures in a row, one or more."""
    return min(FIRST_GAP * (1 << min(consecutive_failures - 1, 16)), LONGEST_GAP)


def revival_gap(outage: timedelta) -> timedelta:
    """Return how long a broken channel rests after an *outage* of that length so far.

    As long as the outage has lasted, so that the gaps grow.
    """
    return min(max(outage, FIRST_REVIVAL_GAP), LONGEST_REVIVAL_GAP)


def is_report_due(
    since: datetime, reported_at: datetime | None, now: datetime, *, is_broken: bool
) -> bool:
    """Tell whether the owner should hear of an outage that goes on *since* then.

    At once of a broken channel, after a while of one that may recover; then every
    day. An instant that lies ahead is from a clock that was wrong.
    """
    if reported_at is None:
        return is_broken or not -LARGEST_SKEW <= now - since < PATIENCE
    return not -LARGEST_SKEW <= now - reported_at < REPORT_EVERY
