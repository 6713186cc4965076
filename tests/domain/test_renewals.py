from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminderd.domain.calendar import end_of_day, shift
from reminderd.domain.effects import in_effect
from reminderd.domain.lines import (
    Allowance,
    Deadline,
    DeadlineKind,
    Line,
    Reading,
    rolling_deadline,
)
from reminderd.domain.periods import Period, parse_period
from reminderd.domain.plan_ends import plan_end
from reminderd.domain.plans import LastDay, Leftover, Plan, Start, Tier
from reminderd.domain.quantities import (
    BINARY,
    AllowanceKind,
    Money,
    parse_money,
    parse_size,
)
from reminderd.domain.renewals import Renewal, renew
from reminderd.domain.states import has_ended
from reminderd.domain.terms import UNKNOWN_TERMS, Activity, Rule, Terms
from tests.builders import (
    LONDON,
    NOW,
    SHANGHAI,
    a_deadline,
    a_line,
    a_policy,
    an_allowance,
    with_readings,
)

TODAY = NOW.date()
BEFORE = NOW - timedelta(days=10)
GB = 10**9
A_MONTH = Period(months=1)


def readings_after(
    line: Line, renewal: Renewal, terms: Terms = UNKNOWN_TERMS
) -> tuple[Reading, ...]:
    return renew(line, renewal, terms, NOW).readings


def validity(due: date, anchor_day: int | None = None) -> Deadline:
    return a_deadline(
        due, observed_at=NOW, last_activity_on=TODAY, anchor_day=anchor_day
    )


class TestUntil:
    def test_a_renewal_until_a_date_ends_on_it(self) -> None:
        renewal = Renewal(until=date(2027, 1, 31), on=TODAY)

        assert readings_after(a_line(), renewal) == (validity(date(2027, 1, 31)),)

    def test_a_date_goes_before_a_period(self) -> None:
        renewal = Renewal(until=date(2027, 1, 31), plan=Plan(period=A_MONTH), on=TODAY)

        assert readings_after(a_line(), renewal) == (validity(date(2027, 1, 31)),)

    def test_it_may_end_on_the_day_of_renewal(self) -> None:
        renewal = Renewal(until=TODAY, on=TODAY)

        assert readings_after(a_line(), renewal) == (validity(TODAY),)

    def test_it_cannot_end_before_the_day_of_renewal(self) -> None:
        renewal = Renewal(until=TODAY - timedelta(days=1), on=TODAY)

        with pytest.raises(ValueError, match="2026-11-21 lies before the renewal"):
            readings_after(a_line(), renewal)


class TestPeriod:
    @pytest.mark.parametrize(
        ("old", "due", "anchor_day"),
        [
            pytest.param(date(2026, 12, 4), date(2027, 1, 4), 4, id="ends later"),
            pytest.param(TODAY, date(2026, 12, 22), 22, id="ends today"),
            pytest.param(date(2026, 11, 1), date(2026, 12, 22), 22, id="has ended"),
        ],
    )
    def test_a_period_counts_from_the_old_end_while_that_lies_ahead(
        self, old: date, due: date, anchor_day: int
    ) -> None:
        renewal = Renewal(plan=Plan(period=A_MONTH), on=TODAY)

        assert readings_after(a_line(a_deadline(old)), renewal) == (
            validity(due, anchor_day),
        )

    def test_the_old_end_is_a_date_in_the_carriers_zone(self) -> None:
        old = a_deadline(datetime(2026, 12, 4, 17, tzinfo=UTC))
        renewal = Renewal(plan=Plan(period=Period(days=30)), on=TODAY)

        readings = readings_after(a_line(old, zone=SHANGHAI), renewal)

        assert readings == (validity(date(2027, 1, 4)),)

    def test_without_an_old_end_it_counts_from_the_day_of_renewal(self) -> None:
        renewal = Renewal(plan=Plan(period=Period(days=30)), on=TODAY)

        assert readings_after(a_line(), renewal) == (validity(date(2026, 12, 22)),)

    @pytest.mark.parametrize("period", [None, Period(seconds=86_400)])
    def test_the_new_end_has_to_be_known(self, period: Period | None) -> None:
        with pytest.raises(ValueError, match="how long the plan lasts"):
            readings_after(a_line(), Renewal(plan=Plan(period=period), on=TODAY))


