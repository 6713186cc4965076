"""What the owner hears of a channel in trouble, until it is back."""

import logging
from collections.abc import Sequence
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import update

from reminderd.delivery.dispatcher import Dispatcher
from reminderd.domain.calendar import QuietHours
from reminderd.domain.reminders import Content, Message, Notice
from reminderd.messages.compose import Reader
from reminderd.messages.compose import compose as compose_in_full
from reminderd.storage.channels import mend
from reminderd.storage.database import Database
from reminderd.storage.tables import metadata
from tests.builders import LONDON, NOW
from tests.delivery.test_dispatcher import (
    BUSY,
    LOCKED_OUT,
    Clock,
    a_dispatcher,
    an_outlet,
    drain,
    pass_time,
)
from tests.outboxes import enqueue, states
from tests.sinks import ScriptedChannel, titles

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FOR_EVER = 999


@pytest.fixture
def clock() -> Clock:
    return Clock()


def two_channels(
    database: Database, clock: Clock, phone: ScriptedChannel, mail: ScriptedChannel
) -> Dispatcher:
    return a_dispatcher(database, clock, an_outlet(phone), an_outlet(mail))


def in_english(contents: Sequence[Content], now: datetime, short: bool) -> Message:
    notices = [content for content in contents if isinstance(content, Notice)]
    if not notices:
        return Message(title="reminders", body="", severity=0)  # type: ignore[arg-type]  # not looked at
    reader = Reader(language="en", zone=LONDON)
    return compose_in_full(notices, reader, {}, now, short=short)


def test_broken_channel_is_reported_at_once_and_again_every_day(
    database: Database, clock: Clock
) -> None:
    phone, mail = (
        ScriptedChannel("phone", *[LOCKED_OUT] * FOR_EVER),
        ScriptedChannel("mail"),
    )
    enqueue(database, "phone")

    drain(two_channels(database, clock, phone, mail))
    at_once = titles(mail.messages)
    # A restart in between changes nothing.
    for _ in range(3):
        restarted = two_channels(database, clock, phone, mail)
        pass_time(restarted, clock, DAY - 2 * HOUR, DAY - 2 * HOUR)
        in_between = len(mail.messages)
        pass_time(restarted, clock, 2 * HOUR, HOUR)
        assert len(mail.messages) == in_between + 1

    assert at_once == ["channel-broken"]
    assert titles(mail.messages)[1:] == ["channel-still-down"] * 3
    assert phone.messages
    assert set(titles(phone.messages)) == {"uk-travel"}


def test_daily_word_says_since_when_and_how_many_wait(
    database: Database, clock: Clock
) -> None:
    phone, mail = (
        ScriptedChannel("phone", *[LOCKED_OUT] * FOR_EVER),
        ScriptedChannel("mail"),
    )
    for line in ("one", "two"):
        enqueue(database, "phone", line=line)
    dispatcher = a_dispatcher(
        database, clock, an_outlet(phone), an_outlet(mail, compose=in_english)
    )

    drain(dispatcher)
    clock.now += DAY
    drain(dispatcher)

    last = mail.messages[-1]
    assert last.title == "reminderd: channel phone still does not work"
    assert last.body == (
        "Nothing has got through channel phone since Sun 22 Nov 12:00: "
        "the service answered 401 Unauthorized\n"
        "2 reminders wait for it.\n"
        "If it is yours to mend, mend it, then try it: reminderd channels test phone"
    )


@pytest.mark.parametrize("step", [3 * DAY, -3 * DAY])
def test_clock_that_was_wrong_does_not_silence_the_daily_word(
    database: Database, clock: Clock, step: timedelta
) -> None:
    phone, mail = (
        ScriptedChannel("phone", *[LOCKED_OUT] * FOR_EVER),
        ScriptedChannel("mail"),
    )
    enqueue(database, "phone")
    dispatcher = two_channels(database, clock, phone, mail)
    drain(dispatcher)

    clock.now += step
    drain(dispatcher)
    drain(dispatcher)

    assert titles(mail.messages) == ["channel-broken", "channel-still-down"]


def test_channel_that_fails_is_reported_after_a_while_though_nothing_else_is_due(
    database: Database, clock: Clock
) -> None:
    phone, mail = ScriptedChannel("phone", *[BUSY] * FOR_EVER), ScriptedChannel("mail")
    enqueue(database, "phone")
    dispatcher = two_channels(database, clock, phone, mail)
    drain(dispatcher)
    clock.now += MINUTE
    drain(dispatcher)
    early = titles(mail.messages)
    # Its next try is put off, so that no verdict can bring it about.
    with database.write() as tx:
        rows = metadata.tables["channel"]
        later = int((NOW + 20 * MINUTE).timestamp())
        phones = update(rows).where(rows.c.name == "phone")
        tx.execute(phones.values(retry_at=later))

    clock.now = NOW + 15 * MINUTE
    drain(dispatcher)

    assert early == []
    assert titles(mail.messages) == ["channel-failing"]


