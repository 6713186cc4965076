"""Which events are charges, and what is known of them."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from reminderd.domain.charges import Charge, ChargeKind
from reminderd.domain.periods import Period
from reminderd.domain.quantities import Money
from reminderd.storage.charges import charges
from reminderd.storage.database import Database
from reminderd.storage.events import add_event
from reminderd.storage.lines import NewLine, add_line, archive_line
from reminderd.storage.tables import metadata
from tests.builders import LONDON, NOW, SHANGHAI

PRICE = Money(1500, "GBP")
_EVENT = metadata.tables["event"]


def add(tx: Connection, name: str, carrier: str | None = "giffgaff") -> int:
    new = NewLine(
        name=name, timezone="Europe/London", origin="cli", added_at=NOW, carrier=carrier
    )
    return add_line(tx, new)


def pay(
    tx: Connection, line_id: int, detail: Mapping[str, Any], kind: str = "renewal"
) -> None:
    add_event(tx, line_id, kind, NOW, detail, money=PRICE)


def only(database: Database) -> Charge:
    with database.read() as tx:
        (charge,) = charges(tx, LONDON)
    return charge


def test_everything_that_was_recorded_of_a_charge_is_known(
    either_database: Database,
) -> None:
    with either_database.write() as tx:
        line_id = add(tx, "uk")
        detail = {
            "on": "2026-11-12",
            "way": "app",
            "receipt": "R-123",
            "period": "1mo",
            "start": "old-end",
            "until": "2026-12-31",
            "before_until": "2026-11-30",
        }
        pay(tx, line_id, detail)
        archive_line(tx, line_id, NOW + timedelta(days=1))

    assert only(either_database) == Charge(
        event_id=1,
        line="uk",
        carrier="giffgaff",
        at=NOW,
        on=date(2026, 11, 12),
        money=PRICE,
        kind=ChargeKind.RENEWAL,
        until=date(2026, 12, 31),
        before_until=date(2026, 11, 30),
        period=Period(months=1),
        start="old-end",
        removed_at=NOW + timedelta(days=1),
        way="app",
        receipt="R-123",
    )


@pytest.mark.parametrize(
    "detail",
    [
        pytest.param({}, id="an older event"),
        pytest.param(
            dict.fromkeys(("on", "until", "before_until", "period", "receipt")),
            id="nulls",
        ),
        pytest.param(
            {
                **dict.fromkeys(("on", "until", "before_until"), "soon"),
                "period": "1m",
                **dict.fromkeys(("way", "receipt", "start"), "a\u202eb\x1b[2J"),
            },
            id="nonsense",
        ),
        pytest.param(
            dict.fromkeys(("on", "until", "period", "way", "receipt", "start"), 7),
            id="numbers",
        ),
    ],
)
def test_what_is_missing_or_makes_no_sense_is_unknown(
    database: Database, detail: dict[str, Any]
) -> None:
    with database.write() as tx:
        pay(tx, add(tx, "uk", None), detail)

    assert only(database) == Charge(
        event_id=1, line="uk", at=NOW, on=NOW.date(), money=PRICE
    )


@pytest.mark.parametrize("stored", ["[1]", "7", "{broken"])
def test_damaged_detail_leaves_the_charge(database: Database, stored: str) -> None:
    with database.write() as tx:
        pay(tx, add(tx, "uk"), {})
        tx.exec_driver_sql("UPDATE event SET detail = ?", (stored,))

    assert only(database).money == PRICE


def test_day_of_an_older_event_is_that_of_its_instant_in_the_zone(
    database: Database,
) -> None:
    with database.write() as tx:
        at = NOW.replace(hour=20)
        add_event(tx, add(tx, "uk"), "renewal", at, {}, money=PRICE)

    with database.read() as tx:
        days = [charges(tx, zone)[0].on.day for zone in (LONDON, SHANGHAI)]
    assert days == [22, 23]


def test_paid_activity_is_a_top_up_and_an_event_without_money_is_no_charge(
    either_database: Database,
) -> None:
    with either_database.write() as tx:
        line_id = add(tx, "uk")
        pay(tx, line_id, {"kind": "top-up"}, "activity")
        for kind in ("renewal", "activity"):
            add_event(tx, line_id, kind, NOW, {})
        pay(tx, line_id, {}, "edit")

    assert only(either_database).kind is ChargeKind.TOP_UP


def test_what_was_undone_was_not_paid(either_database: Database) -> None:
    with either_database.write() as tx:
        line_id = add(tx, "uk")
        for receipt in ("A", "B"):
            pay(tx, line_id, {"receipt": receipt})
        add_event(tx, line_id, "undone", NOW, {"event": 2})
        add_event(tx, line_id, "undone", NOW, {})

    assert only(either_database).receipt == "A"


def test_charges_of_one_line_are_its_own(either_database: Database) -> None:
    with either_database.write() as tx:
        first, second = add(tx, "uk"), add(tx, "spain")
        for line_id in (first, second, first):
            pay(tx, line_id, {})
        add_event(tx, first, "undone", NOW, {"event": 1})

    with either_database.read() as tx:
        assert [known.event_id for known in charges(tx, LONDON, first)] == [3]
        assert [known.event_id for known in charges(tx, LONDON, second)] == [2]
        assert [known.event_id for known in charges(tx, LONDON)] == [2, 3]


@pytest.mark.parametrize("currency", [None, "pounds", ""])
def test_amount_without_a_currency_is_logged_and_keeps_no_other_from_being_read(
    database: Database, caplog: pytest.LogCaptureFixture, currency: str | None
) -> None:
    with database.write() as tx:
        line_id = add(tx, "uk")
        values = {"line_id": line_id, "kind": "renewal", "at": NOW, "amount": 4242}
        tx.execute(insert(_EVENT).values(**values, currency=currency, detail={}))
        pay(tx, line_id, {})

    assert only(database).event_id == 2
    assert "event_id=1" in caplog.text
    assert "4242" not in caplog.text


def test_line_that_took_the_name_of_a_removed_one_has_its_own_charges(
    database: Database,
) -> None:
    with database.write() as tx:
        old = add(tx, "uk")
        pay(tx, old, {})
        archive_line(tx, old, NOW)
        pay(tx, add(tx, "uk"), {})

    with database.read() as tx:
        names = [known.line for known in charges(tx, LONDON)]
    assert names == ["uk  (removed, line 1)", "uk"]