class TestRefill:
    RENEWAL = Renewal(until=date(2027, 1, 31), on=TODAY)

    def test_allowances_with_a_known_total_are_full_again(self) -> None:
        voice = an_allowance(0, 6000, kind=AllowanceKind.VOICE, observed_at=BEFORE)
        line = a_line(voice, an_allowance(0, 0, observed_at=BEFORE))

        readings = readings_after(line, self.RENEWAL)

        assert readings[1:] == (
            an_allowance(6000, 6000, kind=AllowanceKind.VOICE),
            an_allowance(0, 0),
        )

    @pytest.mark.parametrize(
        "allowance",
        [
            pytest.param(an_allowance(5, None), id="unknown total"),
            pytest.param(an_allowance(5, 9, kind=AllowanceKind.BALANCE), id="balance"),
        ],
    )
    def test_what_a_plan_does_not_fill_is_left_alone(
        self, allowance: Allowance
    ) -> None:
        readings = readings_after(a_line(allowance), self.RENEWAL)

        assert readings == (validity(date(2027, 1, 31)),)

    @pytest.mark.parametrize("data", [0, 5 * GB])
    def test_data_that_is_given_takes_the_place_of_what_was_known(
        self, data: int
    ) -> None:
        sms = an_allowance(1, 50, kind=AllowanceKind.SMS, observed_at=BEFORE)
        renewal = Renewal(until=date(2027, 1, 31), data=data, on=TODAY)

        readings = readings_after(a_line(an_allowance(1, GB), sms), renewal)

        assert readings[1:] == (
            an_allowance(data, data),
            an_allowance(50, 50, kind=AllowanceKind.SMS),
        )

    def test_the_readings_fit_onto_the_line(self) -> None:
        active_on = TODAY - timedelta(days=100)
        line = a_line(
            an_allowance(1, GB),
            a_deadline(),
            rolling_deadline(active_on, Period(days=180), BEFORE),
        )
        renewal = Renewal(plan=Plan(period=A_MONTH), data=GB, on=TODAY)

        renewed = with_readings(line, *readings_after(line, renewal))

        assert renewed.allowances == (an_allowance(GB, GB),)
        assert renewed.deadlines == (
            validity(date(2027, 1, 4), 4),
            rolling_deadline(TODAY, Period(days=180), NOW),
        )


IN_TEN_DAYS = TODAY + timedelta(days=10)
DAYS_30 = Period(days=30)


def credit(minor: int = 500) -> Allowance:
    return an_allowance(minor, None, kind=AllowanceKind.BALANCE, observed_at=BEFORE)


def left_of(line: Line) -> dict[str, int | None]:
    return {known.item: known.remaining for known in line.allowances}


def renewed(line: Line, plan: Plan, **options: Any) -> Line:
    """Return *line* after it was renewed today with a carrier whose plan is *plan*."""
    renewal = Renewal(**{"on": TODAY} | options)
    return with_readings(line, *readings_after(line, renewal, Terms(plan=plan)))


def end_of_plan(line: Line) -> date:
    end = line.deadline(DeadlineKind.VALIDITY)
    assert end is not None
    return end.due_on(line.zone)


