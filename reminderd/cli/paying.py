"""What was paid: charges for lines that are gone, and bills that look wrong."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import Connection

from reminderd.cli.output import say
from reminderd.cli.rendering import wording_of
from reminderd.config.loading import Loaded
from reminderd.domain.calendar import local_date
from reminderd.domain.names import clean_name
from reminderd.domain.quantities import Money
from reminderd.scheduling.billing import tell_doubts
from reminderd.storage import events, undoing
from reminderd.storage.lines import removed_on

OnDay = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help="The day; default today.")
]


@dataclass(frozen=True, slots=True)
class Paid:
    """An amount, and the number of its receipt."""

    money: Money
    receipt: str | None = None


def charge_removed(
    tx: Connection, loaded: Loaded, name: str, paid: Paid, now: datetime
) -> bool:
    """Record a charge for a line that was removed, and say so; tell whether it was."""
    try:
        name = clean_name(name)
    except ValueError:
        return False
    removed = removed_on(tx, name)
    if removed is None:
        return False
    line_id, removed_at = removed
    zone = loaded.settings.timezone
    detail = {"on": local_date(now, zone).isoformat(), "receipt": paid.receipt}
    events.add_event(tx, line_id, undoing.RENEWAL, now, detail, money=paid.money)
    check_bill(tx, loaded, line_id, zone, now)
    words = wording_of(loaded.settings, now)
    say(
        words.say(
            "{line} was removed on {date}. The charge is noted; ask the carrier why "
            "a line that is gone was charged.",
            line=name,
            date=words.day(local_date(removed_at, zone)),
        )
    )
    return True


def check_bill(
    tx: Connection, loaded: Loaded, line_id: int, zone: ZoneInfo, now: datetime
) -> None:
    """Have the owner told of what is odd about the last charge of a line."""
    channels = list(loaded.settings.channels) or ["terminal"]
    tell_doubts(tx, line_id, zone, channels, now)
