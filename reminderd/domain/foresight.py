"""The next reminder of a line if nothing is heard of it until then."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from reminderd.domain.ladders import Policy
from reminderd.domain.lines import Line
from reminderd.domain.reminders import Reminder
from reminderd.domain.review import review
from reminderd.domain.told import Told


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A reminder, and the instant at which a review will decide it."""

    at: datetime
    reminder: Reminder


def foresee(
    line: Line, policy: Policy, told: Mapping[str, Told], now: datetime
) -> Foreseen | None:
    """Return the reminder of *now* or else the next one, None where none is ahead."""
    outcome = review(line, policy, told, now)
    if outcome.reminder is not None:
        return Foreseen(now, outcome.reminder)
    at = outcome.next_review_at
    if at is None or at <= now:
        return None
    # As a pass would leave it; a review that was called for may have nothing to say.
    told = {known.item: known for known in outcome.told}
    line = replace(line, snoozed_until=outcome.snoozed_until, review_at=at)
    return foresee(line, policy, told, at)