class TestDocumentedCarriers:
    """What carriers write of a renewal ten days before the end of a plan."""

    LINE = a_line(
        a_deadline(IN_TEN_DAYS),
        an_allowance(5 * GB, 5 * GB, observed_at=BEFORE),
        credit(),
    )

    def test_au_mega_plan_adds_the_days_and_leaves_the_credit_alone(self) -> None:
        plan = Plan(period=DAYS_30, start=Start.OLD_END, leftover=Leftover.DROP)

        line = renewed(self.LINE, plan)

        assert end_of_plan(line) == TODAY + timedelta(days=40)
        assert left_of(line) == {"data": 5 * GB, "balance": 500}

    @pytest.mark.parametrize(
        "period",
        [
            pytest.param(DAYS_30, id="AU Mini Mega"),
            pytest.param(DAYS_30, id="Fido"),
            pytest.param(Period(days=28), id="Kogan NZ"),
        ],
    )
    def test_a_restart_today_loses_the_days_and_the_data_left(
        self, period: Period
    ) -> None:
        plan = Plan(period=period, start=Start.TODAY, leftover=Leftover.DROP)

        line = renewed(self.LINE, plan)

        assert end_of_plan(line) == shift(TODAY, period)
        assert left_of(line) == {"data": 5 * GB, "balance": 500}

    @pytest.mark.parametrize(
        ("total", "left"),
        [
            pytest.param(5 * GB, 5 * GB, id="WaveConnect"),
            pytest.param(2 * GB, GB, id="Tello, renewed by hand"),
        ],
    )
    def test_a_restart_today_may_add_what_is_left(self, total: int, left: int) -> None:
        plan = Plan(period=DAYS_30, start=Start.TODAY, leftover=Leftover.ADD)

        line = renewed(with_readings(self.LINE, an_allowance(left, total)), plan)

        assert end_of_plan(line) == TODAY + timedelta(days=30)
        assert line.allowance(AllowanceKind.DATA) == an_allowance(left + total, total)

    @pytest.mark.parametrize(
        ("bought_days", "end"),
        [
            pytest.param(30, 30, id="the new end is the later one"),
            pytest.param(10, 10, id="both are on the same day"),
            pytest.param(7, 10, id="the old end is the later one"),
        ],
    )
    def test_shinetown_takes_the_later_of_both_ends(
        self, bought_days: int, end: int
    ) -> None:
        plan = Plan(period=Period(days=bought_days), start=Start.LATER)

        assert end_of_plan(renewed(self.LINE, plan)) == TODAY + timedelta(days=end)

    @pytest.mark.parametrize(
        ("last_day", "end"),
        [
            pytest.param(LastDay.DAY_BEFORE, date(2027, 1, 2), id="giffgaff"),
            pytest.param(None, date(2027, 1, 2), id="Virgin Mobile KW"),
        ],
    )
    def test_a_queued_plan_leaves_what_is_left_until_the_old_end_and_fills_up_then(
        self, last_day: LastDay | None, end: date
    ) -> None:
        plan = Plan(period=A_MONTH, start=Start.QUEUE, last_day=last_day)
        line = with_readings(self.LINE, an_allowance(GB, 5 * GB, observed_at=BEFORE))

        queued = renewed(line, plan)

        assert end_of_plan(queued) == end
        old_end = end_of_day(IN_TEN_DAYS, LONDON)
        just_before = old_end - timedelta(seconds=1)
        assert left_of(in_effect(queued, a_policy(), just_before))["data"] == GB
        assert left_of(in_effect(queued, a_policy(), old_end))["data"] == 5 * GB

    def test_wifi_se_keeps_the_old_data_apart_with_its_own_end(self) -> None:
        april, august = date(2027, 4, 30), date(2027, 8, 31)
        line = a_line(a_deadline(april), an_allowance(2 * GB, 5 * GB))

        line = renewed(line, Plan(leftover=Leftover.KEEP), until=august)

        assert end_of_plan(line) == august
        assert [(known.remaining, known.expires) for known in line.allowances] == [
            (2 * GB, april),
            (5 * GB, None),
        ]
        later = in_effect(line, a_policy(), datetime(2027, 5, 1, tzinfo=UTC))
        assert [
            known.remaining
            for known in later.allowances
            if not has_ended(known, later, datetime(2027, 5, 1, tzinfo=UTC))
        ] == [5 * GB]

    def test_esim_go_assigns_bundles_beside_each_other_time_after_time(self) -> None:
        plan = Plan(period=DAYS_30, start=Start.TODAY, leftover=Leftover.KEEP)

        first = renewed(self.LINE, plan)
        second = renewed(first, plan)

        assert sorted(left_of(second)) == [
            "balance",
            "data",
            "data/2026-12-02",
            "data/2026-12-22",
        ]

    def test_a_giffgaff_plan_may_be_started_early_by_asking_for_it(self) -> None:
        terms = Terms(plan=Plan(period=A_MONTH, start=Start.QUEUE))
        line = with_readings(self.LINE, an_allowance(GB // 4, 5 * GB))
        renewal = Renewal(on=TODAY, plan=Plan(start=Start.TODAY))

        line = with_readings(line, *readings_after(line, renewal, terms))

        assert end_of_plan(line) == date(2026, 12, 22)
        assert left_of(line)["data"] == 5 * GB

    @pytest.mark.parametrize(
        ("left", "carried"),
        [
            pytest.param(999 * GB, 999 * GB, id="below the cap"),
            pytest.param(1000 * GB, 1000 * GB, id="the cap"),
            pytest.param(1001 * GB, 1000 * GB, id="above the cap"),
            pytest.param(-GB, 0, id="overused"),
        ],
    )
    def test_live_on_rolls_over_up_to_1000_gb(self, left: int, carried: int) -> None:
        plan = Plan(period=DAYS_30, leftover=Leftover.CAP, cap=1000 * GB)
        voice = an_allowance(60, 600, kind=AllowanceKind.VOICE)
        line = with_readings(self.LINE, an_allowance(left, 1500 * GB), voice)

        line = renewed(line, plan)

        assert left_of(line)["data"] == 1500 * GB + carried
        assert left_of(line)["voice"] == 600

    def test_a_cap_is_counted_in_the_units_of_the_carrier(self) -> None:
        plan = Plan(period=DAYS_30, leftover=Leftover.CAP, cap=parse_size("5GB"))
        data = replace(an_allowance(9 * GB, 9 * GB), size_base=BINARY)

        line = renewed(with_readings(self.LINE, data), plan)

        assert left_of(line)["data"] == 9 * GB + 5 * 1024**3

    VERIZON = "1 USD 30d, 30 USD 90d, 75 USD 180d, 100 USD 365d"
    LIME = "5 USD 90d, 10 USD 120d, 20 USD 180d, 50 USD 365d"

    @pytest.mark.parametrize(
        ("tiers", "paid", "period"),
        [
            pytest.param(VERIZON, "29.99 USD", "30d", id="Verizon legacy"),
            pytest.param(VERIZON, "30.00 USD", "90d", id="Verizon legacy, exactly"),
            pytest.param(VERIZON, "74.99 USD", "90d", id="Verizon legacy, below 75"),
            pytest.param(VERIZON, "120.00 USD", "365d", id="Verizon legacy, at most"),
            pytest.param("50 HKD 60d, 300 HKD 180d", "300 HKD", "180d", id="CMHK"),
            pytest.param("15 EUR 9mo, 25 EUR 15mo", "25 EUR", "15mo", id="Vodafone DE"),
            pytest.param(LIME, "9.99 USD", "90d", id="LIME"),
            pytest.param(LIME, "50.00 USD", "365d", id="LIME, 50 and more"),
            pytest.param("5 MYR 5d, 10 MYR 30d", "5 MYR", "5d", id="Hotlink"),
            pytest.param("5 MYR 5d, 10 MYR 30d", "10 MYR", "30d", id="Hotlink, 10"),
        ],
    )
    def test_the_amount_decides_for_how_long(
        self, tiers: str, paid: str, period: str
    ) -> None:
        plan = Plan(start=Start.TODAY, period=Period(days=1), tiers=some_tiers(tiers))

        line = renewed(self.LINE, replace(plan, price=parse_money(paid)))

        assert end_of_plan(line) == shift(TODAY, parse_period(period))


def some_tiers(text: str) -> tuple[Tier, ...]:
    words = [part.split() for part in text.split(", ")]
    return tuple(
        Tier(parse_money(f"{amount} {currency}"), parse_period(period))
        for amount, currency, period in words
    )


class TestAmounts:
    TIERS = some_tiers("5 MYR 5d, 10 MYR 30d")

    @pytest.mark.parametrize(
        ("asked", "own", "days"),
        [
            pytest.param({"period": Period(days=9)}, {}, 9, id="a period asked for"),
            pytest.param({"price": Money(500, "MYR")}, {}, 5, id="an amount paid"),
            pytest.param(
                {"price": Money(500, "MYR")},
                {"period": DAYS_30},
                5,
                id="an amount paid, though the line has a usual period",
            ),
            pytest.param(
                {},
                {"price": Money(1000, "MYR"), "period": Period(days=7)},
                7,
                id="the usual period of the line",
            ),
            pytest.param(
                {}, {"price": Money(1000, "MYR")}, 30, id="the usual price of the line"
            ),
            pytest.param({"price": Money(499, "MYR")}, {}, 1, id="too little"),
            pytest.param({"price": Money(999, "EUR")}, {}, 1, id="another currency"),
        ],
    )
    def test_what_was_said_last_goes_before_what_is_usual(
        self, asked: dict[str, Any], own: dict[str, Any], days: int
    ) -> None:
        terms = Terms(plan=Plan(period=Period(days=1), tiers=self.TIERS))
        line = replace(a_line(), plan=Plan(**own))
        renewal = Renewal(on=TODAY, plan=Plan(**asked))

        line = with_readings(line, *readings_after(line, renewal, terms))

        assert end_of_plan(line) == TODAY + timedelta(days=days)


class TestMonths:
    @pytest.mark.parametrize(
        ("last_day", "bought_on", "ends"),
        [
            pytest.param(
                LastDay.DAY_BEFORE,
                date(2027, 1, 31),
                [date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)],
                id="giffgaff, bought on the 31st",
            ),
            pytest.param(
                LastDay.DAY_BEFORE,
                date(2027, 1, 15),
                [date(2027, 2, 14), date(2027, 3, 14), date(2027, 4, 14)],
                id="giffgaff, bought on the 15th",
            ),
            pytest.param(
                LastDay.SAME_DATE,
                date(2027, 1, 31),
                [date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)],
                id="the same date, bought on the 31st",
            ),
            pytest.param(
                None,
                date(2028, 1, 30),
                [date(2028, 2, 29), date(2028, 3, 30), date(2028, 4, 30)],
                id="the same date in a leap year",
            ),
        ],
    )
    @pytest.mark.parametrize("start", [Start.OLD_END, Start.QUEUE])
    def test_short_months_do_not_make_the_end_drift(
        self, start: Start, last_day: LastDay | None, bought_on: date, ends: list[date]
    ) -> None:
        plan = Plan(period=A_MONTH, start=start, last_day=last_day)
        line, found = a_line(), []
        for _ in ends:
            renewal = Renewal(on=bought_on, plan=plan)
            now = datetime.combine(bought_on, time(12), tzinfo=UTC)
            readings = renew(line, renewal, UNKNOWN_TERMS, now).readings
            line = with_readings(line, *readings)
            bought_on = end_of_plan(line)
            found.append(bought_on)

        assert found == ends

    def test_30_days_of_the_kind_that_ends_the_day_before_are_30_days(self) -> None:
        plan = Plan(period=DAYS_30, last_day=LastDay.DAY_BEFORE)

        line = renewed(a_line(), plan)

        assert end_of_plan(line) == date(2026, 12, 21)
        assert line.deadline(DeadlineKind.VALIDITY) == validity(date(2026, 12, 21))


