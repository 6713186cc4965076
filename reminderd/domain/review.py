"""What a line calls for at an instant: the one place where a reminder is decided.

Two rules for whoever edits this file. The answer depends on the arguments alone.
And ``next_review_at`` must stay exact: whatever makes a review speak because time
has passed needs its instant among the candidates for the next review.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from reminderd.domain.calendar import require_utc
from reminderd.domain.effects import in_effect
from reminderd.domain.findings import findings_of, reminder_of, updated
from reminderd.domain.ladders import EXPIRED, NEVER_EXPIRES, STALE, Policy
from reminderd.domain.lines import DeadlineKind, Line
from reminderd.domain.prospects import next_review_at
from reminderd.domain.reminders import Finding, Reminder
from reminderd.domain.states import OF_ALLOWANCES, states_of
from reminderd.domain.told import (
    Change,
    Standing,
    Told,
    change_since,
    told_after,
)


class Quiet(Enum):
    """Why a review says nothing."""

    NOTHING_REACHED = "no limit is reached"
    ALREADY_SAID = "already said"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The outcome of a review; ``quiet`` says why there is no reminder.

    ``told`` and ``snoozed_until`` are to be stored together with the reminder.
    ``next_review_at`` is None when only a new reading or an edit can change things.
    """

    findings: tuple[Finding, ...]
    reminder: Reminder | None
    quiet: Quiet | None
    told: tuple[Told, ...]
    snoozed_until: datetime | None
    next_review_at: datetime | None


def review(
    line: Line, policy: Policy, told: Mapping[str, Told], now: datetime
) -> Review:
    """Return what to tell about *line* at *now*, and when to review it again.

    Only the lowest reached limit of each allowance or deadline counts. Worse than
    told is said; the same is repeated as the policy wants; renewed or refilled is
    confirmed once and arms the ladder again. An acknowledged finding is mute until
    it gets worse. A snooze mutes the line, but never past a due date.

    Args:
        line: What is known of the line; instants in UTC.
        policy: Limits, hours and repeats that apply to this line.
        told: What has been said before, by item.
        now: Instant of the review, aware and in UTC.

    Raises:
        ValueError: *now* is naive or not in UTC.
    """
    require_utc("now", now)
    line = in_effect(line, policy, now)
    standings = tuple(_standings(line, policy, told, now))
    muted_until = _muted_until(line, standings, now)
    if muted_until is not None:
        return Review(
            findings=findings_of(standings, line, policy, now),
            reminder=None,
            quiet=Quiet.SNOOZED,
            told=tuple(told.values()),
            snoozed_until=muted_until,
            next_review_at=_end_of_snooze(line, told, muted_until),
        )
    if line.snoozed_until is not None:
        standings = tuple(_asked_again(standing) for standing in standings)
    findings = findings_of(standings, line, policy, now)
    reminder = reminder_of(line, policy, standings, findings, now)
    silenced = _silenced(line, policy)
    told_now = _told_now(silenced, told, standings, reminder, now)
    return Review(
        findings=findings,
        reminder=reminder,
        quiet=None if reminder else _why_quiet(findings, told_now),
        told=tuple(told_now.values()),
        snoozed_until=None,
        next_review_at=next_review_at(line, policy, standings, told_now, now),
    )


def still_to_say(
    reminder: Reminder,
    line: Line,
    policy: Policy,
    told: Mapping[str, Told],
    now: datetime,
) -> Reminder | None:
    """Return an undelivered *reminder* with what is known at *now*.

    None if nothing of it is left to say: renewed, refilled, answered, or snoozed,
    which asks again by itself. *told* is what a review at *now* has left.
    """
    line = in_effect(line, policy, now)
    standings = tuple(_standings(line, policy, told, now))
    if _muted_until(line, standings, now) is not None:
        return None
    return updated(reminder, line, policy, standings, now)


def told_without(
    told: Mapping[str, Told],
    written: Reminder,
    current: Reminder | None,
    *,
    arrived: bool = False,
) -> dict[str, Told]:
    """Return what counts as told when *written*, which never arrived, is *current* now.

    What it would have said and does not say any more has not been told: it is said
    when its limit is reached again. Answers count all the same. When it has *arrived*
    on some other channel, only a date was told too early, by a clock that ran ahead;
    a figure may hover about its limit, and is not worth a word each time.
    """
    carried = {} if current is None else {each.item: each for each in current.findings}
    recovered = () if current is None else {each.item for each in current.recoveries}
    kept = dict(told)
    for finding in written.findings:
        said = kept.get(finding.item)
        if said is None or said.acknowledged_at is not None:
            continue
        if not finding.new or finding.item in recovered:
            continue
        if arrived and finding.due is None:
            continue
        if finding.item in carried:
            kept[finding.item] = replace(said, step=carried[finding.item].step)
        else:
            del kept[finding.item]
    return kept


def _standings(
    line: Line, policy: Policy, told: Mapping[str, Told], now: datetime
) -> Iterator[Standing]:
    for state in states_of(line, policy, now):
        before = told.get(state.item)
        change = change_since(before, state, line, policy, now)
        yield Standing(state=state, told=before, change=change)


def _muted_until(
    line: Line, standings: Collection[Standing], now: datetime
) -> datetime | None:
    """Return until when *line* is snoozed; an expiry not told yet ends the snooze."""
    if line.snoozed_until is None or now >= line.snoozed_until:
        return None
    has_news = any(
        standing.state.is_expired and standing.change is Change.WORSE
        for standing in standings
    )
    return None if has_news else line.snoozed_until


def _end_of_snooze(line: Line, told: Mapping[str, Told], until: datetime) -> datetime:
    dues = (
        deadline.due_at(line.zone)
        for deadline in line.deadlines
        if deadline.kind not in NEVER_EXPIRES
        and (deadline.item not in told or told[deadline.item].step != EXPIRED)
    )
    return min((until, *dues))


def _asked_again(standing: Standing) -> Standing:
    """Return *standing* after a snooze: what still holds unanswered is said again."""
    is_open = standing.told is not None and standing.told.acknowledged_at is None
    holds = standing.state.step is not None and standing.change is Change.NONE
    return replace(standing, change=Change.AGAIN) if is_open and holds else standing


def _silenced(line: Line, policy: Policy) -> set[str]:
    """Return the items that may have no state for a while, and keep what was told."""
    known = {allowance.item for allowance in line.allowances}
    offers = {each.title for each in policy.terms.promotions}
    return {
        STALE,
        *known,
        *(f"{kind}/{item}" for kind in OF_ALLOWANCES for item in known),
        *(f"{DeadlineKind.PROMOTION}/{title}" for title in offers),
    }


def _told_now(
    silenced: Collection[str],
    told: Mapping[str, Told],
    standings: Collection[Standing],
    reminder: Reminder | None,
    now: datetime,
) -> dict[str, Told]:
    """Return what has been said once *reminder* is out, by item.

    What is *silenced* keeps its told state; what is no longer known loses it.
    """
    present = {standing.state.item for standing in standings}
    told_now = {
        item: said
        for item, said in told.items()
        if item in silenced and item not in present
    }
    for standing in standings:
        said = told_after(standing, now, is_reminded=reminder is not None)
        if said is not None:
            told_now[said.item] = said
    return told_now


def _why_quiet(findings: Collection[Finding], told: Mapping[str, Told]) -> Quiet:
    if not findings:
        return Quiet.NOTHING_REACHED
    if all(told[finding.item].acknowledged_at is not None for finding in findings):
        return Quiet.ACKNOWLEDGED
    return Quiet.ALREADY_SAID
