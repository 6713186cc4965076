"""What follows from a verdict, all of it in one transaction.

The deliveries get their next state, the fallback gets what this channel cannot
deliver, the channel its health, and the owner a word through the other channels.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from reminderd.delivery import reporting
from reminderd.delivery.channel import Outlet
from reminderd.delivery.composing import UNWORDABLE
from reminderd.delivery.occasions import Occasion
from reminderd.domain.deliveries import (
    PATIENCE,
    Attempted,
    Decision,
    DeliveryState,
    Outcome,
    Verdict,
    decide,
)
from reminderd.domain.texts import Text
from reminderd.storage import channels, lines, outbox, settlements, waiting
from reminderd.storage.claims import Claimed
from reminderd.storage.settlements import Settlement

_log = logging.getLogger(__name__)

_DIED = Verdict(
    outcome=Outcome.UNKNOWN, reason=Text("its sender stopped before the answer")
)


class _Recorded(NamedTuple):
    """The states that follow, by delivery, and whether another channel is needed."""

    states: Mapping[int, DeliveryState]
    is_handed_on: bool


def settle(
    tx: Connection, claimed: Sequence[Claimed], verdict: Verdict, occasion: Occasion
) -> None:
    """Record the *verdict* on one message, which stood for all of *claimed*."""
    name = claimed[0].channel
    recorded = _record(tx, claimed, verdict, occasion)
    if not recorded.states:
        return
    before = channels.health_of(tx, name)
    _note_health(tx, name, verdict, occasion.now)
    if verdict.outcome is Outcome.SENT:
        reporting.report_back(tx, before, occasion)
    if recorded.is_handed_on:
        reporting.report(tx, name, verdict.reason, occasion)


def settle_lapsed(
    tx: Connection, claimed: Sequence[Claimed], occasion: Occasion
) -> None:
    """Record that nobody knows what became of *claimed*: their senders may be dead.

    That is no fault of the channel. Their lines may have changed in the meantime:
    they are reviewed before anything is sent again.
    """
    for known in claimed:
        if _record(tx, [known], _DIED, occasion).is_handed_on:
            reporting.report(tx, known.channel, _DIED.reason, occasion)
        if known.line_id is not None:
            lines.review_now(tx, known.line_id)


def give_up(tx: Connection, name: str, reason: str, occasion: Occasion) -> None:
    """Mark a channel as broken for a *reason* that no single verdict shows."""
    channels.mark_broken(tx, name, reason, occasion.now)
    reporting.report(tx, name, reason, occasion)


def needs_relief(
    tx: Connection, outlet: Outlet, health: channels.Health, now: datetime
) -> bool:
    """Tell whether :func:`relieve` has anything to do."""
    name = outlet.channel.name
    if health.broken is not None and waiting.has_pending(tx, name):
        return True
    if outlet.fallback is None or not health.is_troubled:
        return False
    patience = _patience(health)
    return bool(waiting.overdue(tx, name, outlet.fallback, patience, now))


def relieve(
    tx: Connection, outlet: Outlet, health: channels.Health, occasion: Occasion
) -> None:
    """Hold what a broken channel cannot send, and give it to the fallback.

    A channel that is only in trouble goes on trying; what has waited too long, or
    would lose its use, goes to the fallback as well.
    """
    name, now = outlet.channel.name, occasion.now
    if health.broken is not None:
        held = waiting.hold(tx, name)
        _log.warning("held deliveries=%d channel=%s", held, name)
    if outlet.fallback is not None:
        patience = _patience(health)
        for reminder_id in waiting.overdue(tx, name, outlet.fallback, patience, now):
            outbox.give_to(tx, reminder_id, outlet.fallback, now)
            _log_fallback(reminder_id, name, outlet.fallback)


def _patience(health: channels.Health) -> timedelta:
    return timedelta(0) if health.broken is not None else PATIENCE


def _record(
    tx: Connection, claimed: Sequence[Claimed], verdict: Verdict, occasion: Occasion
) -> _Recorded:
    settled = [
        Settlement(
            claimed=known, verdict=verdict, decision=_decide(known, verdict, occasion)
        )
        for known in claimed
    ]
    states = settlements.record(tx, settled, occasion.now)
    is_handed_on = False
    for known in settled:
        state = states.get(known.claimed.delivery_id)
        _log_state(known, state)
        if known.decision.use_fallback and state is known.decision.state:
            _hand_on(tx, known, occasion)
            is_handed_on = True
    return _Recorded(states, is_handed_on)


def _decide(claimed: Claimed, verdict: Verdict, occasion: Occasion) -> Decision:
    attempted = Attempted(
        outcome=verdict.outcome,
        attempts=claimed.attempts,
        unknowns=claimed.unknowns + (verdict.outcome is Outcome.UNKNOWN),
        created_at=claimed.created_at,
        useful_until=claimed.useful_until,
        is_short=claimed.short,
        retry_after=verdict.retry_after,
    )
    return decide(attempted, occasion.now, occasion.chance)


def _hand_on(tx: Connection, known: Settlement, occasion: Occasion) -> None:
    claimed = known.claimed
    outlet = occasion.outlets.get(claimed.channel)
    if outlet is not None and outlet.fallback is not None:
        if outbox.give_to(tx, claimed.reminder_id, outlet.fallback, occasion.now):
            _log_fallback(claimed.reminder_id, claimed.channel, outlet.fallback)
    elif known.decision.state is DeliveryState.DEAD:
        _log.error(
            "not delivered, and no fallback left delivery=%d channel=%s",
            claimed.delivery_id,
            claimed.channel,
        )


def _note_health(tx: Connection, name: str, verdict: Verdict, now: datetime) -> None:
    if verdict == UNWORDABLE:
        # The next one in the queue may well show that the channel works.
        channels.forget_probe(tx, name)
        return
    match verdict.outcome:
        case Outcome.SENT:
            channels.note_success(tx, name, now)
        case Outcome.CHANNEL_PERMANENT:
            channels.mark_broken(tx, name, verdict.reason, now)
        case Outcome.MESSAGE_PERMANENT:
            channels.note_refusal(tx, name, verdict.reason, now)
        case Outcome.TRANSIENT | Outcome.UNKNOWN:
            channels.note_failure(tx, name, verdict, now)


def _log_state(known: Settlement, state: DeliveryState | None) -> None:
    level = logging.INFO if state is DeliveryState.SENT else logging.WARNING
    _log.log(
        level,
        'attempt delivery=%d channel=%s attempt=%d outcome=%s reason="%s" state=%s',
        known.claimed.delivery_id,
        known.claimed.channel,
        known.claimed.attempts,
        known.verdict.outcome,
        known.verdict.reason,
        state or "void: claimed by another worker since",
    )


def _log_fallback(reminder_id: int, channel: str, fallback: str) -> None:
    _log.warning(
        "fallback takes over reminder=%d channel=%s fallback=%s",
        reminder_id,
        channel,
        fallback,
    )
