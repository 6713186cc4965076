"""Counts for whoever watches reminderd from outside."""

from collections.abc import Mapping

from sqlalchemy import Connection, func, select

from reminderd.domain.deliveries import DeliveryState
from reminderd.storage.tables import metadata

_LINE = metadata.tables["line"]
_TOLD = metadata.tables["told"]
_DELIVERY = metadata.tables["delivery"]


def count_deliveries(tx: Connection) -> Mapping[tuple[str, DeliveryState], int]:
    """Return how many deliveries of each channel are in which state."""
    by = (_DELIVERY.c.channel, _DELIVERY.c.state)
    rows = tx.execute(select(*by, func.count()).group_by(*by))
    return {(channel, DeliveryState(state)): n for channel, state, n in rows}


def count_warned_lines(tx: Connection) -> int:
    """Return how many lines somebody has been told of, and which are no better yet."""
    lines = func.count(_TOLD.c.line_id.distinct())
    of_live = select(lines).join_from(_TOLD, _LINE).where(_LINE.c.archived_at.is_(None))
    return int(tx.execute(of_live).scalar_one())
