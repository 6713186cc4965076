"""What a channel has missed of a line, and is so again after all."""

from datetime import datetime

from sqlalchemy import Connection

from reminderd.domain.findings import open_again
from reminderd.domain.review import Review
from reminderd.scheduling.setup import Setup
from reminderd.storage.stored import StoredLine
from reminderd.storage.taken_back import put_back, taken_back


def send_missed(
    tx: Connection, stored: StoredLine, outcome: Review, setup: Setup, now: datetime
) -> None:
    """Let what was taken back before a channel got it wait again, if it holds now.

    A clock was set right, or a figure corrected back. What has been told on one
    channel has not been told on the others.
    """
    routes = setup.routes_for(stored.route)
    lowest = {route.channel: route.min_severity for route in routes}
    owed: dict[str, int] = {}
    for missed in taken_back(tx, stored.id):
        severity = open_again(missed.reminder, outcome.findings, outcome.told)
        if severity is None or missed.channel not in lowest:
            continue
        if severity >= lowest[missed.channel]:
            owed.setdefault(missed.channel, missed.delivery_id)
    if owed:
        put_back(tx, owed.values(), now)
