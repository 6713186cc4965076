"""What history tells: reminders with where they went, events, of one line or of all."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from reminderd.domain.ladders import Severity
from reminderd.storage import events, history, lines
from reminderd.storage.contents import LineColumns, StoredContent
from reminderd.storage.database import Database
from reminderd.storage.epochs import to_epoch
from reminderd.storage.lines import NewLine
from reminderd.storage.past import (
    PastAttempt,
    PastDelivery,
    PastReminder,
    Wanted,
)
from reminderd.storage.tables import metadata
from tests.builders import NOW

MINUTE = timedelta(minutes=1)


def add_line(tx: Connection, name: str) -> int:
    new = NewLine(name=name, timezone="Europe/London", origin="cli", added_at=NOW)
    return lines.add_line(tx, new)


def insert(tx: Connection, table: str, **values: object) -> int:
    inserted = tx.execute(metadata.tables[table].insert().values(**values))
    assert inserted.inserted_primary_key is not None
    return int(inserted.inserted_primary_key[0])


def add_reminder(tx: Connection, line_id: int | None, key: str, minute: int) -> int:
    return insert(
        tx,
        "reminder",
        line_id=line_id,
        key=key,
        severity=3,
        worst=3,
        late=True,
        content={"key": key},
        created_at=NOW + minute * MINUTE,
    )


def test_a_reminder_comes_with_its_deliveries_and_their_attempts(
    either_database: Database,
) -> None:
    with either_database.write() as tx:
        line_id = add_line(tx, "uk")
        reminder_id = add_reminder(tx, line_id, "k", 0)
        delivery_id = insert(
            tx,
            "delivery",
            reminder_id=reminder_id,
            channel="phone",
            state="pending",
            reason="HTTP 503",
            created_at=NOW,
            next_attempt_at=to_epoch(NOW + MINUTE),
        )
        for fence, outcome in ((1, "transient"), (2, None)):
            insert(
                tx,
                "attempt",
                delivery_id=delivery_id,
                fence=fence,
                started_at=NOW,
                outcome=outcome,
            )

    with either_database.read() as tx:
        past = history.recent(tx, Wanted(line="uk"), 10)

    attempts = tuple(
        PastAttempt(started_at=NOW, finished_at=None, outcome=outcome, reason=None)
        for outcome in ("transient", None)
    )
    delivery = PastDelivery(
        id=delivery_id,
        channel="phone",
        state="pending",
        reason="HTTP 503",
        next_attempt_at=NOW + MINUTE,
        settled_at=None,
        attempts=attempts,
    )
    line = LineColumns(
        name="uk", timezone="Europe/London", carrier=None, number=None, plan=None
    )
    assert past == [
        PastReminder(
            id=reminder_id,
            line="uk",
            at=NOW,
            severity=Severity.CRITICAL,
            late=True,
            content=StoredContent(line=line, record={"key": "k"}, created_at=NOW),
            deliveries=(delivery,),
        )
    ]


@pytest.fixture
def busy_database(database: Database) -> Database:
    """A store with a reminder and an event of each of two lines, and a notice."""
    with database.write() as tx:
        for minute, name in enumerate(("uk", "us")):
            line_id = add_line(tx, name)
            add_reminder(tx, line_id, name, 10 * minute)
            at = NOW + (10 * minute + 5) * MINUTE
            events.add_event(tx, line_id, "edit", at, {})
        add_reminder(tx, None, "notice", 20)
    return database


def test_without_a_line_history_has_everything_the_latest_first(
    busy_database: Database,
) -> None:
    with busy_database.read() as tx:
        past = history.recent(tx, Wanted(), 10)

    assert [(known.line, type(known).__name__) for known in past] == [
        (None, "PastReminder"),
        ("us", "PastEvent"),
        ("us", "PastReminder"),
        ("uk", "PastEvent"),
        ("uk", "PastReminder"),
    ]


def test_with_a_line_history_has_that_line_alone(busy_database: Database) -> None:
    with busy_database.read() as tx:
        past = history.recent(tx, Wanted(line="uk"), 10)

    assert {known.line for known in past} == {"uk"}
    assert len(past) == 2


def test_history_is_no_longer_than_asked_for(busy_database: Database) -> None:
    with busy_database.read() as tx:
        past = history.recent(tx, Wanted(), 2)

    assert [known.line for known in past] == [None, "us"]
