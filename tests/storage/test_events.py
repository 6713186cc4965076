"""Answers to a reminder, and the record of what was done."""

from datetime import timedelta

import pytest

from reminderd.domain.quantities import Money
from reminderd.domain.review import review
from reminderd.storage import events, history, lines, readings
from reminderd.storage.database import Database
from reminderd.storage.lines import NewLine
from reminderd.storage.past import PastEvent, Wanted
from tests.builders import NOW, a_deadline, a_policy

LATER = NOW + timedelta(hours=1)


def find(database: Database) -> lines.StoredLine:
    with database.read() as tx:
        found = lines.find_line(tx, "uk")
    assert found is not None
    return found


@pytest.fixture
def told_line(either_database: Database) -> int:
    """A line of which one thing has been told."""
    new = NewLine(name="uk", timezone="Europe/London", origin="cli", added_at=NOW)
    with either_database.write() as tx:
        line_id = lines.add_line(tx, new)
        readings.save_readings(tx, line_id, [a_deadline()], "cli", NOW)
        stored = lines.find_line(tx, "uk")
        assert stored is not None
        outcome = review(stored.line, a_policy(), stored.told, NOW)
        lines.save_review(tx, stored, outcome, NOW)
    return line_id


def test_an_acknowledgement_marks_all_that_was_told_and_ends_a_snooze(
    either_database: Database, told_line: int
) -> None:
    with either_database.write() as tx:
        events.snooze(tx, told_line, NOW + timedelta(days=3), NOW)

        count = events.acknowledge(tx, told_line, LATER)

    stored = find(either_database)
    assert count == 1
    assert stored.told["validity"].acknowledged_at == LATER
    assert stored.line.snoozed_until is None
    assert stored.line.review_at is None


def test_a_second_acknowledgement_keeps_the_instant_of_the_first(
    either_database: Database, told_line: int
) -> None:
    with either_database.write() as tx:
        events.acknowledge(tx, told_line, NOW)

        count = events.acknowledge(tx, told_line, LATER)

    assert count == 0
    assert find(either_database).told["validity"].acknowledged_at == NOW


def test_a_snooze_takes_an_acknowledgement_back(
    either_database: Database, told_line: int
) -> None:
    until = NOW + timedelta(days=3)
    with either_database.write() as tx:
        events.acknowledge(tx, told_line, NOW)

        events.snooze(tx, told_line, until, LATER)

    stored = find(either_database)
    assert stored.told["validity"].acknowledged_at is None
    assert stored.line.snoozed_until == until


def test_events_are_recorded_with_their_money_the_latest_first(
    either_database: Database, told_line: int
) -> None:
    with either_database.write() as tx:
        events.add_event(
            tx, told_line, "renewal", NOW, {"note": "shop"}, money=Money(1000, "GBP")
        )
        events.acknowledge(tx, told_line, LATER)

    with either_database.read() as tx:
        past = history.recent(tx, Wanted(line="uk"), 10)
    assert [
        (event.line, event.kind, event.at, event.detail, event.money)
        for event in past
        if isinstance(event, PastEvent)
    ] == [
        ("uk", "acknowledged", LATER, {"findings": 1}, None),
        ("uk", "renewal", NOW, {"note": "shop"}, Money(1000, "GBP")),
    ]
