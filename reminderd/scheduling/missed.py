"""What a channel has missed of a line, and is so again after all."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from reminderd.domain.findings import open_again
from reminderd.domain.review import Review, still_to_say
from reminderd.scheduling.setup import Setup
from reminderd.storage.stored import StoredLine
from reminderd.storage.taken_back import TakenBack, put_back, taken_back
from reminderd.storage.waiting import replace_reminder


def send_missed(
    tx: Connection, stored: StoredLine, outcome: Review, setup: Setup, now: datetime
) -> None:
    """Let what was taken back before a channel got it wait again, if it holds now.

    A clock was set right, or a figure corrected back. What has been told on one
    channel has not been told on the others. It says what holds now, not what did.
    """
    owed = {missed.channel: missed for missed in _owed(tx, stored, outcome, setup)}
    if not owed:
        return
    line = replace(stored.line, snoozed_until=outcome.snoozed_until)
    told = {known.item: known for known in outcome.told}
    policy = setup.policy_for(stored)
    for missed in owed.values():
        current = still_to_say(missed.reminder, line, policy, told, now)
        if current is not None:
            put_back(tx, [missed.delivery_id], now)
            replace_reminder(tx, missed.reminder_id, current, now)


def _owed(
    tx: Connection, stored: StoredLine, outcome: Review, setup: Setup
) -> Iterator[TakenBack]:
    """Yield what each channel of the line has missed, its newest last."""
    routes = setup.routes_for(stored.route)
    lowest = {route.channel: route.min_severity for route in routes}
    for missed in reversed(taken_back(tx, stored.id)):
        severity = open_again(missed.reminder, outcome.findings, outcome.told)
        if severity is None or missed.channel not in lowest:
            continue
        if severity >= lowest[missed.channel]:
            yield missed
