"""What is left on each line, how old that is, and what comes next."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from reminderd.domain.ladders import Policy
from reminderd.domain.lines import Deadline
from reminderd.domain.reminders import Finding, Reminder
from reminderd.domain.review import Quiet, review
from reminderd.storage.lines import StoredLine, line_names
from reminderd.storage.quarantine import LeftAside, left_aside

OK = "ok"
UNKNOWN = "unknown"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineStatus:
    """One line as it stands: ``state`` is ok, unknown, or the worst finding's severity.

    ``ends`` is the nearest deadline. ``reminder`` is what the next pass will say;
    ``next_at`` is when something is said after that unless a reading or an answer
    comes first, None for never. A line that cannot be reviewed is unknown, and not
    ``is_reviewed``.
    """

    stored: StoredLine
    state: str
    findings: tuple[Finding, ...]
    ends: Deadline | None
    quiet: Quiet | None
    reminder: Reminder | None
    next_at: datetime | None
    is_reviewed: bool = True

    @property
    def badness(self) -> tuple[int, float]:
        """Sort key: the worst line first, then the one that ends first."""
        worst = max((finding.severity for finding in self.findings), default=0)
        if self.ends is None:
            return -worst, float("inf")
        return -worst, self.ends.due_at(self.stored.line.zone).timestamp()


def line_status(stored: StoredLine, policy: Policy, now: datetime) -> LineStatus:
    """Return how one line stands at *now*."""
    outcome = review(stored.line, policy, stored.told, now)
    findings = outcome.findings
    state = findings[0].severity.word if findings else OK
    if not stored.line.readings:
        state = UNKNOWN
    zone = stored.line.zone
    return LineStatus(
        stored=stored,
        state=state,
        findings=findings,
        ends=min(
            stored.line.deadlines, key=lambda known: known.due_at(zone), default=None
        ),
        quiet=outcome.quiet,
        reminder=outcome.reminder,
        next_at=outcome.next_review_at,
    )


def overview(
    stored: Iterable[StoredLine],
    policy_for: Callable[[StoredLine], Policy],
    now: datetime,
) -> list[LineStatus]:
    """Return the status of each line, worst first, also of one that has none."""
    rows = [_status_or_unknown(line, policy_for, now) for line in stored]
    return sorted(rows, key=lambda row: (*row.badness, row.stored.card.name))


def unseen(tx: Connection, rows: Iterable[LineStatus]) -> list[LeftAside]:
    """Return the lines that cannot be looked at; *rows* has all others, or one line.

    Those that passes have left aside, and those that are found to be so here.
    """
    known = {aside.name: aside for aside in left_aside(tx)}
    seen = {row.stored.name for row in rows if row.is_reviewed}
    names = known.keys() | (set(line_names(tx)) - seen)
    return [known.get(name) or LeftAside(name=name) for name in sorted(names)]


def _status_or_unknown(
    stored: StoredLine, policy_for: Callable[[StoredLine], Policy], now: datetime
) -> LineStatus:
    try:
        return line_status(stored, policy_for(stored), now)
    except Exception:
        # As in a pass: one bad row must not hide the others.
        log.exception("review failed line_id=%d", stored.id)
    return LineStatus(
        stored=stored,
        state=UNKNOWN,
        findings=(),
        ends=None,
        quiet=None,
        reminder=None,
        next_at=None,
        is_reviewed=False,
    )