def test_channel_that_failed_is_no_news_once_nothing_waits_for_it(
    database: Database, clock: Clock
) -> None:
    phone, mail = ScriptedChannel("phone", BUSY), ScriptedChannel("mail")
    enqueue(database, "phone")
    dispatcher = two_channels(database, clock, phone, mail)
    drain(dispatcher)
    with database.write() as tx:
        tx.execute(update(metadata.tables["delivery"]).values(state="superseded"))

    pass_time(dispatcher, clock, 2 * DAY, 6 * HOUR)

    assert mail.messages == []


def test_return_is_reported_once_to_all_with_what_was_late(
    database: Database, clock: Clock
) -> None:
    phone = ScriptedChannel("phone", LOCKED_OUT)
    mail = ScriptedChannel("mail")
    for line in ("one", "two"):
        enqueue(database, "phone", line=line)
    dispatcher = a_dispatcher(
        database,
        clock,
        an_outlet(phone, compose=in_english, fallback="mail"),
        an_outlet(mail, compose=in_english),
    )
    drain(dispatcher)

    pass_time(dispatcher, clock, 3 * HOUR, 10 * MINUTE)

    back = "reminderd: channel phone works again"
    assert titles(mail.messages) == ["reminderd: channel phone is broken", back]
    assert titles(phone.messages).count(back) == 1
    assert mail.messages[-1].body == (
        "Nothing got through channel phone from Sun 22 Nov 12:00 to Sun 22 Nov 12:30.\n"
        "2 reminders waited for it, and arrive late.\n"
        "2 reminders of that time arrived through mail."
    )


@pytest.mark.slow
def test_broken_channel_recovers_by_itself_with_one_of_what_was_held(
    database: Database, clock: Clock
) -> None:
    """A captive portal answers 302 to everything, and is gone an hour later."""
    phone = ScriptedChannel("phone", *[LOCKED_OUT] * 3)
    for line in ("one", "two", "three"):
        enqueue(database, "phone", line=line)
    dispatcher = a_dispatcher(database, clock, an_outlet(phone))

    drain(dispatcher)
    pass_time(dispatcher, clock, HOUR, HOUR / 2)
    held = {state for _, state in states(database)}
    tries = titles(phone.messages)
    pass_time(dispatcher, clock, HOUR, HOUR / 6)

    assert tries == ["one+two+three", "one", "one"]
    assert held == {"held"}
    assert titles(phone.messages)[3:] == ["one", "two+three"]
    assert {state for _, state in states(database)} == {"sent"}


def test_short_trouble_is_worth_no_word(database: Database, clock: Clock) -> None:
    phone, mail = ScriptedChannel("phone", *[BUSY] * 3), ScriptedChannel("mail")
    enqueue(database, "phone")
    dispatcher = two_channels(database, clock, phone, mail)

    pass_time(dispatcher, clock, 10 * MINUTE, MINUTE)

    assert titles(phone.messages) == ["uk-travel"] * 4
    assert mail.messages == []


def test_report_that_nobody_has_read_is_taken_back_when_the_channel_is_mended(
    database: Database, clock: Clock
) -> None:
    phone, mail = ScriptedChannel("phone", LOCKED_OUT), ScriptedChannel("mail")
    enqueue(database, "phone")
    quiet = QuietHours(time(11), time(13))
    outlets = [an_outlet(phone), an_outlet(mail, quiet=quiet)]
    dispatcher = a_dispatcher(database, clock, *outlets)
    drain(dispatcher)

    with database.write() as tx:
        mend(tx, "phone", clock.now)
    pass_time(dispatcher, clock, 2 * HOUR, 10 * MINUTE)

    assert titles(phone.messages) == ["uk-travel", "uk-travel"]
    assert mail.messages == []


def test_repair_that_did_not_help_is_not_the_end_of_the_outage(
    database: Database, clock: Clock
) -> None:
    phone = ScriptedChannel("phone", *[LOCKED_OUT] * 2)
    mail = ScriptedChannel("mail")
    enqueue(database, "phone")
    dispatcher = two_channels(database, clock, phone, mail)
    drain(dispatcher)

    with database.write() as tx:
        mend(tx, "phone", clock.now)
    drain(dispatcher)
    pass_time(dispatcher, clock, HOUR, HOUR / 6)

    assert titles(mail.messages) == ["channel-broken", "channel-back"]


def test_trouble_of_all_channels_is_told_as_soon_as_one_lives(
    database: Database, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    phone = ScriptedChannel("phone", *[LOCKED_OUT] * FOR_EVER)
    mail = ScriptedChannel("mail", LOCKED_OUT)
    enqueue(database, "phone", "mail")
    dispatcher = two_channels(database, clock, phone, mail)

    drain(dispatcher)
    errors = [known for known in caplog.records if known.levelno == logging.ERROR]
    pass_time(dispatcher, clock, HOUR, 10 * MINUTE)

    assert any("nobody can be told" in known.message for known in errors)
    assert "channel-broken" in "+".join(titles(mail.messages))