class TestEndedLines:
    @pytest.mark.parametrize("start", [None, *Start])
    def test_what_has_ended_begins_again_on_the_day_of_renewal(
        self, start: Start | None
    ) -> None:
        line = a_line(a_deadline(date(2026, 6, 30)), an_allowance(GB, 5 * GB))

        line = renewed(line, Plan(period=DAYS_30, start=start, leftover=Leftover.ADD))

        assert end_of_plan(line) == TODAY + timedelta(days=30)
        assert left_of(line) == {"data": 5 * GB}

    def test_a_renewal_never_leaves_a_line_ended_unasked(self) -> None:
        renewal = Renewal(on=date(2026, 10, 1), plan=Plan(period=DAYS_30))

        with pytest.raises(ValueError, match="ended on 2026-10-31 already; if that is"):
            readings_after(a_line(), renewal)

    def test_it_may_be_left_ended_by_asking_for_it(self) -> None:
        renewal = Renewal(on=date(2026, 10, 1), until=date(2026, 10, 31))

        line = with_readings(a_line(), *readings_after(a_line(), renewal))

        assert end_of_plan(line) == date(2026, 10, 31)


class TestQueue:
    PLAN = Plan(period=DAYS_30, start=Start.QUEUE)

    def test_what_fills_up_in_time_is_full_at_the_next_renewal(self) -> None:
        line = a_line(
            a_deadline(IN_TEN_DAYS),
            replace(
                an_allowance(GB, 5 * GB),
                refills_on=TODAY - timedelta(days=1),
                refill_to=8 * GB,
            ),
        )

        queued = renewed(line, self.PLAN)
        added = renewed(line, Plan(period=DAYS_30, leftover=Leftover.ADD))

        assert left_of(queued) == {"data": 8 * GB}
        assert left_of(added) == {"data": 16 * GB}

    def test_a_second_plan_in_the_queue_leaves_the_first_refill_alone(self) -> None:
        line = a_line(a_deadline(IN_TEN_DAYS), an_allowance(GB, 5 * GB))

        twice = renewed(renewed(line, self.PLAN), self.PLAN)

        assert end_of_plan(twice) == IN_TEN_DAYS + timedelta(days=60)
        data = twice.allowance(AllowanceKind.DATA)
        assert data is not None
        assert data.refills_on == IN_TEN_DAYS + timedelta(days=1)

    def test_data_of_which_nothing_was_known_begins_with_the_queued_plan(self) -> None:
        line = renewed(a_line(a_deadline(IN_TEN_DAYS)), self.PLAN, data=3 * GB)

        end = end_of_day(IN_TEN_DAYS, LONDON)

        assert left_of(in_effect(line, a_policy(), NOW)) == {"data": None}
        assert left_of(in_effect(line, a_policy(), end)) == {"data": 3 * GB}


