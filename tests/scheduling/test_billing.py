"""Charges that may be wrong are told once, when they are recorded."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from reminderd.domain.charges import Doubt, DoubtKind
from reminderd.domain.ladders import Severity
from reminderd.domain.quantities import Money
from reminderd.scheduling.billing import tell_doubts
from reminderd.storage.database import Database
from reminderd.storage.events import add_event
from reminderd.storage.lines import find_line
from reminderd.storage.tables import metadata
from tests.builders import LONDON, NOW
from tests.outboxes import add_stored_line, deliveries

CHANNELS = ("phone", "mail")
_REMINDER = metadata.tables["reminder"]


def pay(database: Database, on: str, minor: int = 1500, **detail: Any) -> list[Doubt]:
    """Record a renewal of 30 days and tell what is odd about it, in one transaction."""
    with database.write() as tx:
        stored = find_line(tx, "uk-travel")
        assert stored is not None
        known = {"on": on, "period": "30d"} | detail
        add_event(tx, stored.id, "renewal", NOW, known, money=Money(minor, "GBP"))
        return list(tell_doubts(tx, stored.id, LONDON, CHANNELS, NOW))


def told(database: Database) -> list[Mapping[str, Any]]:
    with database.read() as tx:
        columns = (_REMINDER.c.key, _REMINDER.c.severity, _REMINDER.c.content)
        rows = tx.execute(select(*columns).order_by(_REMINDER.c.id)).mappings()
        return [dict(row) for row in rows]


def test_charge_in_doubt_is_told_through_every_channel(database: Database) -> None:
    add_stored_line(database)
    pay(database, "2026-11-08", way="website")
    assert told(database) == []

    (doubt,) = pay(database, "2026-11-12", way="app", receipt="R-123")

    assert doubt.kind is DoubtKind.TWICE
    (row,) = told(database)
    assert row["key"] == "notice|check-bill|2|twice"
    assert row["severity"] == Severity.INFO
    assert row["content"]["code"] == "check-bill"
    assert row["content"]["details"] == {
        "line": "uk-travel",
        "why": "twice",
        "amount": "15.00 GBP",
        "on": "2026-11-12",
        "way": "app",
        "receipt": "R-123",
        "before_amount": "15.00 GBP",
        "before_on": "2026-11-08",
        "before_way": "website",
        "until": "2026-12-08",
    }
    assert [known.channel for known in deliveries(database)] == list(CHANNELS)


def test_each_reason_is_told_and_none_of_them_again(database: Database) -> None:
    add_stored_line(database)
    pay(database, "2026-11-08")
    pay(database, "2026-11-12", 1600)
    with database.write() as tx:
        stored = find_line(tx, "uk-travel")
        assert stored is not None
        found = tell_doubts(tx, stored.id, LONDON, CHANNELS, NOW + timedelta(days=1))

    assert {doubt.kind for doubt in found} == {DoubtKind.TWICE, DoubtKind.DEARER}
    keys = [row["key"].removeprefix("notice|check-bill|") for row in told(database)]
    assert keys == ["2|twice", "2|dearer"]


def test_later_charge_does_not_tell_of_an_earlier_doubt(database: Database) -> None:
    add_stored_line(database)
    for on in ("2026-10-08", "2026-10-12"):
        pay(database, on)

    assert pay(database, "2026-11-20") == []
    assert len(told(database)) == 1


def test_charge_recorded_belatedly_casts_doubt_on_a_later_one(
    database: Database,
) -> None:
    add_stored_line(database)
    pay(database, "2026-11-12")

    (doubt,) = pay(database, "2026-11-08")

    assert (doubt.kind, doubt.charge.event_id) == (DoubtKind.TWICE, 1)
    assert [row["key"] for row in told(database)] == ["notice|check-bill|1|twice"]


def test_nothing_is_told_of_a_renewal_that_cost_nothing(database: Database) -> None:
    line_id = add_stored_line(database)
    with database.write() as tx:
        stored = find_line(tx, "uk-travel")
        assert stored is not None
        add_event(tx, line_id, "renewal", NOW, {})

        assert tell_doubts(tx, stored.id, LONDON, CHANNELS, NOW) == ()
    assert told(database) == []
