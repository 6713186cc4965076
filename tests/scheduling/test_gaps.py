"""Passes after a gap, and with a clock that somebody moves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from reminderd.clock import Uptime
from reminderd.domain.deliveries import Route
from reminderd.domain.lines import Deadline
from reminderd.domain.reminders import Gap, GapKind, LineReminder, Notice
from reminderd.scheduling.braking import Brakes, brakes_now, release
from reminderd.scheduling.cycle import PassReport, run_pass
from reminderd.scheduling.timekeeping import Doubt, reading_at
from reminderd.storage.database import Database
from reminderd.storage.readings import save_readings
from tests.builders import NOW, a_deadline, a_policy, an_allowance
from tests.outboxes import states, take
from tests.scheduling.test_cycle import add, add_many
from tests.setups import a_setup

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
YEAR = timedelta(days=365)
# In five days it reaches the limit of seven.
NEAR = a_deadline(date(2026, 12, 4))


@dataclass
class Machine:
    """A machine with a store, on which passes are made."""

    database: Database
    wall: datetime = NOW
    up: float = 1000.0
    awake: float = 1000.0
    boot: int = 1
    repeat: str = ""

    def wait(self, span: timedelta) -> None:
        self.wall += span
        self.up += span.total_seconds()
        self.awake += span.total_seconds()

    def sleep(self, span: timedelta) -> None:
        self.wall += span
        self.up += span.total_seconds()

    def set_clock(self, by: timedelta) -> None:
        self.wall += by

    def reboot(self, off: timedelta = timedelta()) -> None:
        self.wall += off
        self.boot += 1
        self.up = self.awake = 20.0

    @property
    def uptime(self) -> Uptime:
        return Uptime(str(self.boot), self.up, self.awake)

    def check(self, after: timedelta = timedelta()) -> PassReport:
        self.wait(after)
        setup = a_setup(policy=a_policy(repeat=self.repeat, stale=None))
        return run_pass(self.database, setup, self.wall, uptime=self.uptime)

    def run(self, *, minutes: int = 3) -> None:
        """Make a pass each minute, as a daemon does."""
        for _ in range(minutes):
            self.check(MINUTE)

    def heard(self) -> list[str]:
        """Take what is to be sent now: steps of reminders, codes of notices."""
        return [
            content.code
            if isinstance(content, Notice)
            else ",".join(finding.step for finding in content.reminder.findings)
            for content in self._taken()
        ]

    def gaps(self) -> list[Gap | None]:
        """Take what is to be sent now: the gap that each reminder speaks of."""
        contents = self._taken()
        return [each.reminder.gap for each in contents if not isinstance(each, Notice)]

    def _taken(self) -> list[LineReminder | Notice]:
        claimed = take(self.database, now=self.wall)
        return [known.content.decoded() for known in claimed]

    def brakes(self) -> Brakes:
        with self.database.read() as tx:
            return brakes_now(tx)

    def release(self) -> Brakes:
        with self.database.write() as tx:
            return release(tx, reading_at(self.wall, self.uptime))


@pytest.fixture
def machine(database: Database) -> Iterator[Machine]:
    """A machine with one line, of which "30d" has been said."""
    add(database, NEAR)
    known = Machine(database)
    known.run()
    assert known.heard() == ["30d"]
    yield known
    del known


def add_reaching(machine: Machine, *deadlines: Deadline) -> None:
    for number, deadline in enumerate(deadlines):
        add(machine.database, deadline, name=f"more-{number}")
    machine.run()
    machine.heard()


def test_after_downtime_it_says_from_when_to_when_and_how_many(
    machine: Machine,
) -> None:
    add_reaching(machine, NEAR, a_deadline(date(2027, 12, 4)))
    stopped_at = machine.wall
    machine.reboot(6 * DAY)

    report = machine.check()

    gap = Gap(kind=GapKind.DOWN, start=stopped_at, end=machine.wall, lines=2)
    assert report.gap == gap
    assert machine.gaps() == [gap, gap]


def test_sleep_is_told_from_downtime(machine: Machine) -> None:
    machine.sleep(6 * DAY)

    report = machine.check()

    assert report.gap is not None
    assert report.gap.kind is GapKind.ASLEEP
    assert report.doubt is None


def test_gap_in_which_nothing_was_reached_is_only_logged(
    machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    machine.reboot(3 * DAY)

    report = machine.check()

    assert report.gap is None
    assert "nobody looked at the lines" in caplog.text
    assert "why=down reached=0" in caplog.text


def test_hour_without_a_pass_is_no_gap(machine: Machine) -> None:
    machine.wait(5 * DAY - 57 * MINUTE)
    machine.run()
    machine.heard()

    report = machine.check(HOUR - MINUTE)

    assert report.gap is None
    assert machine.heard() == []


def test_daily_check_is_no_gap_and_a_missed_one_is(database: Database) -> None:
    machine = Machine(database)
    add(database, NEAR)
    for _ in range(5):
        machine.check(DAY)

    on_time = machine.check(DAY)
    late = machine.check(7 * DAY)

    assert on_time.gap is None
    assert late.gap is not None
    assert late.gap.end - late.gap.start == 7 * DAY


def test_what_is_only_repeated_has_reached_no_limit(database: Database) -> None:
    machine = Machine(database, repeat="1d")
    add(database, NEAR)
    add(database, an_allowance(), name="low")
    machine.run()
    machine.reboot(6 * DAY)

    report = machine.check()

    assert report.reminded == 2
    assert report.gap is not None
    assert report.gap.lines == 1


@pytest.mark.slow
def test_gap_of_many_lines_is_counted_roughly(database: Database) -> None:
    machine = Machine(database)
    for number in range(201):
        add(database, a_deadline(date(2026, 12, 30)), name=f"line-{number}")
    machine.run()
    machine.reboot(9 * DAY)

    report = machine.check()

    assert report.gap is not None
    assert report.gap.lines == 201


@pytest.mark.slow
def test_clock_a_year_ahead_for_ten_minutes_says_nothing_but_that(
    machine: Machine,
) -> None:
    machine.set_clock(YEAR)
    for _ in range(10):
        assert machine.check(MINUTE).reviewed == 0
    assert machine.heard() == ["clock-moved"]
    machine.set_clock(-YEAR)

    machine.run(minutes=60)
    after_an_hour = machine.heard()
    machine.wait(5 * DAY - 2 * HOUR)
    machine.run()

    assert after_an_hour == []
    assert machine.heard() == ["7d"]
    assert not machine.brakes().are_on


def test_clock_that_stays_moved_is_believed_after_an_hour(machine: Machine) -> None:
    machine.set_clock(6 * DAY)
    before = machine.wall

    doubted = machine.check()
    still = machine.check(HOUR - MINUTE)
    assert machine.brakes().doubt == Doubt(before + HOUR)
    believed = machine.check(MINUTE)

    assert doubted.doubt == still.doubt == Doubt(before + HOUR)
    assert believed.doubt is None
    assert believed.gap is not None
    assert believed.gap.kind is GapKind.CLOCK
    assert sorted(machine.heard()) == ["7d", "clock-moved"]
    assert machine.check(MINUTE).doubt is None


def test_release_believes_the_clock_at_once(machine: Machine) -> None:
    machine.set_clock(6 * DAY)
    machine.check()

    released = machine.release()

    assert released.doubt is not None
    assert not machine.brakes().are_on
    assert machine.check().reminded == 1
    assert machine.check(MINUTE).doubt is None


def test_clock_that_is_set_back_says_nothing_again(machine: Machine) -> None:
    machine.set_clock(-9 * DAY)

    doubted = machine.check()
    machine.wait(HOUR)
    believed = machine.check()
    machine.run()

    assert doubted.doubt is not None
    assert believed.doubt is None
    assert machine.heard() == ["clock-moved"]


def test_clock_that_is_moved_once_more_is_doubted_for_another_hour(
    machine: Machine,
) -> None:
    machine.set_clock(YEAR)
    machine.check()
    machine.wait(50 * MINUTE)
    machine.set_clock(YEAR)

    machine.check()
    report = machine.check(20 * MINUTE)

    assert report.doubt == Doubt(machine.wall + 40 * MINUTE)
    assert machine.heard() == ["clock-moved", "clock-moved"]


def test_two_processes_that_see_it_say_it_once(machine: Machine) -> None:
    machine.set_clock(YEAR)

    machine.check()
    machine.check()

    assert machine.heard() == ["clock-moved"]


def test_one_of_two_machines_with_a_wrong_clock_says_it_once(
    machine: Machine,
) -> None:
    other = Machine(machine.database, wall=machine.wall - 9 * DAY, boot=9)

    for _ in range(3):
        assert machine.check(MINUTE).doubt is None
        assert other.check(MINUTE).doubt is not None

    assert machine.heard() == ["clock-moved"]


def test_boot_without_a_clock_waits_until_it_is_set(machine: Machine) -> None:
    right = machine.wall + 6 * DAY
    machine.reboot()
    machine.wall = datetime(1970, 1, 1, tzinfo=UTC)

    unset = machine.check()
    long_unset = machine.check(2 * HOUR)
    assert machine.heard() == []
    machine.wall = right
    machine.check()

    assert unset.doubt == long_unset.doubt == Doubt(None)
    assert machine.heard() == ["7d"]


def test_nothing_lets_go_while_the_clock_is_not_set(machine: Machine) -> None:
    machine.reboot()
    machine.wall = datetime(1970, 1, 1, tzinfo=UTC)
    machine.check()

    machine.release()

    assert machine.brakes().doubt == Doubt(None)
    assert machine.check().doubt == Doubt(None)


def test_boot_with_a_clock_of_long_ago_is_doubted(machine: Machine) -> None:
    machine.reboot(-2 * HOUR)

    assert machine.check().doubt is not None
    assert machine.heard() == ["clock-moved"]


def test_boot_with_the_clock_of_the_shutdown_is_no_jump(machine: Machine) -> None:
    machine.reboot(-30 * MINUTE)

    assert machine.check().doubt is None


def test_first_pass_of_all_has_nothing_to_compare_with(database: Database) -> None:
    add(database, NEAR)

    report = Machine(database).check()

    assert (report.reminded, report.doubt, report.gap) == (1, None, None)


def test_first_pass_with_a_clock_that_is_not_set_decides_nothing(
    database: Database,
) -> None:
    add(database, NEAR)
    machine = Machine(database, wall=datetime(1970, 1, 1, tzinfo=UTC))

    assert machine.check().reviewed == 0
    assert states(database) == []


def test_what_was_learned_while_the_clock_was_doubted_is_said_later(
    machine: Machine,
) -> None:
    machine.set_clock(YEAR)
    machine.check()
    with machine.database.write() as tx:
        used_up = an_allowance(remaining=0, observed_at=machine.wall)
        save_readings(tx, 1, [used_up], "cli", machine.wall)
    assert machine.check(MINUTE).reviewed == 0
    machine.set_clock(-YEAR)

    machine.check()

    assert sorted(machine.heard()) == ["clock-moved", "exhausted,30d"]


def test_what_expired_by_a_wrong_clock_is_sent_after_all(machine: Machine) -> None:
    ends_soon = a_deadline(date(2026, 11, 24))
    add(machine.database, ends_soon, name="soon")
    machine.check()
    machine.set_clock(YEAR)
    machine.check()
    assert machine.heard() == ["clock-moved"]
    assert ("phone", "expired") in states(machine.database)
    machine.set_clock(-YEAR)

    machine.check()

    assert machine.heard() == ["3d"]


@pytest.mark.slow
def test_moved_clock_lets_nothing_go_that_a_brake_holds(database: Database) -> None:
    machine = Machine(database)
    add_many(database, 51, NEAR)
    machine.check()
    machine.set_clock(YEAR)

    machine.check(MINUTE)
    assert sorted(machine.heard()) == ["clock-moved", "held"]
    machine.set_clock(-YEAR)
    machine.check(HOUR)

    assert machine.heard() == ["30d"] * 51


def test_without_an_uptime_a_moved_clock_is_not_noticed(database: Database) -> None:
    add(database, NEAR)
    run_pass(database, a_setup(), NOW)

    report = run_pass(database, a_setup(), NOW + 6 * DAY)

    assert (report.doubt, report.reminded) == (None, 1)


def test_notice_goes_to_every_channel(database: Database) -> None:
    machine = Machine(database)
    machine.check()
    machine.set_clock(YEAR)
    routes = [Route(channel="phone"), Route(channel="mail")]

    run_pass(database, a_setup(routes=routes), machine.wall, uptime=machine.uptime)

    assert states(database) == [("phone", "pending"), ("mail", "pending")]
