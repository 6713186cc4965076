"""When to hold back what a pass has decided: too much of it at once."""

from datetime import timedelta

from reminderd.domain.reminders import Reminder

# What is held is sent by itself after this long,
HOLD = timedelta(hours=1)
# or this long before another message takes its place.
LAST_CHANCE = timedelta(minutes=15)
_FEW = 50
_MOST_PER_CENT = 30


def is_storm(news: int, total: int) -> bool:
    """Tell whether *news* of *total* lines at once are more than a mistake explains.

    Up to fifty never are, and never up to 30 % of all.
    """
    return news > _FEW and news * 100 > total * _MOST_PER_CENT


def enough_lines(due: int) -> int:
    """Return how many lines make *due* of them no storm: no more need be counted."""
    return -(-due * 100 // _MOST_PER_CENT)


def is_news(reminder: Reminder) -> bool:
    """Tell whether *reminder* says anything besides what is said again as wanted."""
    is_new = any(found.new and found.count == 0 for found in reminder.findings)
    return is_new or bool(reminder.recoveries)
