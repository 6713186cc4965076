"""The simulation bites: mistakes that others have made are found within a few worlds.

Each is planted into the real program for the length of a test.
"""

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, update

from reminderd.delivery import agenda
from reminderd.domain import ladders, review, states, told
from reminderd.domain.deliveries import DeliveryState
from reminderd.domain.ladders import Policy, Step
from reminderd.domain.lines import Deadline, Line
from reminderd.domain.reminders import Notice
from reminderd.domain.states import State
from reminderd.domain.told import Change, Told
from reminderd.storage import claims, outbox
from reminderd.storage.claims import Claimed, Wanted
from reminderd.storage.tables import metadata
from tests.simulation.run import BrokenPromiseError, run

_WORLDS = 12
_TURNS = 40
_DELIVERY = metadata.tables["delivery"]
_Plant = tuple[object, str, Any]


def marked_before_sent(tx: Connection, wanted: Wanted, now: datetime) -> list[Claimed]:
    """Claim deliveries, and take them for sent at once."""
    claimed = _claim(tx, wanted, now)
    ids = [known.delivery_id for known in claimed]
    is_claimed = update(_DELIVERY).where(_DELIVERY.c.id.in_(ids))
    tx.execute(is_claimed.values(state=DeliveryState.SENT, next_attempt_at=None))
    return claimed


def on_the_day_only(
    deadline: Deadline, zone: ZoneInfo, policy: Policy, now: datetime
) -> Step | None:
    """Find a limit on its own day; a day on which nobody looked is gone."""
    step = _deadline_step(deadline, zone, policy, now)
    if step is None or step.reached_at is None:
        return step
    day = step.reached_at.astimezone(policy.zone).date()
    return step if day == now.astimezone(policy.zone).date() else None


def deaf_to_renewals(
    before: Told | None, state: State, line: Line, policy: Policy, now: datetime
) -> Change:
    """Take what was told before a renewal for told after it."""
    change = _change_since(before, state, line, policy, now)
    has_improved = change in (Change.RECOVERED, Change.REARMED)
    return Change.NONE if has_improved else change


def forgetful_in_the_past(
    before: Told | None, state: State, line: Line, policy: Policy, now: datetime
) -> Change:
    """Take what was told in the future, by a clock that was set back, for untold."""
    if before is not None and before.said_at > now:
        before = None
    return _change_since(before, state, line, policy, now)


def silent_about_channels(
    tx: Connection, notice: Notice, key: str, *rest: Any
) -> int | None:
    """Tell nobody that a channel has failed."""
    if notice.code.startswith("channel-"):
        return None
    return _enqueue_notice(tx, notice, key, *rest)


_claim = claims.claim
_deadline_step = ladders.deadline_step
_change_since = told.change_since
_enqueue_notice = outbox.enqueue_notice
_PLANTS: Mapping[str, tuple[_Plant, ...]] = {
    "marked as sent before it is sent": ((claims, "claim", marked_before_sent),),
    "no lease on what is being sent": ((agenda, "LEASE", timedelta(0)),),
    "limits on the very day only": ((states, "deadline_step", on_the_day_only),),
    "told kept after a renewal": ((review, "change_since", deaf_to_renewals),),
    "repeated when the clock steps": (
        (review, "change_since", forgetful_in_the_past),
        (outbox, "CLOCK_WAS_AHEAD", timedelta(0)),
    ),
    "a dead channel nobody hears of": (
        (outbox, "enqueue_notice", silent_about_channels),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("bug", _PLANTS)
def test_planted_bug_is_found_in_a_few_worlds(bug: str) -> None:
    with ExitStack() as planted:
        for place, name, faulty in _PLANTS[bug]:
            planted.enter_context(patch.object(place, name, faulty))

        assert any(is_broken(seed) for seed in range(_WORLDS))


def is_broken(seed: int) -> bool:
    """Tell whether a promise is broken in the world of *seed*."""
    try:
        run(seed, _TURNS)
    except BrokenPromiseError:
        return True
    return False
