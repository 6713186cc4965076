"""What follows from a verdict, all of it in one transaction.

The deliveries get their next state, the fallback gets what this channel cannot
deliver, the channel its health, and the owner a word through the other channels.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from reminderd.delivery.channel import Outlet
from reminderd.domain.deliveries import (
    PATIENCE,
    Attempted,
    Decision,
    DeliveryState,
    Outcome,
    Verdict,
    decide,
)
from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import Notice
from reminderd.storage import channels, lines, outbox, settlements, waiting
from reminderd.storage.claims import Claimed
from reminderd.storage.settlements import Settlement

_log = logging.getLogger(__name__)

_DIED = Verdict(outcome=Outcome.UNKNOWN, reason="its sender stopped before the answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """When a verdict is settled, among which outlets; *chance* spreads the retries.

    *channels* are all that are configured, also those that only another process can
    use: it will bring them what concerns them.
    """

    outlets: Mapping[str, Outlet]
    channels: Collection[str]
    now: datetime
    chance: float


def settle(
    tx: Connection, claimed: Sequence[Claimed], verdict: Verdict, occasion: Occasion
) -> None:
    """Record the *verdict* on one message, which stood for all of *claimed*."""
    states = _record(tx, claimed, verdict, occasion)
    if states:
        _note_health(tx, claimed[0].channel, verdict, occasion.now)


def settle_lapsed(
    tx: Connection, claimed: Sequence[Claimed], occasion: Occasion
) -> None:
    """Record that nobody knows what became of *claimed*: their senders may be dead.

    That is no fault of the channel. Their lines may have changed in the meantime:
    they are reviewed before anything is sent again.
    """
    for known in claimed:
        _record(tx, [known], _DIED, occasion)
        if known.line_id is not None:
            lines.review_now(tx, known.line_id)


def give_up(tx: Connection, name: str, reason: str, occasion: Occasion) -> None:
    """Mark a channel as broken for a *reason* that no single verdict shows."""
    channels.mark_broken(tx, name, reason, occasion.now)
    verdict = Verdict(outcome=Outcome.CHANNEL_PERMANENT, reason=reason)
    _tell_owner(tx, name, verdict, occasion)


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
        broken = Verdict(outcome=Outcome.CHANNEL_PERMANENT, reason=health.broken)
        _tell_owner(tx, name, broken, occasion)
    if outlet.fallback is not None:
        patience = _patience(health)
        for reminder_id in waiting.overdue(tx, name, outlet.fallback, patience, now):
            outbox.give_to(tx, reminder_id, outlet.fallback, now)
            _log_fallback(reminder_id, name, outlet.fallback)


def _patience(health: channels.Health) -> timedelta:
    return timedelta(0) if health.broken is not None else PATIENCE


def _record(
    tx: Connection, claimed: Sequence[Claimed], verdict: Verdict, occasion: Occasion
) -> Mapping[int, DeliveryState]:
    settled = [
        Settlement(
            claimed=known, verdict=verdict, decision=_decide(known, verdict, occasion)
        )
        for known in claimed
    ]
    states = settlements.record(tx, settled, occasion.now)
    handed_on = False
    for known in settled:
        state = states.get(known.claimed.delivery_id)
        _log_state(known, state)
        if known.decision.use_fallback and state is known.decision.state:
            _hand_on(tx, known, occasion)
            handed_on = True
    if handed_on:
        _tell_owner(tx, claimed[0].channel, verdict, occasion)
    return states


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


def _tell_owner(
    tx: Connection, name: str, verdict: Verdict, occasion: Occasion
) -> None:
    """Say through the living channels, once an outage, that this one is in trouble."""
    health = channels.all_health(tx)
    living = [
        other
        for other in occasion.channels
        if other != name and (other not in health or health[other].broken is None)
    ]
    is_broken = verdict.outcome is Outcome.CHANNEL_PERMANENT
    code = "channel-broken" if is_broken else "channel-failing"
    if not living:
        _log.error("%s, and nobody can be told channel=%s", code, name)
        return
    notice = Notice(
        code=code,
        severity=Severity.CRITICAL if is_broken else Severity.WARNING,
        details={"channel": name, "reason": verdict.reason},
        created_at=occasion.now,
    )
    key = f"{code}|{name}|{_outage(health.get(name))}"
    outbox.enqueue_notice(tx, notice, key, living, occasion.now)


def _outage(health: channels.Health | None) -> str:
    """Return what stays the same until the channel works again or is another one."""
    if health is None:
        return ""
    last_ok = "" if health.last_ok_at is None else health.last_ok_at.isoformat()
    return f"{health.fingerprint}|{last_ok}"


def _note_health(tx: Connection, name: str, verdict: Verdict, now: datetime) -> None:
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
