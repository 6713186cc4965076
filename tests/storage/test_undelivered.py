"""What a check shows of the outbox: what has not arrived, and what just has."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, update

from reminderd.domain.deliveries import DeliveryState
from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import Notice
from reminderd.storage import lines, outbox
from reminderd.storage.database import Database
from reminderd.storage.tables import metadata
from reminderd.storage.undelivered import open_deliveries, retry
from tests.builders import NOW
from tests.outboxes import a_reminder, add_stored_line, enqueue, states

HOUR = timedelta(hours=1)
_DELIVERY = metadata.tables["delivery"]


def settle(database: Database, number: int, state: DeliveryState) -> None:
    """End the delivery with that number, an hour ago."""
    with database.write() as tx:
        ended = update(_DELIVERY).where(_DELIVERY.c.id == number)
        tx.execute(ended.values(state=state, settled_at=NOW - HOUR))


def enqueue_notice(database: Database, key: str, *channels: str) -> None:
    notice = Notice(
        code="test",
        severity=Severity.WARNING,
        details={"channel": "phone"},
        created_at=NOW,
    )
    with database.write() as tx:
        outbox.enqueue_notice(tx, notice, key, channels, NOW)


def shown(database: Database) -> Sequence[tuple[str | None, str, str, bool]]:
    with database.read() as tx:
        return [
            (known.line, known.channel, known.state, known.arrived)
            for known in open_deliveries(tx, NOW)
        ]


def test_what_waits_is_shown_until_it_is_sent(either_database: Database) -> None:
    enqueue(either_database, "phone", "mail")
    settle(either_database, 1, DeliveryState.SENT)

    assert shown(either_database) == [("uk-travel", "mail", "pending", True)]


@pytest.mark.parametrize("state", [DeliveryState.DEAD, DeliveryState.EXPIRED])
def test_what_was_given_up_is_shown_while_nothing_has_arrived(
    either_database: Database, state: DeliveryState
) -> None:
    enqueue(either_database, "phone")
    settle(either_database, 1, state)

    assert shown(either_database) == [("uk-travel", "phone", state, False)]


@pytest.mark.parametrize("state", [DeliveryState.DEAD, DeliveryState.EXPIRED])
def test_what_was_given_up_is_over_where_it_has_arrived_through_another_channel(
    either_database: Database, state: DeliveryState
) -> None:
    enqueue(either_database, "phone", "mail")
    settle(either_database, 1, state)
    settle(either_database, 2, DeliveryState.SENT)

    assert shown(either_database) == []


def test_what_was_given_up_is_over_once_a_later_reminder_has_arrived(
    either_database: Database,
) -> None:
    line_id = enqueue(either_database, "phone")
    settle(either_database, 1, DeliveryState.DEAD)
    with either_database.write() as tx:
        later = a_reminder(key="validity|2026-12-04|7d")
        outbox.enqueue_reminder(tx, line_id, later, ["mail"], NOW)
    settle(either_database, 2, DeliveryState.SENT)

    assert shown(either_database) == []


def test_what_was_given_up_is_over_with_its_line(either_database: Database) -> None:
    line_id = enqueue(either_database, "phone")
    settle(either_database, 1, DeliveryState.DEAD)
    with either_database.write() as tx:
        lines.archive_line(tx, line_id, NOW)

    assert shown(either_database) == []


def test_notice_that_was_given_up_is_over_once_its_channel_works(
    either_database: Database,
) -> None:
    enqueue_notice(either_database, "first", "phone")
    enqueue_notice(either_database, "second", "mail")
    settle(either_database, 1, DeliveryState.DEAD)
    settle(either_database, 2, DeliveryState.SENT)
    before = shown(either_database)
    enqueue_notice(either_database, "third", "phone")
    settle(either_database, 3, DeliveryState.SENT)

    assert before == [(None, "phone", "dead", False)]
    assert shown(either_database) == []


def test_line_without_deliveries_is_not_shown(either_database: Database) -> None:
    add_stored_line(either_database)

    assert shown(either_database) == []


def test_nothing_is_read_from_one_end_to_the_other_for_each_delivery(
    database: Database,
) -> None:
    asked: list[tuple[str, tuple[object, ...]]] = []

    def listen(*told: Any) -> None:
        asked.append((told[2], told[3]))

    with database.read() as tx:
        event.listen(tx, "before_cursor_execute", listen)
        list(open_deliveries(tx, NOW))
    ((statement, values),) = asked
    with database.read() as tx:
        plan = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()

    searches = [row.detail for row in plan if row.detail.startswith(("SCAN", "SEARCH"))]
    for_each = [detail for detail in searches if re.search(r"_\d+ USING", detail)]
    assert not [detail for detail in searches if detail.startswith("SCAN")]
    assert for_each
    assert not [detail for detail in for_each if detail.endswith("(state=?)")]


def test_retry_revives_what_was_given_up_and_nothing_else(
    either_database: Database,
) -> None:
    """What says nothing any more stays as it is: overtaken, archived, too late."""
    enqueue(either_database, "phone")
    overtaken = enqueue(either_database, "phone", line="overtaken")
    archived = enqueue(either_database, "phone", line="archived")
    enqueue(either_database, "phone", line="late", useful_until=NOW - 24 * HOUR)
    enqueue(either_database, "phone", "mail", line="arrived")
    for delivery in range(1, 6):
        settle(either_database, delivery, DeliveryState.DEAD)
    settle(either_database, 6, DeliveryState.SENT)
    with either_database.write() as tx:
        outbox.enqueue_reminder(tx, overtaken, a_reminder("newer"), ["mail"], NOW)
        lines.archive_line(tx, archived, NOW)

        retry(tx, ["phone"], NOW)

    assert [state for _, state in states(either_database)] == [
        "pending",
        *["dead"] * 4,
        "sent",
        "pending",
    ]
    with either_database.read() as tx:
        # Whether all of it holds still is for a review to say.
        assert lines.is_any_due(tx, NOW)
