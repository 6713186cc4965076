"""What comes next of all lines."""

from datetime import date, datetime

from sqlalchemy import Connection, select

from reminderd.storage.tables import metadata

_LINE = metadata.tables["line"]
_DEADLINE = metadata.tables["deadline"]


def next_deadline(
    tx: Connection, day: date, now: datetime
) -> tuple[str, date | datetime] | None:
    """Return the first deadline from *day* or *now* on and its line, None for none.

    Both of its forms are looked at: dates from *day* on, instants from *now* on.
    """
    dates, instants = _DEADLINE.c.due_on, _DEADLINE.c.due_at
    found: list[tuple[str, date | datetime]] = []
    for column, since in ((dates, day), (instants, now)):
        wanted = (
            select(_LINE.c.name, column)
            .join_from(_DEADLINE, _LINE)
            .where(_LINE.c.archived_at.is_(None), column >= since)
        )
        row = tx.execute(wanted.order_by(column).limit(1)).one_or_none()
        if row is not None:
            found.append((row[0], row[1]))
    return min(found, key=lambda known: str(known[1]), default=None)
