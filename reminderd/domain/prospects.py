"""When an item is worth a word next, if nothing is heard of it until then."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from reminderd.domain.effects import refilled
from reminderd.domain.ladders import STALE, Policy, instant_of, next_limit_at
from reminderd.domain.lines import Line
from reminderd.domain.states import State, has_ended, is_moot, stale_at
from reminderd.domain.told import Standing, Told, repeat_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """When the next limit of an item is reached, and when the last is said again.

    None stands for never, as far as anybody can tell without a new reading.
    """

    limit_at: datetime | None
    again_at: datetime | None

    @property
    def at(self) -> datetime | None:
        """When something is said of it, if nothing is heard of it until then."""
        ahead = (at for at in (self.limit_at, self.again_at) if at is not None)
        return min(ahead, default=None)


def prospect_of(
    state: State, line: Line, policy: Policy, said: Told | None, now: datetime
) -> Prospect:
    """Return what is ahead of an item of *line*, of which so much has been *said*."""
    return Prospect(
        limit_at=_limit_at(state, line, policy, said, now),
        again_at=_again_at(state, line, policy, said),
    )


def next_review_at(
    line: Line,
    policy: Policy,
    standings: Iterable[Standing],
    told: Mapping[str, Told],
    now: datetime,
) -> datetime | None:
    """Return the first instant at which a review speaks unless told something new."""
    instants = (
        prospect_of(state, line, policy, told.get(state.item), now).at
        for state in (standing.state for standing in standings)
    )
    return min((at for at in instants if at is not None), default=None)


def _again_at(
    state: State, line: Line, policy: Policy, said: Told | None
) -> datetime | None:
    if state.step is None or said is None:
        return None
    again_at = repeat_at(said, policy)
    if again_at is None or not _still_counts(state, line, again_at):
        return None
    return again_at


def _limit_at(
    state: State, line: Line, policy: Policy, said: Told | None, now: datetime
) -> datetime | None:
    if state.item == STALE:
        return stale_at(line, policy) if state.step is None else None
    if state.deadline is None or is_moot(state.deadline, line):
        return None
    beyond = now
    if said is not None and not said.is_from_the_future(now):
        told_at = instant_of(said.step, state.deadline, line.zone, policy)
        beyond = max(now, told_at)
    return next_limit_at(state.deadline, line.zone, policy, beyond)


def _still_counts(state: State, line: Line, at: datetime) -> bool:
    """Tell whether what is known of an allowance will be worth a word at an instant."""
    known = state.allowance
    if known is None:
        return True
    return not has_ended(known, line, at) and not refilled(known, line, at).is_assumed
