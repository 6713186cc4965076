"""The next reminder of a line if nothing is heard of it until then."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from reminderd.domain.ladders import Policy
from reminderd.domain.lines import Line
from reminderd.domain.reminders import Reminder
from reminderd.domain.review import review
from reminderd.domain.told import Told

# A review that is called for may have nothing to say, seldom twice in a row.
_MOST_REVIEWS = 20


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A reminder, and the instant at which a review will decide it."""

    at: datetime
    reminder: Reminder


def foresee(
    line: Line, policy: Policy, told: Mapping[str, Told], now: datetime
) -> Foreseen | None:
    """Return the reminder of *now* or else the next one, None where none is ahead."""
    at = now
    for _ in range(_MOST_REVIEWS):
        outcome = review(line, policy, told, at)
        if outcome.reminder is not None:
            return Foreseen(at, outcome.reminder)
        if outcome.next_review_at is None or outcome.next_review_at <= at:
            return None
        at = outcome.next_review_at
        told = {known.item: known for known in outcome.told}
        line = replace(line, snoozed_until=outcome.snoozed_until, review_at=at)
    return None
