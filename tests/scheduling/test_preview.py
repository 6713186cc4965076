"""What is planned is what is sent."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reminderd.delivery.channel import Outlet
from reminderd.delivery.dispatcher import Dispatcher
from reminderd.domain.calendar import QuietHours
from reminderd.domain.deliveries import Outcome, Route, Verdict
from reminderd.domain.ladders import Severity
from reminderd.domain.lines import DeadlineKind, Reading
from reminderd.domain.periods import Period
from reminderd.domain.reminders import Content, LineReminder, Message
from reminderd.messages.compose import Reader, compose
from reminderd.scheduling.cycle import run_pass
from reminderd.scheduling.declared import apply_setup
from reminderd.scheduling.preview import preview
from reminderd.scheduling.setup import DeclaredLine, Proofs, Setup
from reminderd.storage.database import Database
from tests.builders import LONDON, NOW, SHANGHAI, a_deadline, a_policy, an_allowance
from tests.conftest import sqlite_url
from tests.setups import a_declared_line, a_setup
from tests.sinks import ScriptedChannel

BERLIN = ZoneInfo("Europe/Berlin")
TICK = timedelta(hours=1)
NUMBERS = count(1)
DAYS = 31

Sent = tuple[datetime, str, str, tuple[str, ...]]


class Noting:
    """A channel that takes everything and notes when, and what it was made of."""

    def __init__(self, name: str, sent: list[Sent], clock: list[datetime]) -> None:
        self.name = name
        self._sent = sent
        self._clock = clock
        self._names: tuple[str, ...] = ()

    def compose(
        self, contents: Sequence[Content], now: datetime, short: bool
    ) -> Message:
        self._names = names_of(contents)
        reader = Reader(language="en", zone=LONDON)
        return compose(contents, reader, {}, now, short=short)

    def send(self, message: Message) -> Verdict:
        self._sent.append((self._clock[0], self.name, message.title, self._names))
        return Verdict(outcome=Outcome.SENT, reason="taken")


def names_of(contents: Sequence[Content]) -> tuple[str, ...]:
    return tuple(
        each.line.name if isinstance(each, LineReminder) else each.code
        for each in contents
    )


def planned(database: Database, setup: Setup, days: int = DAYS) -> list[Sent]:
    with database.rehearsal() as copy:
        messages = preview(copy, setup, NOW, NOW + timedelta(days=days))
    return [
        (each.at, each.channel, each.message.title, names_of(each.contents))
        for each in messages
    ]


def lived(database: Database, setup: Setup, days: int = DAYS) -> list[Sent]:
    """Return what a month of the daemon's own ticks sends."""
    sent: list[Sent] = []
    clock = [NOW]
    outlets = {}
    for name, outlet in setup.outlets.items():
        channel = Noting(name, sent, clock)
        outlets[name] = replace(outlet, channel=channel, compose=channel.compose)
    setup = replace(setup, outlets=outlets)
    apply_setup(database, setup, NOW)
    dispatcher = Dispatcher(database, "daemon", lambda: clock[0], lambda: 0.1)
    dispatcher.configure(outlets, setup.channels)
    while clock[0] <= NOW + timedelta(days=days):
        run_pass(database, setup, clock[0])
        dispatcher.drain(90)
        clock[0] += TICK
    return sent


def an_outlet(name: str, **changed: object) -> Outlet:
    noting = Noting(name, [], [NOW])
    outlet = Outlet(
        channel=ScriptedChannel(name),
        zone=LONDON,
        compose=noting.compose,
        fingerprint="1",
    )
    return replace(outlet, **changed)  # type: ignore[arg-type]  # of Outlet's fields


def in_order(sent: Sequence[Sent]) -> list[Sent]:
    return sorted(sent)


HOURS = st.builds(time, st.integers(0, 23))
QUIET = st.none() | st.tuples(HOURS, HOURS).filter(lambda ends: ends[0] != ends[1]).map(
    lambda ends: QuietHours(*ends)
)
ZONES = st.sampled_from([LONDON, SHANGHAI, BERLIN, ZoneInfo("America/New_York")])


