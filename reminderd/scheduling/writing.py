"""What a review decided is written: the line, its outbox, and what is told."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from reminderd.domain.deliveries import channels_for
from reminderd.domain.reminders import Reminder
from reminderd.domain.review import Review, still_to_say, told_without
from reminderd.domain.told import Told
from reminderd.scheduling.missed import send_missed
from reminderd.scheduling.rerouting import redirect
from reminderd.scheduling.setup import Setup
from reminderd.storage import lines, outbox, waiting
from reminderd.storage.lines import StoredLine
from reminderd.storage.waiting import Written


def write(
    tx: Connection, stored: StoredLine, outcome: Review, setup: Setup, now: datetime
) -> int | None:
    """Write what was decided about a line; return the id of its reminder, if any."""
    reminder_id = None
    lines.save_review(tx, stored, outcome, now)
    undelivered = waiting.undelivered(tx, stored.id)
    written = waiting.waiting_reminders(tx, stored.id) if undelivered else []
    if outcome.reminder is not None:
        routes = setup.routes_for(stored.route)
        channels = channels_for(outcome.reminder, routes, undelivered)
        reminder_id = outbox.enqueue_reminder(
            tx, stored.id, outcome.reminder, channels, now
        )
    line = replace(stored.line, snoozed_until=outcome.snoozed_until)
    told = {known.item: known for known in outcome.told}
    for waits in written:
        current = outcome.reminder
        if current is None:
            policy = setup.policy_for(stored)
            current = still_to_say(waits.reminder, line, policy, told, now)
            _bring_up_to_date(tx, waits, current, now)
        # A snooze asks again by itself about what it has put off.
        if line.snoozed_until is None:
            kept = told_without(told, waits.reminder, current, arrived=waits.arrived)
            if current is not None and kept != told:
                waiting.free_key(tx, waits.reminder_id)
            _take_back(tx, stored.id, told, kept)
    if outcome.findings and line.snoozed_until is None:
        send_missed(tx, stored, outcome, setup, now)
    if undelivered and outcome.reminder is None:
        redirect(tx, stored, setup, now)
    return reminder_id


def _bring_up_to_date(
    tx: Connection, waits: Written, current: Reminder | None, now: datetime
) -> None:
    """Let what waits to be sent say what holds now, or nothing if nothing does."""
    if current != waits.reminder:
        waiting.replace_reminder(tx, waits.reminder_id, current, now)


def _take_back(
    tx: Connection, line_id: int, told: dict[str, Told], kept: dict[str, Told]
) -> None:
    """Forget that something was told which never arrived and is not said any more."""
    if kept != told:
        lines.save_told(tx, line_id, told, kept)
