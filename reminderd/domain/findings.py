"""What a reminder says: the findings of a line, and what has recovered."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from reminderd.domain.ladders import EXPIRED, Policy, Severity, next_limit_at
from reminderd.domain.lines import Allowance, Deadline, DeadlineKind, Line
from reminderd.domain.plan_ends import end_if_renewed
from reminderd.domain.quantities import DECIMAL
from reminderd.domain.reminders import Finding, Recovery, Reminder
from reminderd.domain.states import State
from reminderd.domain.told import Change, Standing, Told, told_after

# A day-limit says "on that day": within it, nobody calls a reminder late.
LATE_AFTER = timedelta(days=1)


def findings_of(
    standings: Iterable[Standing], line: Line, policy: Policy, now: datetime
) -> tuple[Finding, ...]:
    """Return everything of *line* at or below a limit, worst first."""
    found = (_finding(standing, line, policy, now) for standing in standings)
    return tuple(sorted(filter(None, found), key=_badness))


def reminder_of(
    line: Line,
    policy: Policy,
    standings: Collection[Standing],
    findings: tuple[Finding, ...],
    now: datetime,
) -> Reminder | None:
    """Return the reminder about *findings* that is due at *now*, None for none.

    There is one when a finding is new, or when something has recovered.
    """
    recoveries = tuple(
        _recovery(standing.state, line, policy, now)
        for standing in standings
        if standing.change is Change.RECOVERED
    )
    new = [finding for finding in findings if finding.new]
    if not new and not recoveries:
        return None
    due = line.review_at
    # What a snooze has put off is not late.
    can_be_late = bool(new) and line.snoozed_until is None
    is_late = can_be_late and due is not None and now - due > LATE_AFTER
    return Reminder(
        findings=findings,
        recoveries=recoveries,
        severity=max((finding.severity for finding in new), default=Severity.INFO),
        late_since=due if is_late else None,
        useful_until=_useful_until(standings, now),
        key=_key(standings, now),
    )


def updated(
    reminder: Reminder,
    line: Line,
    policy: Policy,
    standings: Collection[Standing],
    now: datetime,
) -> Reminder | None:
    """Return an undelivered *reminder* as it reads at *now*.

    None if nothing of it is left to say: it has got better without a word, or
    somebody has answered it.
    """
    meant = {finding.item for finding in reminder.findings if finding.new}
    recovered = {recovery.item for recovery in reminder.recoveries}
    answered = {
        standing.state.item
        for standing in standings
        if standing.told is not None and standing.told.acknowledged_at is not None
    }
    findings = tuple(
        replace(finding, new=finding.item in meant - answered)
        for finding in findings_of(standings, line, policy, now)
    )
    recoveries = tuple(
        _recovery(standing.state, line, policy, now)
        for standing in standings
        if standing.state.item in recovered
    )
    new = [finding for finding in findings if finding.new]
    if not new and not recoveries:
        return None
    return replace(
        reminder,
        findings=findings,
        recoveries=recoveries,
        severity=max((finding.severity for finding in new), default=Severity.INFO),
        useful_until=_useful_until(standings, now),
    )


def open_again(
    missed: Reminder, findings: Iterable[Finding], told: Iterable[Told]
) -> Severity | None:
    """Return how bad it is what *missed* would have said and holds after all.

    None if nothing of it is among the *findings*, or it has been answered since.
    """
    answered = {known.item for known in told if known.acknowledged_at is not None}
    meant = {_identity(finding) for finding in missed.findings if finding.new}
    severities = (
        finding.severity
        for finding in findings
        if _identity(finding) in meant and finding.item not in answered
    )
    return max(severities, default=None)


def _identity(finding: Finding) -> tuple[str, str, str]:
    return finding.item, finding.cycle, finding.step


def _finding(
    standing: Standing, line: Line, policy: Policy, now: datetime
) -> Finding | None:
    state, step = standing.state, standing.state.step
    told = told_after(standing, now, is_reminded=True)
    if step is None or told is None:
        return None
    deadline = state.deadline
    # A forecast is about an allowance, and so is the end of one.
    allowance = state.allowance or allowance_of(deadline, line)
    is_offer = deadline is not None and deadline.kind is DeadlineKind.PROMOTION
    return Finding(
        item=state.item,
        step=step.text,
        severity=step.severity,
        cycle=told.cycle,
        new=standing.change.is_said,
        count=told.count,
        due=deadline.due if deadline else None,
        due_at=state.due_at,
        remaining=allowance.remaining if allowance else None,
        total=allowance.total if allowance else None,
        currency=allowance.currency if allowance else None,
        size_base=allowance.size_base if allowance else DECIMAL,
        daily=allowance is not None and allowance.daily,
        throttled=allowance is not None and allowance.throttled,
        per_day=allowance.per_day if allowance else None,
        renews_itself=deadline is not None and deadline.renews_itself,
        renewed_until=end_if_renewed(line, policy.terms, now) if is_offer else None,
        observed_at=state.observed_at,
    )


def allowance_of(deadline: Deadline | None, line: Line) -> Allowance | None:
    """Return the allowance that *deadline* follows, None where it does not."""
    if deadline is None or deadline.follows is None:
        return None
    followed = deadline.follows
    return next((known for known in line.allowances if known.item == followed), None)


def _badness(finding: Finding) -> tuple[int, bool, bool, float, str]:
    """Sort key: worst severity, then what is over, then dates, the nearest first."""
    return (
        -finding.severity,
        finding.step != EXPIRED,
        finding.due_at is None,
        finding.due_at.timestamp() if finding.due_at else 0.0,
        finding.item,
    )


def _recovery(state: State, line: Line, policy: Policy, now: datetime) -> Recovery:
    allowance, deadline = state.allowance, state.deadline
    next_at = None
    if deadline is not None:
        next_at = next_limit_at(deadline, line.zone, policy, now)
    return Recovery(
        item=state.item,
        cycle=state.cycle,
        due=deadline.due if deadline else None,
        due_at=state.due_at,
        remaining=allowance.remaining if allowance else None,
        total=allowance.total if allowance else None,
        unlimited=allowance is not None and allowance.unlimited,
        currency=allowance.currency if allowance else None,
        size_base=allowance.size_base if allowance else DECIMAL,
        next_at=next_at,
    )


def _useful_until(standings: Iterable[Standing], now: datetime) -> datetime | None:
    """Return the nearest due instant worth a word: there another message takes over."""
    dues = (
        standing.state.due_at
        for standing in standings
        if standing.state.due_at is not None
        and (standing.state.step or standing.state.item == DeadlineKind.VALIDITY)
    )
    return min((due for due in dues if due > now), default=None)


def _key(standings: Iterable[Standing], now: datetime) -> str:
    """Return the name of the decision: what is told now and was not before."""
    said = []
    for standing in standings:
        state, change = standing.state, standing.change
        told = told_after(standing, now, is_reminded=True)
        if change is Change.RECOVERED:
            said.append(f"{state.item}@{state.cycle}/renewed")
        elif change.is_said and told is not None:
            said.append(f"{told.item}@{told.cycle}/{told.step}#{told.count}")
    return "|".join(sorted(said))