class TestKeep:
    PLAN = Plan(period=DAYS_30, leftover=Leftover.KEEP)

    @pytest.mark.parametrize(
        ("remaining", "total", "kept"),
        [
            pytest.param(1, GB, 1, id="a little left"),
            pytest.param(None, GB, 1, id="nobody knows how much"),
            pytest.param(0, GB, 0, id="nothing left"),
            pytest.param(-1, GB, 0, id="overused"),
        ],
    )
    def test_only_what_may_be_left_is_kept(
        self, remaining: int | None, total: int, kept: int
    ) -> None:
        line = a_line(a_deadline(IN_TEN_DAYS), an_allowance(remaining, total))

        assert len(renewed(line, self.PLAN).allowances) == 1 + kept

    def test_data_of_which_nothing_was_known_leaves_nothing_to_keep(self) -> None:
        line = renewed(a_line(a_deadline(IN_TEN_DAYS)), self.PLAN, data=GB)

        assert left_of(line) == {"data": GB}

    def test_a_daily_allowance_is_full_and_nothing_of_it_is_kept_or_added(self) -> None:
        daily = replace(an_allowance(GB, 3 * GB), daily=True)
        line = a_line(a_deadline(IN_TEN_DAYS), daily)
        added = Plan(period=DAYS_30, leftover=Leftover.ADD)

        assert left_of(renewed(line, self.PLAN)) == {"data": 3 * GB}
        assert left_of(renewed(line, added)) == {"data": 3 * GB}


