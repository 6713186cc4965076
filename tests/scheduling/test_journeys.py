"""From a change of a line to what its owner reads, with passes and sends in between."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import pytest

from reminderd.delivery.channel import Outlet
from reminderd.delivery.dispatcher import Dispatcher
from reminderd.domain.deliveries import Outcome, Route, Verdict
from reminderd.domain.ladders import Policy, Severity
from reminderd.domain.lines import DeadlineKind, Reading
from reminderd.domain.reminders import Content, LineReminder, Message, Reminder
from reminderd.scheduling.cycle import run_pass
from reminderd.storage import events, lines
from reminderd.storage.database import Database
from reminderd.storage.lines import NewLine
from reminderd.storage.outbox import enqueue_notice
from reminderd.storage.readings import save_readings
from reminderd.storage.undelivered import open_deliveries
from tests.builders import LONDON, NOW, a_deadline, a_policy, an_allowance
from tests.outboxes import a_notice, states, take
from tests.setups import a_setup
from tests.sinks import ScriptedChannel, titles

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
GB = 10**9
BUSY = Verdict(outcome=Outcome.TRANSIENT, reason="busy")
LOCKED_OUT = Verdict(outcome=Outcome.CHANNEL_PERMANENT, reason="401")
NUMBER = a_deadline(date(2026, 11, 24), kind=DeadlineKind.NUMBER)


def compose(contents: Sequence[Content], now: datetime, short: bool) -> Message:
    title = "; ".join(
        text_of(content.reminder) if isinstance(content, LineReminder) else content.code
        for content in contents
    )
    return Message(title=title, body="", severity=Severity.INFO)


def text_of(reminder: Reminder) -> str:
    """Return all items with their figures, those that are new with a star."""
    findings = [
        f"{known.item}{'*' * known.new} {known.due or known.remaining}"
        for known in reminder.findings
    ]
    recoveries = [f"{known.item} renewed {known.due}" for known in reminder.recoveries]
    return ", ".join(findings + recoveries)


@dataclass
class Home:
    """One line, and a machine on which checks are made; channels may be of any name."""

    database: Database
    channels: Mapping[str, ScriptedChannel]
    policy: Policy = field(default_factory=lambda: a_policy(stale=None))
    now: datetime = NOW
    routes: Sequence[Route] = (Route(channel="phone"),)
    has_channels: bool = True
    fallback: str | None = None
    line_id: int = 0
    checks: int = 0

    def add(self, *readings: Reading, route: tuple[str, ...] | None = None) -> None:
        with self.database.write() as tx:
            new = NewLine(
                name="uk-travel",
                timezone="Europe/London",
                origin="cli",
                added_at=self.now,
                route=route,
            )
            self.line_id = lines.add_line(tx, new)
        self.learn(*readings)

    def learn(self, *readings: Reading) -> None:
        with self.database.write() as tx:
            save_readings(tx, self.line_id, readings, "cli", self.now)

    def acknowledge(self) -> None:
        with self.database.write() as tx:
            events.acknowledge(tx, self.line_id, self.now)

    def snooze(self, span: timedelta) -> None:
        with self.database.write() as tx:
            events.snooze(tx, self.line_id, self.now + span, self.now)

    def configure(self, *channels: str) -> None:
        self.routes = [Route(channel=name) for name in channels]

    def make_pass(self) -> None:
        setup = replace(
            a_setup(policy=self.policy, routes=self.routes, outlets=self._outlets()),
            has_channels=self.has_channels,
        )
        run_pass(self.database, setup, self.now)

    def send(self) -> None:
        """Send what is due, as a process of its own."""
        self.checks += 1
        dispatcher = Dispatcher(
            self.database, f"check-{self.checks}", lambda: self.now, lambda: 1.0
        )
        names = [route.channel for route in self.routes]
        dispatcher.configure(self._outlets(), names)
        dispatcher.drain(20)

    def check(self, after: timedelta = timedelta()) -> None:
        self.now += after
        self.make_pass()
        self.send()

    def shown(self) -> list[tuple[str, str, bool]]:
        with self.database.read() as tx:
            return [
                (known.channel, known.state, known.arrived)
                for known in open_deliveries(tx, self.now)
            ]

    def read_on(self, channel: str = "phone") -> list[str]:
        return titles(self.channels[channel].messages)

    def _outlets(self) -> dict[str, Outlet]:
        names = [route.channel for route in self.routes]
        return {name: self._outlet(name) for name in names if name in self.channels}

    def _outlet(self, name: str) -> Outlet:
        return Outlet(
            channel=self.channels[name],
            zone=LONDON,
            compose=compose,
            fingerprint=name,
            fallback=self.fallback if name == "phone" else None,
            timeout=10,
        )


@pytest.fixture
def home(database: Database) -> Home:
    """A home whose phone is busy at the first try."""
    return Home(database, {"phone": ScriptedChannel("phone", BUSY)})


class TestNewsBeforeTheDelivery:
    def test_renewal_does_not_lose_the_warning_about_something_else(
        self, home: Home
    ) -> None:
        home.add(a_deadline(date(2027, 2, 20)), NUMBER)
        home.check()
        home.learn(a_deadline(date(2027, 3, 22)))

        home.check(after=HOUR)

        assert home.read_on() == ["number* 2026-11-24"] * 2
        assert states(home.database) == [("phone", "sent")]

    def test_confirmation_carries_what_has_not_arrived(self, home: Home) -> None:
        home.add(a_deadline(date(2026, 11, 24)), NUMBER)
        home.routes = [Route(channel="phone", min_severity=Severity.WARNING)]
        home.check()
        home.learn(a_deadline(date(2027, 3, 22)))

        home.check(after=HOUR)

        assert home.read_on()[1:] == ["number 2026-11-24, validity renewed 2027-03-22"]

    def test_latest_figures_are_sent(self, home: Home) -> None:
        home.add(an_allowance(1 * GB))
        home.check()
        home.learn(an_allowance(1 * GB - 1, observed_at=NOW + HOUR))

        home.check(after=HOUR)

        assert home.read_on() == ["data* 1000000000", "data* 999999999"]

    def test_nothing_is_sent_of_a_changed_line_before_it_is_reviewed(
        self, home: Home
    ) -> None:
        home.add(an_allowance(1 * GB))
        home.check()
        home.learn(an_allowance(9 * GB, observed_at=NOW + HOUR))
        home.now += HOUR

        home.send()

        assert home.read_on() == ["data* 1000000000"]
        assert states(home.database) == [("phone", "pending")]

    def test_acknowledged_line_is_not_spoken_of(self, home: Home) -> None:
        home.add(NUMBER)
        home.check()
        home.acknowledge()

        home.check(after=HOUR)

        assert len(home.read_on()) == 1
        assert states(home.database) == [("phone", "superseded")]

    def test_snoozed_line_is_not_spoken_of_before_its_time(self, home: Home) -> None:
        home.add(NUMBER)
        home.check()
        home.snooze(DAY)

        home.check(after=HOUR)
        while_snoozed = home.read_on()
        home.check(after=DAY)

        assert len(while_snoozed) == 1
        assert home.read_on()[1:] == ["number* 2026-11-24"]

    def test_date_that_was_corrected_does_not_make_the_message_useless(
        self, home: Home
    ) -> None:
        home.policy = a_policy(stale=None, ladders={"data": "20%"})
        home.add(an_allowance(1 * GB), a_deadline(date(2026, 11, 24)))
        home.check()
        home.learn(a_deadline(date(2026, 12, 24)))

        home.check(after=5 * DAY)

        assert home.read_on() == ["data* 1000000000"] * 2

    def test_message_whose_date_has_passed_unsent_is_shown_until_another_arrives(
        self, home: Home
    ) -> None:
        home.channels["phone"].recover()
        home.add(NUMBER)
        home.make_pass()
        home.policy = a_policy(stale=None, ladders={})
        home.now += 2 * DAY + 13 * HOUR

        home.send()
        missed = home.shown()
        home.check()

        assert missed == [("phone", "expired", False)]
        assert home.read_on() == ["number* 2026-11-24"]
        assert [known for known in home.shown() if not known[2]] == []


class TestLostChannels:
    def test_renamed_channel_sends_what_waited(self, home: Home) -> None:
        home.channels = {**home.channels, "mobile": ScriptedChannel("mobile")}
        home.add(NUMBER)
        home.check()
        home.configure("mobile")

        home.check(after=MINUTE)

        assert home.read_on("mobile") == ["number* 2026-11-24"]

    def test_line_that_goes_elsewhere_takes_with_it_what_waits(
        self, home: Home
    ) -> None:
        home.channels = {
            "phone": ScriptedChannel("phone", *[LOCKED_OUT] * 9),
            "mail": ScriptedChannel("mail"),
            "chat": ScriptedChannel("chat", *[BUSY] * 2),
        }
        home.configure("phone", "mail", "chat")
        home.add(NUMBER, route=("phone",))
        home.check()
        with home.database.write() as tx:
            lines.update_line(tx, home.line_id, route=("chat",), review_at=0)

        home.check(after=MINUTE)
        home.check(after=MINUTE)
        home.check(after=MINUTE)

        assert home.read_on("chat")[-1] == "number* 2026-11-24"
        assert "number" not in "".join(home.read_on("mail"))
        assert ("phone", "superseded") in states(home.database)

    def test_fallback_keeps_what_it_was_given(self, home: Home) -> None:
        home.channels = {
            "phone": ScriptedChannel("phone", LOCKED_OUT),
            "mail": ScriptedChannel("mail", *[BUSY] * 2),
        }
        home.fallback = "mail"
        home.configure("phone", "mail")
        home.add(NUMBER, route=("phone",))
        home.check()
        with home.database.write() as tx:
            lines.review_now(tx, home.line_id)

        home.check(after=MINUTE)

        assert ("phone", "held") in states(home.database)
        assert ("mail", "superseded") not in states(home.database)

    def test_name_that_was_changed_and_changed_back_loses_nothing(
        self, home: Home
    ) -> None:
        home.channels = {**home.channels, "mobile": ScriptedChannel("mobile", BUSY)}
        home.add(NUMBER)
        home.check()
        home.configure("mobile")
        home.check(after=MINUTE)
        home.configure("phone")

        home.check(after=MINUTE)

        assert home.read_on("phone") == ["number* 2026-11-24"] * 2
        assert home.shown() == [("phone", "sent", True)]

    @pytest.mark.slow
    def test_what_was_being_sent_when_its_channel_went_is_sent_by_another(
        self, home: Home
    ) -> None:
        home.channels = {"mobile": ScriptedChannel("mobile")}
        home.add(NUMBER)
        home.make_pass()
        assert len(take(home.database, "phone", "killed", now=home.now)) == 1
        home.configure("mobile")

        for _ in range(3):
            home.check(after=2 * MINUTE)

        assert home.read_on("mobile")[-1] == "number* 2026-11-24"
        assert states(home.database)[0] == ("phone", "superseded")

    def test_it_goes_only_where_its_line_goes_and_it_is_bad_enough(
        self, home: Home
    ) -> None:
        home.add(NUMBER, route=("phone", "mail", "pager"))
        home.make_pass()
        home.routes = [
            Route(channel="boss"),
            Route(channel="mail"),
            Route(channel="pager", min_severity=Severity.CRITICAL),
        ]

        home.make_pass()

        assert states(home.database) == [("phone", "superseded"), ("mail", "pending")]

    def test_what_no_channel_may_take_is_given_up_and_shown(self, home: Home) -> None:
        home.add(NUMBER)
        home.make_pass()
        home.routes = [Route(channel="pager", min_severity=Severity.CRITICAL)]

        home.make_pass()

        assert home.shown() == [("phone", "dead", False)]

    def test_check_without_any_channel_takes_nothing_away(self, home: Home) -> None:
        home.add(NUMBER)
        home.make_pass()
        home.configure("terminal")
        home.has_channels = False

        home.make_pass()

        assert states(home.database) == [("phone", "pending")]

    def test_owner_is_told_of_it_on_a_channel_that_was_added_later(
        self, home: Home
    ) -> None:
        home.channels = {"phone": ScriptedChannel("phone", LOCKED_OUT)}
        home.add(NUMBER, route=("phone",))
        home.configure("phone", "mail")
        home.check()
        home.channels = {"chat": ScriptedChannel("chat")}
        home.configure("phone", "chat")

        home.check(after=MINUTE)

        assert home.read_on("chat") == ["channel-broken"]

    def test_notice_goes_to_all_that_are_left_however_mild(self, home: Home) -> None:
        with home.database.write() as tx:
            enqueue_notice(tx, a_notice(Severity.INFO), "key", ["phone"], NOW)
        home.routes = [
            Route(channel="mail"),
            Route(channel="pager", min_severity=Severity.CRITICAL),
        ]

        home.make_pass()

        assert states(home.database)[1:] == [("mail", "pending"), ("pager", "pending")]


class TestClocks:
    @pytest.mark.slow
    def test_what_a_clock_that_ran_ahead_has_said_is_said_when_it_is_true(
        self, home: Home
    ) -> None:
        home.channels["phone"].recover()
        home.policy = a_policy(stale=None, ladders={"validity": "7d"})
        home.add(a_deadline(date(2026, 12, 24)))
        home.check(after=60 * DAY)
        said = []

        home.now = NOW
        for _ in range(40):
            before = len(home.read_on())
            home.check()
            said += [home.now.date()] * (len(home.read_on()) - before)
            home.now += DAY

        assert said == [date(2026, 12, 17), date(2026, 12, 25)]

    @pytest.mark.slow
    @pytest.mark.parametrize("back", [2 * DAY, 20 * DAY, 20_000 * DAY])
    def test_clock_that_was_set_back_and_is_right_again_repeats_nothing(
        self, home: Home, back: timedelta
    ) -> None:
        home.channels["phone"].recover()
        home.add(NUMBER, an_allowance(0), a_deadline(date(2026, 12, 1)))
        home.check()

        for now in (NOW - back, NOW - back + MINUTE, NOW + MINUTE, NOW + 2 * MINUTE):
            home.now = now
            home.check()

        assert len(home.read_on()) == 1

    @pytest.mark.slow
    def test_machine_off_for_the_snooze_and_longer_is_not_called_late(
        self, home: Home
    ) -> None:
        home.add(NUMBER)
        home.check()
        home.snooze(DAY)
        home.make_pass()

        home.now += 3 * DAY
        home.make_pass()

        with home.database.read() as tx:
            late = tx.exec_driver_sql("SELECT late FROM reminder ORDER BY id").all()
        assert [row.late for row in late] == [0, 0]
