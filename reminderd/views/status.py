"""What is left on each line, how old that is, and what comes next."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from reminderd.domain.effects import in_effect
from reminderd.domain.headlines import ends_of, headline_of
from reminderd.domain.ladders import Policy
from reminderd.domain.lines import Deadline, Line
from reminderd.domain.reminders import Finding, Reminder
from reminderd.domain.review import Quiet, review
from reminderd.domain.stages import LineStage, stage_of
from reminderd.domain.terms import UNKNOWN_TERMS, Terms
from reminderd.storage.lines import StoredLine, line_names
from reminderd.storage.quarantine import LeftAside, left_aside

OK = "ok"
UNKNOWN = "unknown"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineStatus:
    """One line as it stands: ``state`` is ok, unknown, or the worst finding's severity.

    ``line`` is what is stored as it is in effect under the carrier's ``terms``, with
    all its ``ends``, the earliest first; ``headline`` is the one to tell. ``stage`` is
    how far down it is. ``reminder`` is what the next pass will say; ``next_at`` is when
    something is said after that unless a reading or an answer comes first, None for
    never. A line that cannot be reviewed is unknown, and not ``is_reviewed``.
    """

    stored: StoredLine
    line: Line
    terms: Terms = UNKNOWN_TERMS
    state: str
    findings: tuple[Finding, ...]
    ends: tuple[Deadline, ...] = ()
    headline: Deadline | None = None
    stage: LineStage | None = None
    quiet: Quiet | None
    reminder: Reminder | None
    next_at: datetime | None
    is_reviewed: bool = True

    @property
    def badness(self) -> tuple[int, float]:
        """Sort key: the worst line first, then the one that ends first."""
        worst = max((finding.severity for finding in self.findings), default=0)
        if self.headline is None:
            return -worst, float("inf")
        return -worst, self.headline.due_at(self.line.zone).timestamp()


def line_status(stored: StoredLine, policy: Policy, now: datetime) -> LineStatus:
    """Return how one line stands at *now*."""
    outcome = review(stored.line, policy, stored.told, now)
    findings = outcome.findings
    state = findings[0].severity.word if findings else OK
    if not stored.line.readings:
        state = UNKNOWN
    line = in_effect(stored.line, policy, now)
    return LineStatus(
        stored=stored,
        line=line,
        terms=policy.terms,
        state=state,
        findings=findings,
        ends=ends_of(line, now),
        headline=headline_of(line, now),
        stage=stage_of(line, policy.terms, now),
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
        line=stored.line,
        state=UNKNOWN,
        findings=(),
        quiet=None,
        reminder=None,
        next_at=None,
        is_reviewed=False,
    )
