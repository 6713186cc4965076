"""What people did with a line: renewals, activities, answers, edits."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, update

from reminderd.domain.quantities import Money
from reminderd.storage.lines import ASAP, update_line
from reminderd.storage.tables import metadata

ACKNOWLEDGED = "acknowledged"
SNOOZED = "snoozed"

_EVENT = metadata.tables["event"]
_TOLD = metadata.tables["told"]


def add_event(  # noqa: PLR0913 - one argument for each column
    tx: Connection,
    line_id: int,
    kind: str,
    at: datetime,
    detail: Mapping[str, Any],
    *,
    money: Money | None = None,
) -> None:
    """Record that something of *kind* was done to a line; ``detail`` becomes JSON."""
    tx.execute(
        insert(_EVENT).values(
            line_id=line_id,
            kind=kind,
            at=at,
            detail=dict(detail),
            amount=None if money is None else money.minor,
            currency=None if money is None else money.currency,
        )
    )


def acknowledge(tx: Connection, line_id: int, now: datetime) -> int:
    """Mute what has been told of a line until it gets worse, and end its snooze.

    Return how many findings that were not acknowledged before are now.
    """
    is_open = (_TOLD.c.line_id == line_id) & _TOLD.c.acknowledged_at.is_(None)
    answered = tx.execute(update(_TOLD).where(is_open).values(acknowledged_at=now))
    update_line(tx, line_id, snoozed_until=None, review_at=ASAP)
    add_event(tx, line_id, ACKNOWLEDGED, now, {"findings": answered.rowcount})
    return answered.rowcount


def snooze(tx: Connection, line_id: int, until: datetime, now: datetime) -> None:
    """Mute a line until an instant; then all that still holds is said again.

    That takes back an acknowledgement.
    """
    of_line = _TOLD.c.line_id == line_id
    tx.execute(update(_TOLD).where(of_line).values(acknowledged_at=None))
    update_line(tx, line_id, snoozed_until=until, review_at=ASAP)
    add_event(tx, line_id, SNOOZED, now, {"until": until.isoformat()})
