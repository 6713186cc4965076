"""What keeps the store from growing for ever."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, func, select

from reminderd.storage.tables import metadata

# Forecasts look at weeks; charts of years need one point a day.
KEEP_EVERY_READING_FOR = timedelta(days=90)

_READING = metadata.tables["reading"]


def thin_readings(tx: Connection, now: datetime) -> int:
    """Leave of each old day (in UTC) the last reading of each item of each line.

    Return how many readings were deleted.
    """
    day = _day(tx)
    rank = func.row_number().over(
        partition_by=(_READING.c.line_id, _READING.c.item, day),
        order_by=(_READING.c.observed_at.desc(), _READING.c.id.desc()),
    )
    # Whole days only, or the last reading of a day would change while it is thinned.
    limit = (now - KEEP_EVERY_READING_FOR).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    ranked = (
        select(_READING.c.id, rank.label("rank"))
        .where(_READING.c.observed_at < limit)
        .subquery()
    )
    superfluous = select(ranked.c.id).where(ranked.c.rank > 1)
    return tx.execute(delete(_READING).where(_READING.c.id.in_(superfluous))).rowcount


def _day(tx: Connection) -> ColumnElement[object]:
    observed_at: ColumnElement[object] = _READING.c.observed_at
    if tx.dialect.name == "postgresql":
        observed_at = func.timezone("UTC", observed_at)
    return func.date(observed_at)
