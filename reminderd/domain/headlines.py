"""The ends of a line, of which the earliest is what its owner wants to know first."""

from datetime import datetime

from reminderd.domain.lines import Deadline, DeadlineKind, Line
from reminderd.domain.states import OF_ALLOWANCES, is_moot


def ends_of(line: Line, now: datetime) -> tuple[Deadline, ...]:
    """Return the ends of *line* as it is in effect at *now*, the earliest first.

    Those that have passed are among them. A later stage is one from the day on which
    the date before it has passed, and a forecast only before the plan ends.
    """
    ends = (known for known in line.deadlines if _is_end(known, line, now))
    return tuple(sorted(ends, key=lambda known: known.due_at(line.zone)))


def headline_of(line: Line, now: datetime) -> Deadline | None:
    """Return the earliest end of *line* ahead, or the last one that has passed."""
    ends = ends_of(line, now)
    ahead = (known for known in ends if known.due_at(line.zone) > now)
    return next(ahead, ends[-1] if ends else None)


def _is_end(deadline: Deadline, line: Line, now: datetime) -> bool:
    if deadline.kind is DeadlineKind.PROMOTION or is_moot(deadline, line):
        return False
    plan_end = line.plan_ends_at
    if deadline.kind in OF_ALLOWANCES and plan_end is not None and plan_end <= now:
        return False
    # What stands still is an end, though nothing is said of it yet.
    if deadline.follows is None or deadline.counts_from is None:
        return True
    return deadline.counts_from <= now