class TestStandingStill:
    """Tello: credit lasts 90 days from its purchase, not counting days with a plan."""

    RULE = Rule(
        every=Period(days=90), resets=frozenset({Activity.TOP_UP}), stands_still=True
    )
    TERMS = Terms(
        plan=Plan(period=DAYS_30, start=Start.TODAY),
        rules={DeadlineKind.CREDIT: RULE},
    )

    def credit_end(self, line: Line, now: datetime) -> date:
        policy = replace(a_policy(), terms=self.TERMS)
        known = in_effect(line, policy, now).deadline(DeadlineKind.CREDIT)
        assert known is not None
        return known.due_on(line.zone)

    def test_the_clock_stands_still_over_two_plans_in_a_row(self) -> None:
        topped_up = TODAY - timedelta(days=10)
        line = a_line(
            rolling_deadline(topped_up, Period(days=90), BEFORE, DeadlineKind.CREDIT)
        )
        assert self.credit_end(line, NOW) == TODAY + timedelta(days=80)

        first = with_readings(
            line, *renew(line, Renewal(on=TODAY), self.TERMS, NOW).readings
        )
        assert self.credit_end(first, NOW) == TODAY + timedelta(days=110)

        for gap in (20, 30, 45):
            day = TODAY + timedelta(days=gap)
            later = NOW + timedelta(days=gap)
            outcome = renew(first, Renewal(on=day), self.TERMS, later)
            second = with_readings(first, *outcome.readings)
            days_with_plan = min(gap, 30) + 30

            assert self.credit_end(second, later) == TODAY + timedelta(
                days=80 + days_with_plan
            )

    def test_credit_that_had_ended_before_the_plan_is_not_brought_back(self) -> None:
        over = TODAY - timedelta(days=5)
        line = a_line(a_deadline(over, kind=DeadlineKind.CREDIT, observed_at=BEFORE))

        line = with_readings(
            line, *renew(line, Renewal(on=TODAY), self.TERMS, NOW).readings
        )

        assert self.credit_end(line, NOW) == over


