"""The limits of each item of a line: which is reached, what was said, what is next."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from reminderd.domain.effects import in_effect
from reminderd.domain.ladders import (
    STALE,
    Limit,
    Policy,
    Step,
    amount_of,
    instant_of,
    ladder_key,
    limits_of,
)
from reminderd.domain.lines import Allowance, Deadline, Line, Reading
from reminderd.domain.prospects import prospect_of
from reminderd.domain.review import review
from reminderd.domain.states import (
    has_ended,
    is_moot,
    stale_at,
    states_of,
)
from reminderd.domain.told import Told
from reminderd.storage.lines import StoredLine


class Mute(StrEnum):
    """Why nothing is said of an item, as things are."""

    PLAN_ENDED = "plan_ended"
    ENDED = "ended"
    UNLIMITED = "unlimited"
    UNKNOWN = "unknown"
    ASSUMED = "assumed"
    AFTER_THE_END = "after_the_end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One limit of a ladder: reached ``at`` an instant, or below an ``amount``.

    Both are None where that cannot be told, as a share of an unknown total.
    """

    limit: Limit
    at: datetime | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLimits:
    """What reminds of one item; its ``reading`` is None for staleness.

    ``key`` is what the limits are called in the configuration. ``told`` is what was
    last said, ``limit_at`` when the next limit is reached, ``again_at`` when what was
    said is said again.
    """

    item: str
    key: str
    reading: Reading | None
    rungs: tuple[Rung, ...]
    mute: Mute | None = None
    step: Step | None = None
    told: Told | None = None
    limit_at: datetime | None = None
    again_at: datetime | None = None


def limits_at(
    stored: StoredLine, policy: Policy, now: datetime
) -> tuple[ItemLimits, ...]:
    """Return the limits of all that is known of a line as the review at *now* has them.

    Deadlines come first, the nearest before all others, then allowances, and last for
    how long there was no news.
    """
    line = in_effect(stored.line, policy, now)
    outcome = review(stored.line, policy, stored.told, now)
    after = {known.item: known for known in outcome.told}
    states = {state.item: state for state in states_of(line, policy, now)}
    limits = []
    for item in _items(line, policy):
        known = replace(item, told=stored.told.get(item.item))
        state = states.get(item.item)
        if state is None:
            limits.append(replace(known, mute=_absence(item.reading, line, now)))
            continue
        ahead = prospect_of(state, line, policy, after.get(item.item), now)
        limits.append(
            replace(
                known,
                step=state.step,
                limit_at=ahead.limit_at,
                again_at=ahead.again_at,
            )
        )
    return tuple(limits)


def _items(line: Line, policy: Policy) -> Iterator[ItemLimits]:
    deadlines = sorted(line.deadlines, key=lambda known: known.due_at(line.zone))
    readings: tuple[Reading, ...] = (*deadlines, *line.allowances)
    for known in readings:
        yield ItemLimits(
            item=known.item,
            key=ladder_key(known),
            reading=known,
            rungs=tuple(_rungs(known, line, policy)),
            mute=_mute(known, line),
        )
    if policy.stale is not None:
        rung = Rung(limit=Limit(policy.stale), at=stale_at(line, policy))
        yield ItemLimits(item=STALE, key=STALE, reading=None, rungs=(rung,))


def _rungs(known: Reading, line: Line, policy: Policy) -> Iterator[Rung]:
    if isinstance(known, Deadline):
        for limit in limits_of(known, policy):
            at = instant_of(limit.text, known, line.zone, policy)
            yield Rung(limit=limit, at=at)
        return
    for limit in policy.limits(ladder_key(known)):
        yield Rung(limit=limit, amount=amount_of(limit.text, known))


def _mute(known: Reading, line: Line) -> Mute | None:
    """Return why nothing is said of what is known, though its time is not over."""
    if isinstance(known, Deadline):
        return Mute.AFTER_THE_END if is_moot(known, line) else None
    if known.unlimited:
        return Mute.UNLIMITED
    if known.remaining is None:
        return Mute.UNKNOWN
    return Mute.ASSUMED if known.is_assumed else None


def _absence(known: Reading | None, line: Line, now: datetime) -> Mute:
    """Return why a review leaves out what is *known* altogether."""
    if isinstance(known, Allowance) and has_ended(known, line, now):
        return Mute.ENDED
    return Mute.PLAN_ENDED
