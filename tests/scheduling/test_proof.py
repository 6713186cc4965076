"""Proof of life: a message now and then, through every channel."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from reminderd.domain.deliveries import Route
from reminderd.domain.periods import parse_period
from reminderd.scheduling.cycle import run_pass
from reminderd.scheduling.setup import Proofs, Setup
from reminderd.scheduling.standing import trouble_of
from reminderd.storage.database import Database
from reminderd.storage.lines import NewLine, add_line, archive_line
from reminderd.storage.readings import save_readings
from reminderd.storage.tables import metadata
from tests.builders import NOW, SHANGHAI, a_deadline
from tests.outboxes import AGAIN, SENT, settle, states, take
from tests.setups import a_setup

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
_REMINDER = metadata.tables["reminder"]


def proving(every: str = "30d", *channels: str) -> Setup:
    """Return a setup with a proof at nine in the morning in Shanghai, 01:00 UTC."""
    proofs = Proofs(every=parse_period(every), at=time(9), zone=SHANGHAI)
    routes = [Route(channel=name) for name in channels or ("phone",)]
    return replace(a_setup(routes=routes), proofs=proofs)


def proofs_of(database: Database) -> list[Mapping[str, str]]:
    with database.read() as tx:
        wanted = select(_REMINDER.c.content).where(_REMINDER.c.key.like("notice|pro%"))
        found = tx.execute(wanted.order_by(_REMINDER.c.id)).scalars()
        return [content["details"] for content in found]


def add(database: Database, name: str, due: date | datetime) -> int:
    with database.write() as tx:
        new = NewLine(name=name, timezone="Asia/Tokyo", origin="cli", added_at=NOW)
        line_id = add_line(tx, new)
        save_readings(tx, line_id, [a_deadline(due)], "cli", NOW)
    return line_id


def test_each_channel_gets_one_every_so_many_days_at_the_hour_of_reminders(
    database: Database,
) -> None:
    setup = proving("30d", "phone", "mail")
    counts = []
    morning = datetime(2026, 12, 22, 1, tzinfo=NOW.tzinfo)
    for at in (NOW, NOW + HOUR, morning - timedelta(seconds=1), morning, morning + DAY):
        run_pass(database, setup, at)
        counts.append(len(proofs_of(database)))

    assert counts == [2, 2, 2, 4, 4]
    assert [channel for channel, _ in states(database)] == ["phone", "mail"] * 2


def test_first_one_waits_for_the_hour_of_reminders(database: Database) -> None:
    before_nine = NOW.replace(hour=0, minute=59)

    run_pass(database, proving(), before_nine)
    assert proofs_of(database) == []
    run_pass(database, proving(), before_nine + timedelta(minutes=1))

    assert len(proofs_of(database)) == 1


def test_long_absence_is_made_up_for_by_one(database: Database) -> None:
    run_pass(database, proving(), NOW)
    for days in (200, 201, 229, 230):
        run_pass(database, proving(), NOW + days * DAY)

    assert len(proofs_of(database)) == 3


def test_without_the_wish_for_it_there_is_none(database: Database) -> None:
    run_pass(database, a_setup(), NOW)

    assert proofs_of(database) == []


def test_clock_that_ran_ahead_does_not_silence_it_for_years(
    database: Database,
) -> None:
    run_pass(database, proving(), NOW + 4000 * DAY)
    run_pass(database, proving(), NOW)
    assert len(proofs_of(database)) == 1

    run_pass(database, proving(), NOW + 30 * DAY)

    assert len(proofs_of(database)) == 2


@pytest.mark.parametrize(
    ("dates", "line", "due"),
    [
        pytest.param({}, None, None, id="none"),
        pytest.param({"past": date(2026, 11, 21)}, None, None, id="only past"),
        pytest.param(
            {"b": date(2026, 12, 9), "a": date(2026, 12, 4)},
            "a",
            "2026-12-04",
            id="two",
        ),
        pytest.param(
            {"day": date(2026, 12, 9), "exact": NOW + DAY},
            "exact",
            "2026-11-23T12:00:00+00:00",
            id="an instant",
        ),
    ],
)
def test_it_says_what_comes_next(
    database: Database,
    dates: Mapping[str, date | datetime],
    line: str | None,
    due: str | None,
) -> None:
    for name, day in dates.items():
        add(database, name, day)
    gone = add(database, "gone", date(2026, 11, 30))
    with database.write() as tx:
        archive_line(tx, gone, NOW)

    run_pass(database, proving(), NOW)

    (details,) = proofs_of(database)
    assert details["lines"] == str(len(dates))
    assert (details.get("line"), details.get("due")) == (line, due)
    assert (details["channel"], details["next"]) == ("phone", "2026-12-22")


def test_one_that_fails_is_an_undelivered_message_whatever_the_other_got(
    database: Database,
) -> None:
    setup = proving("30d", "phone", "mail")
    run_pass(database, setup, NOW)
    for channel, ending in (("mail", SENT), ("phone", AGAIN)):
        (claimed,) = take(database, channel)
        settle(database, claimed, ending)

    with database.read() as tx:
        trouble = trouble_of(tx, setup, NOW + HOUR)
    assert trouble == "messages that are not delivered: 1"
