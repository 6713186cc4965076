"""Each table names what was told, what is known now, and how the two compare."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from reminderd.domain.ladders import (
    EXHAUSTED,
    EXPIRED,
    STALE,
    Policy,
    Severity,
    Step,
)
from reminderd.domain.lines import Allowance, DeadlineKind, Line
from reminderd.domain.quantities import AllowanceKind
from reminderd.domain.states import State, states_of
from reminderd.domain.told import (
    Change,
    Standing,
    Told,
    change_since,
    repeat_at,
    told_after,
)
from tests.builders import (
    LONDON,
    NOW,
    SHANGHAI,
    a_deadline,
    a_line,
    a_policy,
    an_allowance,
)

GB = 10**9
MB = 10**6
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
CREDIT = DeadlineKind.CREDIT
POLICY = a_policy(ladders={"data": "20% 500MB", "validity": "30d 7d 3d 1d"})


def a_told(
    step: str,
    *,
    item: str = "data",
    cycle: str = "first",
    count: int = 0,
    due_at: datetime | None = None,
) -> Told:
    return Told(
        item=item,
        cycle=cycle,
        step=step,
        said_at=NOW - DAY,
        count=count,
        due_at=due_at,
    )


def the_state(line: Line, item: str, policy: Policy = POLICY) -> State:
    states = {state.item: state for state in states_of(line, policy, NOW)}
    return states[item]


def data_change(told: Told | None, allowance: Allowance) -> Change:
    line = a_line(allowance)
    return change_since(told, the_state(line, "data"), line, POLICY, NOW)


def validity_change(told: Told, due: date | datetime) -> Change:
    line = a_line(a_deadline(due))
    return change_since(told, the_state(line, "validity"), line, POLICY, NOW)


class TestAllowances:
    @pytest.mark.parametrize(
        ("remaining", "change"), [(2 * GB, Change.NONE), (2 * GB - 1, Change.WORSE)]
    )
    def test_untold_it_is_worse_as_soon_as_a_limit_is_reached(
        self, remaining: int, change: Change
    ) -> None:
        assert data_change(None, an_allowance(remaining, 10 * GB)) is change

    @pytest.mark.parametrize(
        ("told", "remaining", "change"),
        [
            pytest.param("20%", 1 * GB, Change.NONE, id="the same limit"),
            pytest.param("20%", 500 * MB, Change.NONE, id="exactly on the next"),
            pytest.param("20%", 500 * MB - 1, Change.WORSE, id="below the next"),
            pytest.param("20%", 0, Change.WORSE, id="nothing left"),
            pytest.param(
                "500000000", 0, Change.WORSE, id="nothing left, from the last"
            ),
            pytest.param(EXHAUSTED, -1, Change.NONE, id="even less than nothing"),
            pytest.param("20%", 2 * GB, Change.NONE, id="a correction to the limit"),
            pytest.param(
                "20%", 2200 * MB - 1, Change.NONE, id="not a tenth above the limit"
            ),
            pytest.param("20%", 2200 * MB, Change.RECOVERED, id="a tenth above it"),
            pytest.param("20%", 10 * GB, Change.RECOVERED, id="full"),
            pytest.param(
                "500000000", 550 * MB - 1, Change.NONE, id="a little above the last"
            ),
            pytest.param(
                "500000000", 550 * MB, Change.REARMED, id="refilled, but not much"
            ),
            pytest.param(EXHAUSTED, 1, Change.REARMED, id="one byte after nothing"),
            pytest.param(EXHAUSTED, 2 * GB, Change.RECOVERED, id="refilled from zero"),
            pytest.param("20%", None, Change.NONE, id="unknown is no refill"),
        ],
    )
    def test_what_is_left_is_compared_with_the_limit_told(
        self, told: str, remaining: int | None, change: Change
    ) -> None:
        assert data_change(a_told(told), an_allowance(remaining, 10 * GB)) is change

    def test_unlimited_is_the_best_refill(self) -> None:
        unlimited = an_allowance(None, None, unlimited=True)

        assert data_change(a_told(EXHAUSTED), unlimited) is Change.RECOVERED
        assert data_change(None, unlimited) is Change.NONE

    @pytest.mark.parametrize(
        ("remaining", "change"), [(600 * MB, Change.NONE), (400 * MB, Change.WORSE)]
    )
    def test_a_limit_told_that_means_nothing_now_proves_nothing(
        self, remaining: int, change: Change
    ) -> None:
        assert data_change(a_told("20%"), an_allowance(remaining, None)) is change

    def test_nothing_left_is_worse_than_a_share_of_a_total_that_is_gone(self) -> None:
        assert data_change(a_told("20%"), an_allowance(0, 0)) is Change.WORSE


class TestDeadlines:
    DUE = date(2026, 11, 27)
    DUE_AT = datetime(2026, 11, 28, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("told", "due", "change"),
        [
            pytest.param("7d", DUE, Change.NONE, id="the same"),
            pytest.param("30d", DUE, Change.WORSE, id="the next limit"),
            pytest.param("3d", DUE, Change.NONE, id="clock set back"),
            pytest.param(EXPIRED, DUE, Change.NONE, id="clock set back from expiry"),
            pytest.param("7d", date(2026, 11, 22), Change.WORSE, id="due sooner"),
            pytest.param("7d", date(2026, 11, 21), Change.WORSE, id="due in the past"),
            pytest.param(
                "7d", date(2026, 11, 26), Change.WORSE, id="sooner, same step"
            ),
            pytest.param(
                EXPIRED, date(2026, 11, 20), Change.NONE, id="sooner, but over anyway"
            ),
            pytest.param("7d", date(2026, 11, 29), Change.NONE, id="later, same step"),
            pytest.param("7d", date(2026, 12, 15), Change.RECOVERED, id="at 30d"),
            pytest.param("7d", date(2027, 6, 1), Change.RECOVERED, id="at no limit"),
            pytest.param(EXPIRED, date(2026, 11, 28), Change.RECOVERED, id="revived"),
            pytest.param(
                "30d", date(2026, 11, 28), Change.WORSE, id="later, but worse"
            ),
        ],
    )
    def test_limits_are_compared_under_the_due_date_of_now(
        self, told: str, due: date, change: Change
    ) -> None:
        before = a_told(told, item="validity", due_at=self.DUE_AT)

        assert validity_change(before, due) is change

    @pytest.mark.parametrize(
        ("later", "change"),
        [(timedelta(0), Change.NONE), (SECOND, Change.RECOVERED)],
    )
    def test_only_a_later_due_instant_is_a_renewal(
        self, later: timedelta, change: Change
    ) -> None:
        due = datetime(2027, 6, 1, tzinfo=UTC)
        before = a_told("7d", item="validity", due_at=due)

        assert validity_change(before, due + later) is change

    def test_a_told_step_without_a_due_instant_is_never_renewed(self) -> None:
        assert validity_change(a_told("7d", item="validity"), date(2027, 6, 1)) is (
            Change.NONE
        )

    def test_expired_is_worse_than_a_limit_of_the_same_instant(self) -> None:
        due_at = datetime(2026, 11, 22, tzinfo=UTC)
        line = a_line(a_deadline(due_at))
        policy = a_policy(zone=SHANGHAI, ladders={"validity": "0d"})
        told = a_told("0d", item="validity", due_at=due_at)

        change = change_since(
            told, the_state(line, "validity", policy), line, policy, NOW
        )

        assert change is Change.WORSE

    def test_a_second_due_date_in_the_past_is_no_news(self) -> None:
        before = a_told(EXPIRED, item="validity", due_at=self.DUE_AT - 30 * DAY)

        assert validity_change(before, date(2026, 11, 1)) is Change.NONE


class TestStaleness:
    @pytest.mark.parametrize(
        ("days_ago", "is_same_cycle", "change"),
        [
            pytest.param(40, True, Change.NONE, id="still stale"),
            pytest.param(10, True, Change.NONE, id="clock set back"),
            pytest.param(10, False, Change.FORGOTTEN, id="a new reading"),
            pytest.param(40, False, Change.WORSE, id="stale once more"),
        ],
    )
    def test_a_new_reading_ends_it_without_a_word(
        self, *, days_ago: int, is_same_cycle: bool, change: Change
    ) -> None:
        observed_at = NOW - days_ago * DAY
        line = a_line(an_allowance(observed_at=observed_at))
        cycle = observed_at.isoformat() if is_same_cycle else "earlier"
        told = a_told(STALE, item=STALE, cycle=cycle)
        policy = a_policy(stale="30d")

        assert (
            change_since(told, the_state(line, STALE, policy), line, policy, NOW)
            is change
        )


class TestRepeats:
    @pytest.mark.parametrize(
        ("count", "repeat", "gap"),
        [
            pytest.param(0, "24h", DAY, id="one gap"),
            pytest.param(9, "24h", DAY, id="one gap goes on"),
            pytest.param(0, "24h 72h", DAY, id="the first of two"),
            pytest.param(1, "24h 72h", 3 * DAY, id="the second"),
            pytest.param(2, "24h 72h", 3 * DAY, id="the last goes on"),
        ],
    )
    def test_each_repeat_has_its_gap_and_the_last_goes_on(
        self, count: int, repeat: str, gap: timedelta
    ) -> None:
        told = a_told("20%", count=count)

        assert repeat_at(told, a_policy(repeat=repeat)) == told.said_at + gap

    def test_a_calendar_gap_ends_at_the_readers_hour(self) -> None:
        at = repeat_at(a_told("20%"), a_policy(repeat="2d"))

        assert at == datetime(2026, 11, 23, 9, tzinfo=UTC)

    def test_nothing_is_repeated_unless_wanted(self) -> None:
        assert repeat_at(a_told("20%"), a_policy(repeat="")) is None

    def test_what_was_acknowledged_is_not_repeated(self) -> None:
        told = replace(a_told("20%"), acknowledged_at=NOW)

        assert repeat_at(told, a_policy(repeat="24h")) is None

    @pytest.mark.parametrize(
        ("early", "change"),
        [(SECOND, Change.NONE), (timedelta(0), Change.AGAIN), (-SECOND, Change.AGAIN)],
    )
    def test_it_is_said_again_from_the_end_of_the_gap_on(
        self, early: timedelta, change: Change
    ) -> None:
        line, policy = a_line(an_allowance(1 * GB)), a_policy(repeat="24h")
        state = the_state(line, "data", policy)

        assert change_since(a_told("20%"), state, line, policy, NOW - early) is change

    def test_what_is_at_no_limit_any_more_is_not_repeated(self) -> None:
        line, policy = a_line(an_allowance(2 * GB)), a_policy(repeat="1h")
        state = the_state(line, "data", policy)

        assert change_since(a_told("20%"), state, line, policy, NOW) is Change.NONE

    def test_a_worse_step_is_no_repeat(self) -> None:
        line, policy = a_line(an_allowance(1)), a_policy(repeat="1h")
        state = the_state(line, "data", policy)

        assert change_since(a_told("20%"), state, line, policy, NOW) is Change.WORSE

    @pytest.mark.parametrize("change", list(Change))
    def test_only_worse_and_again_are_said(self, change: Change) -> None:
        assert change.is_said is (change in {Change.WORSE, Change.AGAIN})


class TestToldAfter:
    DATA = State(
        item="data",
        cycle="second",
        step=Step("20%", Severity.WARNING),
        reading=an_allowance(1 * GB),
        observed_at=NOW,
    )
    DUE_AT = datetime(2026, 12, 5, tzinfo=UTC)
    VALIDITY = State(
        item="validity",
        cycle="2026-12-04",
        step=Step("30d", Severity.WARNING),
        reading=a_deadline(),
        due_at=DUE_AT,
        observed_at=NOW,
    )

    @pytest.mark.parametrize(
        ("change", "cycle"),
        [
            pytest.param(Change.WORSE, "first", id="worse in the same cycle"),
            pytest.param(Change.REARMED, "second", id="a new cycle"),
        ],
    )
    def test_a_new_step_of_an_allowance_begins_a_cycle_only_after_a_refill(
        self, change: Change, cycle: str
    ) -> None:
        told = replace(a_told("500000000", count=3), acknowledged_at=NOW)
        standing = Standing(state=self.DATA, told=told, change=change)

        assert told_after(standing, NOW, is_reminded=True) == Told(
            item="data", cycle=cycle, step="20%", said_at=NOW
        )

    @pytest.mark.parametrize("change", [Change.WORSE, Change.RECOVERED])
    def test_a_new_step_of_a_deadline_belongs_to_its_due_date(
        self, change: Change
    ) -> None:
        told = a_told("1d", item="validity", cycle="2026-11-30", count=2)
        standing = Standing(state=self.VALIDITY, told=told, change=change)

        assert told_after(standing, NOW, is_reminded=True) == Told(
            item="validity",
            cycle="2026-12-04",
            step="30d",
            said_at=NOW,
            due_at=self.DUE_AT,
        )

    @pytest.mark.parametrize("change", [Change.RECOVERED, Change.FORGOTTEN])
    def test_what_is_over_is_not_told_any_more(self, change: Change) -> None:
        over = State(
            item="data",
            cycle="second",
            step=None,
            reading=an_allowance(9 * GB),
            observed_at=NOW,
        )
        standing = Standing(state=over, told=a_told("20%"), change=change)

        assert told_after(standing, NOW, is_reminded=True) is None

    def test_a_repeat_is_counted_under_the_step_that_was_told(self) -> None:
        told = a_told("500000000", count=1)
        standing = Standing(state=self.DATA, told=told, change=Change.AGAIN)

        assert told_after(standing, NOW, is_reminded=True) == Told(
            item="data", cycle="first", step="500000000", said_at=NOW, count=2
        )

    @pytest.mark.parametrize(
        ("is_reminded", "acknowledged_at", "said_at"),
        [
            pytest.param(True, None, NOW, id="carried by the message"),
            pytest.param(False, None, NOW - DAY, id="no message"),
            pytest.param(True, NOW, NOW - DAY, id="answered"),
        ],
    )
    def test_what_a_message_carries_needs_no_repeat_of_its_own(
        self,
        *,
        is_reminded: bool,
        acknowledged_at: datetime | None,
        said_at: datetime,
    ) -> None:
        told = replace(a_told("20%", count=1), acknowledged_at=acknowledged_at)
        standing = Standing(state=self.DATA, told=told, change=Change.NONE)

        after = told_after(standing, NOW, is_reminded=is_reminded)

        assert after == Told(
            item="data",
            cycle="first",
            step="20%",
            said_at=said_at,
            count=1,
            acknowledged_at=acknowledged_at,
        )

    def test_what_is_at_no_limit_is_not_carried_by_the_message(self) -> None:
        better = State(
            item="data",
            cycle="second",
            step=None,
            reading=an_allowance(2 * GB),
            observed_at=NOW,
        )
        told = a_told("20%")
        standing = Standing(state=better, told=told, change=Change.NONE)

        assert told_after(standing, NOW, is_reminded=True) == told

    def test_a_corrected_due_date_moves_the_told_step_along(self) -> None:
        told = a_told("30d", item="validity", cycle="2026-12-03", due_at=NOW)
        standing = Standing(state=self.VALIDITY, told=told, change=Change.NONE)

        after = told_after(standing, NOW, is_reminded=False)

        assert after is not None
        assert (after.cycle, after.due_at) == ("2026-12-04", self.DUE_AT)
        assert after.said_at == told.said_at

    def test_nothing_to_tell_leaves_nothing_told(self) -> None:
        standing = Standing(state=self.DATA, told=None, change=Change.NONE)

        assert told_after(standing, NOW, is_reminded=True) is None


class TestStates:
    def test_an_ended_plan_leaves_its_allowances_and_figures_worthless(self) -> None:
        line = a_line(
            an_allowance(0),
            a_deadline(date(2026, 11, 21)),
            added_at=NOW - 90 * DAY,
        )

        assert [state.item for state in states_of(line, POLICY, NOW)] == ["validity"]

    def test_an_ended_credit_does_not(self) -> None:
        from_credit = a_deadline(date(2026, 11, 21), kind=CREDIT)
        line = a_line(an_allowance(0), from_credit, a_deadline())

        items = [state.item for state in states_of(line, a_policy(), NOW)]

        assert items == ["credit", "validity", "data", "stale"]

    def test_a_line_is_never_stale_unless_wanted(self) -> None:
        line = a_line(an_allowance())
        policy = a_policy(stale=None)

        assert [state.item for state in states_of(line, policy, NOW)] == ["data"]

    @pytest.mark.parametrize(
        ("now", "step"),
        [
            (datetime(2026, 12, 22, 8, 59, 59, tzinfo=UTC), None),
            (
                datetime(2026, 12, 22, 9, tzinfo=UTC),
                Step(STALE, Severity.INFO, datetime(2026, 12, 22, 9, tzinfo=UTC)),
            ),
        ],
    )
    def test_a_line_is_stale_at_the_readers_hour_after_the_last_reading(
        self, now: datetime, step: Step | None
    ) -> None:
        (state,) = states_of(a_line(added_at=NOW), a_policy(stale="30d"), now)

        assert (state.item, state.step, state.reading) == (STALE, step, None)

    def test_only_expired_and_exhausted_are_over(self) -> None:
        line = a_line(
            an_allowance(0),
            an_allowance(1, 10, kind=AllowanceKind.SMS),
            a_deadline(date(2026, 11, 21), kind=CREDIT),
            a_deadline(date(2027, 11, 23)),
            zone=LONDON,
        )

        states = {state.item: state for state in states_of(line, a_policy(), NOW)}

        assert {item for item in states if states[item].is_over} == {"data", "credit"}
        assert {item for item in states if states[item].is_expired} == {"credit"}
        assert states["data"].allowance == line.allowances[0]
        assert states["data"].deadline is None
        assert states["credit"].deadline == line.deadlines[0]
        assert states["credit"].allowance is None
