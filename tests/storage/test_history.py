"""What history tells: reminders with where they went, events, of one line or of all."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from reminderd.domain.ladders import Severity
from reminderd.storage import events, history, lines
from reminderd.storage.arrivals import Arrivals
from reminderd.storage.contents import LineColumns, StoredContent
from reminderd.storage.database import Database
from reminderd.storage.epochs import to_epoch
from reminderd.storage.lines import NewLine
from reminderd.storage.past import (
    DELIVERY,
    EVENT,
    READING,
    REMINDER,
    Past,
    PastAttempt,
    PastDelivery,
    PastEvent,
    PastReading,
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


def entries(database: Database, wanted: Wanted) -> list[Past]:
    with database.read() as tx:
        return history.recent(tx, wanted, 10)


def test_a_reading_has_the_one_of_its_item_before_it(
    either_database: Database,
) -> None:
    with either_database.write() as tx:
        line_id = add_line(tx, "uk")
        for item, left in (("data", 5), ("sms", 9), ("data", 3), ("data/eu", 7)):
            insert(
                tx,
                "reading",
                line_id=line_id,
                item=item,
                remaining=left,
                observed_at=NOW,
                source="cli",
            )

    found = entries(either_database, Wanted(kinds=frozenset({READING})))

    assert [
        (each.item, each.figure.remaining, each.before and each.before.remaining)
        for each in found
        if isinstance(each, PastReading)
    ] == [("data/eu", 7, None), ("data", 3, 5), ("sms", 9, None), ("data", 5, None)]


def add_delivery(tx: Connection, reminder_id: int, **values: object) -> int:
    columns = {"channel": "phone", "state": "pending", "created_at": NOW}
    return insert(tx, "delivery", reminder_id=reminder_id, **columns | values)


def test_a_delivery_is_of_the_instant_of_what_happened_to_it_last(
    either_database: Database,
) -> None:
    with either_database.write() as tx:
        reminder_id = add_reminder(tx, add_line(tx, "uk"), "k", 0)
        add_delivery(tx, reminder_id, channel="new")
        tried = add_delivery(tx, reminder_id, channel="tried")
        started_at = NOW + 2 * MINUTE
        insert(tx, "attempt", delivery_id=tried, fence=1, started_at=started_at)
        settled_at = NOW + 5 * MINUTE
        add_delivery(
            tx, reminder_id, channel="sent", state="sent", settled_at=settled_at
        )
    deliveries = Wanted(kinds=frozenset({DELIVERY}))

    found = entries(either_database, deliveries)
    late = entries(either_database, replace(deliveries, since=NOW + MINUTE))

    assert [each.at for each in found] == [settled_at, started_at, NOW]
    assert [each.at for each in late] == [settled_at, started_at]


def test_arrivals_are_told_once_and_a_delivery_whenever_it_was_tried(
    either_database: Database,
) -> None:
    with either_database.write() as tx:
        line_id = add_line(tx, "uk")
        add_delivery(tx, add_reminder(tx, line_id, "before", 0), state="held")
    everything = frozenset({REMINDER, DELIVERY, READING, EVENT})
    with either_database.read() as tx:
        arrivals = Arrivals(tx, Wanted(kinds=everything))

    def news() -> list[tuple[str, int]]:
        with either_database.read() as tx:
            return [
                (type(each).__name__, getattr(each, "id", 0))
                for each in arrivals.news(tx)
            ]

    assert news() == []
    with either_database.write() as tx:
        reminder_id = add_reminder(tx, line_id, "k", 1)
        delivery_id = add_delivery(tx, reminder_id)
        events.add_event(tx, line_id, "edit", NOW, {})
    assert news() == [("PastEvent", 1), ("PastReminder", reminder_id)]
    assert news() == []

    for change, told in (
        ({"state": "sending", "attempts": 1}, []),
        ({"state": "pending", "reason": "refused"}, [("OneDelivery", 0)]),
        ({"state": "sending", "attempts": 2}, []),
        ({"state": "sent", "reason": None}, [("OneDelivery", 0)]),
    ):
        table = metadata.tables["delivery"]
        with either_database.write() as tx:
            of_delivery = table.c.id == delivery_id
            tx.execute(table.update().where(of_delivery).values(**change))
        assert news() == told, change
    assert news() == []


def test_more_than_can_be_looked_at_at_once_arrives_whole(database: Database) -> None:
    with database.read() as tx:
        arrivals = Arrivals(tx, Wanted())
    with database.write() as tx:
        line_id = add_line(tx, "uk")
        row = {"line_id": line_id, "kind": "edit", "at": NOW, "detail": {}}
        tx.execute(metadata.tables["event"].insert(), [row] * 3000)

    with database.read() as tx:
        found = [each.id for each in arrivals.news(tx) if isinstance(each, PastEvent)]

    assert found == list(range(1, 3001))


def test_a_row_with_the_id_of_a_deleted_one_arrives(database: Database) -> None:
    readings = metadata.tables["reading"]
    row = {"line_id": 1, "item": "data", "remaining": 5, "source": "cli"}
    with database.write() as tx:
        add_line(tx, "uk")
        insert(tx, "reading", **row, observed_at=NOW)
    with database.read() as tx:
        arrivals = Arrivals(tx, Wanted(kinds=frozenset({READING})))
    with database.write() as tx:
        tx.execute(readings.delete())
        insert(tx, "reading", **row, observed_at=NOW + MINUTE)

    with database.read() as tx:
        assert [each.at for each in arrivals.news(tx)] == [NOW + MINUTE]
