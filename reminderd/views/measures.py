"""What is measured of reminderd and its lines, before it is put into any format."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from reminderd.domain.deliveries import DeliveryState
from reminderd.storage import brakes, lines, tallies
from reminderd.storage.lines import StoredLine
from reminderd.storage.undelivered import OpenDelivery
from reminderd.views.checkup import Checkup, checkup


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Everything that becomes a figure.

    ``lines`` are those that have series of their own, none if there are too many.
    ``warned`` counts the lines somebody was told of, ``due`` those to be reviewed now.
    """

    checkup: Checkup
    channels: Sequence[str]
    deliveries: Mapping[tuple[str, DeliveryState], int]
    held: int
    due: int
    warned: int
    last_pass: datetime | None
    lines: Sequence[StoredLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is measured: the channels, and at most so many lines one by one.

    ``quiet_until`` returns when the quiet hours end that a delivery waits for.
    """

    channels: Sequence[str]
    most_lines: int
    quiet_until: Callable[[OpenDelivery], datetime | None]


def measure(
    tx: Connection, scope: Scope, last_pass: datetime | None, now: datetime
) -> Measured:
    """Return how everything stands at *now*.

    Raises:
        StoreError: The store cannot be read.
    """
    known = checkup(tx, scope.quiet_until, now)
    has_few = known.lines <= scope.most_lines
    held = brakes.held(tx)
    return Measured(
        checkup=known,
        channels=sorted({*scope.channels, *known.health}),
        deliveries=tallies.count_deliveries(tx),
        held=held.reminders if held else 0,
        due=lines.count_due(tx, now),
        warned=tallies.count_warned_lines(tx),
        last_pass=last_pass,
        lines=tuple(lines.all_lines(tx)) if has_few else (),
    )
