"""What a service answered when a message was sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from reminderd.storage.tables import metadata

_DELIVERY = metadata.tables["delivery"]
_ATTEMPT = metadata.tables["attempt"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of the last attempt: in words, and after how long if it is over."""

    reason: str | None
    started_at: datetime
    finished_at: datetime | None

    @property
    def took(self) -> timedelta | None:
        """How long it took, None while it lasts."""
        return None if self.finished_at is None else self.finished_at - self.started_at


def answer_of(tx: Connection, reminder_id: int) -> Answer | None:
    """Return the answer to the last attempt at a reminder, None without any."""
    wanted = (
        select(_ATTEMPT.c.reason, _ATTEMPT.c.started_at, _ATTEMPT.c.finished_at)
        .select_from(_ATTEMPT.join(_DELIVERY))
        .where(_DELIVERY.c.reminder_id == reminder_id)
        .order_by(_ATTEMPT.c.fence.desc())
        .limit(1)
    )
    row = tx.execute(wanted).one_or_none()
    if row is None:
        return None
    return Answer(
        reason=row.reason, started_at=row.started_at, finished_at=row.finished_at
    )
