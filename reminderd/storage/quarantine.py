"""Lines that are left aside: what is the matter with them, and until when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from reminderd.storage.epochs import from_epoch
from reminderd.storage.lines import postpone, update_line
from reminderd.storage.tables import metadata

# So long nobody looks at a line that could not be reviewed.
_SPAN = timedelta(hours=1)

_LINE = metadata.tables["line"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftAside:
    """A line that cannot be reviewed: ``fault`` says why, without any value.

    It is so since ``since``, and looked at again at ``again_at``, None for the next
    pass. Both and ``fault`` are None if no pass has come across it yet.
    """

    name: str
    fault: str | None = None
    since: datetime | None = None
    again_at: datetime | None = None


def leave_aside(tx: Connection, line_id: int, fault: str, now: datetime) -> bool:
    """Leave a line alone for an hour from *now*; tell whether its *fault* is new."""
    known = select(_LINE.c.fault).where(_LINE.c.id == line_id)
    is_new = tx.execute(known).scalar() != fault
    postpone(tx, line_id, now + _SPAN)
    if is_new:
        update_line(tx, line_id, fault=fault, fault_at=now)
    return is_new


def left_aside(tx: Connection) -> list[LeftAside]:
    """Return the lines that passes have left aside, in alphabetical order."""
    wanted = select(
        _LINE.c.name, _LINE.c.fault, _LINE.c.fault_at, _LINE.c.review_at
    ).where(_LINE.c.fault.is_not(None), _LINE.c.archived_at.is_(None))
    return [
        LeftAside(
            name=row.name,
            fault=row.fault,
            since=row.fault_at,
            again_at=from_epoch(row.review_at) if row.review_at else None,
        )
        for row in tx.execute(wanted.order_by(_LINE.c.name))
    ]
