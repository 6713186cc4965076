"""A word about charges that may be wrong, as soon as they are recorded, and once."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from reminderd.domain.charges import Doubt, doubts
from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import Notice
from reminderd.messages.bills import CHECK_BILL, doubt_details
from reminderd.storage import outbox
from reminderd.storage.charges import charges


def tell_doubts(
    tx: Connection,
    line_id: int,
    zone: ZoneInfo,
    channels: Sequence[str],
    now: datetime,
) -> tuple[Doubt, ...]:
    """Put a notice for each doubt about the last charge of a line into the outbox.

    Return those doubts. One that has been told is not told again.
    """
    known = charges(tx, zone, line_id)
    last = max((charge.event_id for charge in known), default=None)
    found = tuple(doubt for doubt in doubts(known) if last in doubt.event_ids)
    for doubt in found:
        notice = Notice(
            code=CHECK_BILL,
            severity=Severity.INFO,
            details=doubt_details(doubt),
            created_at=now,
        )
        key = f"{CHECK_BILL}|{doubt.charge.event_id}|{doubt.kind}"
        outbox.enqueue_notice(tx, notice, key, channels, now)
    return found