class TestStartBy:
    def test_a_plan_bought_again_is_not_waiting_to_be_started_any_more(self) -> None:
        waiting = a_deadline(kind=DeadlineKind.START_BY)

        outcome = renew(
            a_line(waiting), Renewal(on=TODAY, until=TODAY), UNKNOWN_TERMS, NOW
        )

        assert outcome.forgotten == ("start_by",)


class TestAnyRenewal:
    @given(
        old=st.none() | st.dates(date(2026, 1, 1), date(2028, 12, 31)),
        on=st.dates(date(2026, 9, 1), TODAY),
        period=st.builds(Period, days=st.integers(1, 400))
        | st.builds(Period, months=st.integers(1, 24)),
        start=st.sampled_from([None, *Start]),
        last_day=st.sampled_from([None, *LastDay]),
        anchor_day=st.none() | st.integers(28, 31),
    )
    def test_it_ends_in_the_future_and_only_a_restart_ends_sooner_than_before(  # noqa: PLR0913, PLR0917 - one for each thing that differs
        self,
        old: date | None,
        on: date,
        period: Period,
        start: Start | None,
        last_day: LastDay | None,
        anchor_day: int | None,
    ) -> None:
        line = a_line() if old is None else a_line(a_deadline(old))
        if old is not None and anchor_day is not None:
            line = a_line(a_deadline(old, anchor_day=max(anchor_day, old.day)))
        plan = Plan(period=period, start=start, last_day=last_day)

        renewal = Renewal(on=on, plan=plan)

        if plan_end(line, on, period, plan)[0] < TODAY:
            with pytest.raises(ValueError, match="ended on"):
                readings_after(line, renewal)
            return
        line = with_readings(line, *readings_after(line, renewal))

        assert end_of_plan(line) >= TODAY
        if old is not None and old >= on and start is not Start.TODAY:
            assert end_of_plan(line) >= old
