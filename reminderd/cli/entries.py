"""Entries of the history: as rows for people, and as records for programs."""

from dataclasses import asdict, replace
from typing import Any

from reminderd.cli.past_events import EVENTS, event_text
from reminderd.cli.past_readings import reading_text
from reminderd.messages.catalogs import N_
from reminderd.messages.wording import Wording
from reminderd.storage.past import (
    DELIVERY,
    EVENT,
    READING,
    REMINDER,
    OneDelivery,
    Past,
    PastEvent,
    PastReading,
    PastReminder,
)
from reminderd.views.outcomes import outcome_text
from reminderd.views.titles import title_text

HEADINGS = (N_("when"), N_("line"), N_("what"), N_("where to"))
KINDS = (REMINDER, DELIVERY, READING, EVENT, *EVENTS)


def row_of(known: Past, words: Wording) -> tuple[str, str, str, str]:
    """Return when it was, of which line, what it was, and where it went."""
    when = words.moment(known.at)
    if isinstance(known, PastEvent):
        return when, known.line, event_text(known, words), "-"
    if isinstance(known, PastReading):
        return when, known.line, reading_text(known, words), "-"
    if isinstance(known, OneDelivery):
        reminder = known.of
        where = outcome_text(known.delivery, words, with_attempts=True)
    else:
        reminder = known
        where = "\n".join(outcome_text(each, words) for each in known.deliveries)
    # What it said was said at that moment, not now.
    title = title_text(reminder.content, replace(words, now=reminder.at))
    return when, reminder.line or "-", title, where or "-"


def record_of(known: Past) -> dict[str, Any]:
    """Return an entry as a record with stable keys; ``kind`` is what --kind takes."""
    match known:
        case PastEvent():
            return _event_record(known)
        case PastReading():
            return _reading_record(known)
        case OneDelivery(delivery=delivery, of=reminder):
            return {
                **_said_record(DELIVERY, reminder),
                "at": known.at,
                "reminder_id": reminder.id,
                **asdict(delivery),
            }
        case PastReminder():
            sent = [asdict(each) for each in known.deliveries]
            return {**_said_record(REMINDER, known), "deliveries": sent}


def _said_record(kind: str, known: PastReminder) -> dict[str, Any]:
    return {
        "type": kind,
        "kind": kind,
        "id": known.id,
        "line": known.line,
        "at": known.at,
        "severity": known.severity.word,
        "late": known.late,
        "content": known.content.record,
    }


def _event_record(known: PastEvent) -> dict[str, Any]:
    return {
        "type": EVENT,
        "kind": known.kind,
        "id": known.id,
        "line": known.line,
        "at": known.at,
        "detail": known.detail,
        "amount": known.money and known.money.minor,
        "currency": known.money and known.money.currency,
    }


def _reading_record(known: PastReading) -> dict[str, Any]:
    return {
        "type": READING,
        "kind": READING,
        "id": known.id,
        "line": known.line,
        "item": known.item,
        "source": known.source,
        **asdict(known.figure),
        "before": known.before and asdict(known.before),
    }
