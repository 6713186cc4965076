"""What became of attempts, recorded by whoever still holds the claim."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, exists, or_, select, update

from reminderd.domain.deliveries import Decision, DeliveryState, Outcome, Verdict
from reminderd.failpoints import reach
from reminderd.storage.claims import Claimed
from reminderd.storage.epochs import to_epoch
from reminderd.storage.tables import metadata

_REMINDER = metadata.tables["reminder"]
_DELIVERY = metadata.tables["delivery"]
_ATTEMPT = metadata.tables["attempt"]
_LINE = metadata.tables["line"]

_MOST_PARAMETERS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """A claimed delivery, what became of the attempt, and what follows from it."""

    claimed: Claimed
    verdict: Verdict
    decision: Decision


def record(
    tx: Connection, settlements: Sequence[Settlement], now: datetime
) -> dict[int, DeliveryState]:
    """Record what became of attempts; return the new state of each delivery by its id.

    One that is missing there has been claimed by somebody else since: its record is
    void. One that would be tried again although a newer reminder of its line has
    come, or the line has been archived, is superseded instead.
    """
    fences = _fences(tx, [known.claimed for known in settlements])
    valid = [
        known
        for known in settlements
        if fences.get(known.claimed.delivery_id) == known.claimed.fence
    ]
    overtaken = _overtaken(tx, [known.claimed for known in valid])
    states = {known.claimed.delivery_id: _state_of(known, overtaken) for known in valid}
    if valid:
        _write_outcomes(tx, valid, states, now)
    return states


def _fences(tx: Connection, claimed: Sequence[Claimed]) -> Mapping[int, int]:
    """Return the fences of those still being sent, locked for this transaction."""
    fences: dict[int, int] = {}
    for part in _parts([known.delivery_id for known in claimed]):
        held = select(_DELIVERY.c.id, _DELIVERY.c.fence).where(
            _DELIVERY.c.id.in_(part), _DELIVERY.c.state == DeliveryState.SENDING
        )
        rows = tx.execute(held.with_for_update())
        fences.update({row.id: row.fence for row in rows})
    return fences


def _overtaken(tx: Connection, claimed: Sequence[Claimed]) -> set[int]:
    """Return the reminders that a newer one of their line has made out of date."""
    newer = _REMINDER.alias()
    out_of_date = or_(
        _LINE.c.archived_at.is_not(None),
        exists(
            select(newer.c.id).where(
                newer.c.line_id == _REMINDER.c.line_id, newer.c.id > _REMINDER.c.id
            )
        ),
    )
    found: set[int] = set()
    for part in _parts([known.reminder_id for known in claimed]):
        statement = (
            select(_REMINDER.c.id)
            .join(_LINE, _REMINDER.c.line_id == _LINE.c.id)
            .where(_REMINDER.c.id.in_(part), out_of_date)
        )
        found.update(tx.execute(statement).scalars())
    return found


def _state_of(known: Settlement, overtaken: set[int]) -> DeliveryState:
    state = known.decision.state
    is_open = state in (DeliveryState.PENDING, DeliveryState.HELD)
    if is_open and known.claimed.reminder_id in overtaken:
        return DeliveryState.SUPERSEDED
    return state


def _write_outcomes(
    tx: Connection,
    settlements: Sequence[Settlement],
    states: Mapping[int, DeliveryState],
    now: datetime,
) -> None:
    tx.execute(
        update(_DELIVERY)
        .where(_DELIVERY.c.id == bindparam("of_delivery"))
        .values(worker=None, lease_until=None),
        [
            {
                "of_delivery": known.claimed.delivery_id,
                **_columns(known, states[known.claimed.delivery_id], now),
            }
            for known in settlements
        ],
    )
    reach("record.inside")
    tx.execute(
        update(_ATTEMPT).where(
            _ATTEMPT.c.delivery_id == bindparam("of_delivery"),
            _ATTEMPT.c.fence == bindparam("of_fence"),
            _ATTEMPT.c.outcome.is_(None),
        ),
        [
            {
                "of_delivery": known.claimed.delivery_id,
                "of_fence": known.claimed.fence,
                "finished_at": now,
                "outcome": known.verdict.outcome,
                "reason": known.verdict.reason,
            }
            for known in settlements
        ],
    )


def _columns(known: Settlement, state: DeliveryState, now: datetime) -> dict[str, Any]:
    is_pending = state is DeliveryState.PENDING
    next_at = known.decision.next_attempt_at
    is_unknown = known.verdict.outcome is Outcome.UNKNOWN
    return {
        "state": state,
        "short": known.claimed.short or known.decision.short,
        "unknowns": known.claimed.unknowns + is_unknown,
        "next_attempt_at": to_epoch(next_at or now) if is_pending else None,
        "settled_at": None if is_pending or state is DeliveryState.HELD else now,
        "reason": known.verdict.reason,
    }


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Cut *ids* into what fits into one statement."""
    for start in range(0, len(ids), _MOST_PARAMETERS):
        yield ids[start : start + _MOST_PARAMETERS]
