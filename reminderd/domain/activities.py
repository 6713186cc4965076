"""What using a line, or paying for it, does to its dates."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum

from reminderd.domain.calendar import shift
from reminderd.domain.lines import (
    Deadline,
    DeadlineKind,
    Line,
    Reading,
    rolling_deadline,
)
from reminderd.domain.periods import Period
from reminderd.domain.plan_ends import bought, running
from reminderd.domain.plans import Plan, Start, period_for
from reminderd.domain.quantities import Money
from reminderd.domain.terms import Activity, Rule, Terms
from reminderd.domain.texts import Text

_USES = frozenset({Activity.CALL, Activity.SMS, Activity.DATA})
_PAYMENTS = frozenset({Activity.TOP_UP, Activity.PLAN})
# What using or paying for a line resets where the carrier says nothing else; a plan
# itself is renewed, which is more than that.
COUNTED: Mapping[DeadlineKind, frozenset[Activity]] = {
    DeadlineKind.KEEP_ALIVE: _USES | _PAYMENTS,
    DeadlineKind.CREDIT: _PAYMENTS,
    DeadlineKind.NUMBER: _USES | _PAYMENTS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One activity ``on`` a date, of a kind if that is known, and what it cost."""

    on: date
    activity: Activity | None = None
    paid: Money | None = None


class Ignored(Enum):
    """Why an activity leaves a deadline as it is."""

    OTHER_KIND = "the carrier does not count it"
    TOO_SMALL = "the carrier counts only larger top-ups"
    UNKNOWN_AMOUNT = "the carrier counts only top-ups from an amount on"
    OLDER = "a later one is known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is known of a line afterwards, and which items are not any more.

    ``ignored`` says why an activity did nothing for a kind of deadline.
    """

    readings: tuple[Reading, ...] = ()
    forgotten: tuple[str, ...] = ()
    ignored: tuple[tuple[DeadlineKind, Ignored], ...] = ()


def touch(line: Line, use: Use, terms: Terms, now: datetime) -> Outcome:
    """Return what an activity makes of *line* under its carrier's *terms*.

    It resets the dates for which the carrier counts it, and starts a plan that waits
    to be started. One that is older than the last one known changes nothing.

    Raises:
        ValueError: It starts a plan of which nobody has said how long it lasts.
    """
    readings: list[Reading] = []
    ignored: list[tuple[DeadlineKind, Ignored]] = []
    known = any(line.deadline(kind) for kind in COUNTED)
    for kind in COUNTED:
        outcome = _reset(line, kind, use, terms.rule(kind), now)
        if isinstance(outcome, Deadline):
            readings.append(outcome)
        elif outcome is not None:
            ignored.append((kind, outcome))
    started = _started(line, use, terms, now)
    return Outcome(
        readings=(*readings, *started),
        forgotten=unstarted(line) if started else (),
        # Of a date that nobody knows nobody asks why it stays, but for want of others.
        ignored=tuple(each for each in ignored if line.deadline(each[0]) or not known),
    )


def _reset(
    line: Line, kind: DeadlineKind, use: Use, rule: Rule, now: datetime
) -> Deadline | Ignored | None:
    """Return a deadline after an activity, why it stays, or None without a clock."""
    known = line.deadline(kind)
    period = _period(known, use, rule)
    if period is None:
        return None
    why_not = _why_not(kind, use, rule)
    if why_not is None and known is not None:
        is_older = known.last_activity_on and use.on <= known.last_activity_on
        why_not = Ignored.OLDER if is_older else None
    if why_not is not None:
        return why_not
    new = rolling_deadline(use.on, period, now, kind)
    old_end = use.on if known is None else max(use.on, known.due_on(line.zone))
    if rule.start is Start.OLD_END:
        return replace(new, due=shift(old_end, period))
    if rule.start is Start.LATER:
        return replace(new, due=max(old_end, new.due_on(line.zone)))
    return new


def _period(known: Deadline | None, use: Use, rule: Rule) -> Period | None:
    """Return how long after *use* the new date lies, None where nobody says.

    A payment of an unknown amount buys the least that any does.
    """
    period = period_for(rule.tiers, use.paid)
    if period is None and rule.tiers and use.activity in _PAYMENTS:
        # What is known of the date may be what a larger amount has bought.
        period = rule.every or rule.tiers[0].period
    usual = None if known is None else known.period
    return period or usual or rule.every


def _why_not(kind: DeadlineKind, use: Use, rule: Rule) -> Ignored | None:
    """Return why the carrier does not count *use* for *kind*; None if it does."""
    resets = counted(kind, rule)
    # What somebody calls a use without saying which is one of those that count.
    counts = resets & _USES if use.activity is None else use.activity in resets
    if not counts:
        return Ignored.OTHER_KIND
    least = least_of(rule)
    if use.activity is not Activity.TOP_UP or least is None:
        return None
    if use.paid is None or use.paid.currency != least.currency:
        # Of a carrier that sells by amount every payment counts.
        return None if rule.least is None else Ignored.UNKNOWN_AMOUNT
    return Ignored.TOO_SMALL if use.paid.minor < least.minor else None


def least_of(rule: Rule) -> Money | None:
    """Return the amount from which on a top-up counts, None where any does."""
    is_any = rule.every is not None or not rule.tiers
    return rule.least or (None if is_any else rule.tiers[0].least)


def resets_any(terms: Terms, activity: Activity) -> bool:
    """Tell whether *activity* leads to any date under *terms* alone."""
    rules = ((kind, terms.rule(kind)) for kind in COUNTED)
    return any(
        (rule.every or rule.tiers) and activity in counted(kind, rule)
        for kind, rule in rules
    )


def counted(kind: DeadlineKind, rule: Rule) -> frozenset[Activity]:
    """Return the activities that reset a *kind* of date under its *rule*."""
    return COUNTED[kind] if rule.resets is None else rule.resets


def _started(line: Line, use: Use, terms: Terms, now: datetime) -> tuple[Deadline, ...]:
    """Return the end of a plan that *use* starts, nothing if it starts none."""
    resets = terms.rule(DeadlineKind.START_BY).resets or {Activity.DATA}
    starts = use.activity is None or use.activity in resets - {Activity.PLAN}
    if not starts or not unstarted(line) or running(line, use.on) is not None:
        return ()
    plan = Plan(start=Start.TODAY).over(line.plan.over(terms.plan))
    if plan.period is None:
        raise ValueError(
            Text("that starts the plan, but nobody has said how long it lasts")
        )
    return (bought(line, use.on, plan.period, plan, now),)


def unstarted(line: Line) -> tuple[str, ...]:
    """Return the item of a plan that waits to be started, if there is one."""
    start_by = line.deadline(DeadlineKind.START_BY)
    return () if start_by is None else (start_by.item,)