@st.composite
def outlets(draw: st.DrawFn) -> dict[str, Outlet]:
    names = draw(st.sampled_from([("phone",), ("phone", "mail")]))
    return {
        name: an_outlet(
            name, quiet=draw(QUIET), group=draw(st.booleans()), zone=draw(ZONES)
        )
        for name in names
    }


READINGS: st.SearchStrategy[Reading] = st.one_of(
    st.builds(
        a_deadline,
        st.dates(date(2026, 11, 20), date(2027, 1, 31)),
        kind=st.sampled_from([DeadlineKind.VALIDITY, DeadlineKind.CREDIT]),
    ),
    st.builds(an_allowance, st.integers(0, 10**10)),
)


@st.composite
def declared_lines(draw: st.DrawFn) -> list[DeclaredLine]:
    return [
        a_declared_line(
            *draw(st.lists(READINGS, max_size=2, unique_by=lambda each: each.item)),
            name=f"line-{n}",
            timezone=draw(ZONES).key,
        )
        for n in range(draw(st.integers(1, 4)))
    ]


@st.composite
def setups(draw: st.DrawFn) -> Setup:
    known = draw(outlets())
    policy = a_policy(
        zone=draw(ZONES),
        repeat=draw(st.sampled_from(["", "1d", "1d 3d 7d", "12h"])),
        stale=draw(st.sampled_from([None, "14d", "30d"])),
    )
    routes = [
        Route(channel=name, min_severity=draw(st.sampled_from(Severity)))
        for name in known
    ]
    setup = a_setup(
        *draw(declared_lines()), policy=policy, routes=routes, outlets=known
    )
    proofs = Proofs(every=Period(days=10), at=time(9), zone=LONDON)
    return replace(setup, proofs=draw(st.sampled_from([None, proofs])))


@pytest.mark.slow
@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(setup=setups())
def test_what_is_planned_is_what_a_month_of_passes_sends(
    tmp_path: Path, setup: Setup
) -> None:
    database = Database.open(sqlite_url(tmp_path / str(next(NUMBERS))))

    expected = planned(database, setup)

    assert in_order(lived(database, setup)) == in_order(expected)
    database.close()


@pytest.mark.slow
def test_planning_changes_nothing(either_database: Database) -> None:
    setup = a_setup(
        a_declared_line(a_deadline()), outlets={"phone": an_outlet("phone")}
    )
    apply_setup(either_database, setup, NOW)

    first = planned(either_database, setup)

    assert [names for *_, names in first] == [("uk-travel",)] * 5
    assert planned(either_database, setup) == first
    assert lived(either_database, setup, days=0) == first[:1]


@pytest.mark.slow
def test_what_is_quiet_is_planned_for_the_morning(database: Database) -> None:
    quiet = QuietHours(time(8), time(10, 30))
    setup = a_setup(
        a_declared_line(a_deadline(date(2026, 12, 20))),
        outlets={"phone": an_outlet("phone", quiet=quiet)},
    )

    known = planned(database, setup)

    assert [f"{at:%d %H:%M}" for at, *_ in known] == [
        "22 12:00",
        "13 10:30",
        "17 10:30",
        "19 10:30",
        "21 00:00",
    ]


@pytest.mark.slow
def test_a_channel_that_is_broken_stays_so_and_its_fallback_has_it(
    database: Database,
) -> None:
    gone = Verdict(outcome=Outcome.CHANNEL_PERMANENT, reason="the service answered 404")
    phone, mail = ScriptedChannel("phone", *[gone] * 9), ScriptedChannel("mail")
    outlets = {
        "phone": an_outlet("phone", channel=phone, fallback="mail"),
        "mail": an_outlet("mail", channel=mail),
    }
    line = a_declared_line(a_deadline(), route=("phone",))
    setup = a_setup(
        line, routes=[Route(channel="phone"), Route(channel="mail")], outlets=outlets
    )
    apply_setup(database, setup, NOW)
    run_pass(database, setup, NOW)
    dispatcher = Dispatcher(database, "daemon", lambda: NOW, lambda: 0.5)
    dispatcher.configure(outlets, setup.channels)
    dispatcher.drain(100)

    known = planned(database, setup, days=6)

    assert {channel for _, channel, *_ in known} == {"mail"}
    assert ("uk-travel",) in {names for *_, names in known}
    assert len(phone.messages) == 1
