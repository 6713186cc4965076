from dataclasses import replace
from datetime import date, timedelta

import pytest

from reminderd.domain.activities import (
    Ignored,
    Outcome,
    Use,
    least_of,
    resets_any,
    touch,
)
from reminderd.domain.lines import (
    Deadline,
    DeadlineKind,
    Line,
    Reading,
    rolling_deadline,
)
from reminderd.domain.periods import Period
from reminderd.domain.plans import Plan, Start, Tier
from reminderd.domain.quantities import Money
from reminderd.domain.terms import UNKNOWN_TERMS, Activity, Rule, Terms
from tests.builders import NOW, a_deadline, a_line

TODAY = NOW.date()
BEFORE = NOW - timedelta(days=10)


def readings_after(line: Line, on: date) -> tuple[Reading, ...]:
    return touch(line, Use(on=on), UNKNOWN_TERMS, NOW).readings


class TestTouch:
    def test_an_activity_moves_every_rolling_deadline(self) -> None:
        active_on = TODAY - timedelta(days=100)
        line = a_line(
            a_deadline(),
            rolling_deadline(active_on, Period(days=180), BEFORE),
            rolling_deadline(active_on, Period(days=270), BEFORE, DeadlineKind.NUMBER),
        )

        assert readings_after(line, TODAY) == (
            rolling_deadline(TODAY, Period(days=180), NOW),
            rolling_deadline(TODAY, Period(days=270), NOW, DeadlineKind.NUMBER),
        )

    @pytest.mark.parametrize(
        ("days_later", "moves"), [(-1, False), (0, False), (1, True)]
    )
    def test_only_a_later_activity_changes_anything(
        self, *, days_later: int, moves: bool
    ) -> None:
        line = a_line(rolling_deadline(TODAY, Period(days=180), BEFORE))

        assert bool(readings_after(line, TODAY + timedelta(days=days_later))) is moves

    def test_a_first_activity_moves_a_deadline_that_was_only_known_by_date(
        self,
    ) -> None:
        line = a_line(
            a_deadline(
                date(2026, 12, 1), kind=DeadlineKind.KEEP_ALIVE, period=Period(days=180)
            )
        )

        assert readings_after(line, TODAY) == (
            rolling_deadline(TODAY, Period(days=180), NOW),
        )


ROLLING = rolling_deadline(TODAY - timedelta(days=100), Period(days=180), BEFORE)


def under(rule: Rule, kind: DeadlineKind = DeadlineKind.KEEP_ALIVE) -> Terms:
    return Terms(rules={kind: rule})


def due_after(line: Line, use: Use, terms: Terms) -> date | None:
    """Return the one date that *use* moves, None if it moves none."""
    readings = touch(line, use, terms, NOW).readings
    assert len(readings) <= 1
    return next(
        (each.due_on(line.zone) for each in readings if isinstance(each, Deadline)),
        None,
    )


class TestKinds:
    O2_DE = under(Rule(every=Period(months=6), resets=frozenset({Activity.TOP_UP})))
    EE = under(Rule(resets=frozenset({Activity.CALL, Activity.SMS, Activity.DATA})))

    @pytest.mark.parametrize(
        ("activity", "counts"),
        [
            (Activity.TOP_UP, True),
            (Activity.CALL, False),
            (Activity.SMS, False),
            (Activity.DATA, False),
            (Activity.PLAN, False),
            (None, False),
        ],
    )
    def test_o2_de_counts_nothing_but_top_ups(
        self, activity: Activity | None, *, counts: bool
    ) -> None:
        outcome = touch(
            a_line(ROLLING), Use(on=TODAY, activity=activity), self.O2_DE, NOW
        )

        assert bool(outcome.readings) is counts
        why = () if counts else ((DeadlineKind.KEEP_ALIVE, Ignored.OTHER_KIND),)
        assert outcome.ignored == why

    @pytest.mark.parametrize(
        ("activity", "counts"),
        [(Activity.CALL, True), (None, True), (Activity.TOP_UP, False)],
    )
    def test_a_use_of_no_known_kind_is_one_that_counts(
        self, activity: Activity | None, *, counts: bool
    ) -> None:
        due = due_after(a_line(ROLLING), Use(on=TODAY, activity=activity), self.EE)

        assert (due == TODAY + timedelta(days=180)) is counts

    @pytest.mark.parametrize("activity", [Activity.CALL, None])
    def test_only_what_is_paid_renews_credit_where_nobody_says_otherwise(
        self, activity: Activity | None
    ) -> None:
        terms = under(Rule(every=Period(days=90)), DeadlineKind.CREDIT)

        used = due_after(a_line(), Use(on=TODAY, activity=activity), terms)
        paid = due_after(a_line(), Use(on=TODAY, activity=Activity.TOP_UP), terms)

        assert (used, paid) == (None, TODAY + timedelta(days=90))

    def test_the_period_of_the_line_goes_before_the_one_of_its_carrier(self) -> None:
        terms = under(Rule(every=Period(days=90)))

        assert due_after(a_line(ROLLING), Use(on=TODAY), terms) == (
            TODAY + timedelta(days=180)
        )

    def test_without_any_period_nothing_follows(self) -> None:
        outcome = touch(a_line(), Use(on=TODAY), UNKNOWN_TERMS, NOW)

        assert outcome == Outcome()


class TestAmounts:
    THREE_HK = under(
        Rule(
            every=Period(days=180),
            resets=frozenset({Activity.TOP_UP}),
            least=Money(100_00, "HKD"),
        ),
        DeadlineKind.CREDIT,
    )

    @pytest.mark.parametrize(
        ("paid", "why_not"),
        [
            pytest.param(Money(99_99, "HKD"), Ignored.TOO_SMALL, id="just below"),
            pytest.param(Money(100_00, "HKD"), None, id="exactly"),
            pytest.param(None, Ignored.UNKNOWN_AMOUNT, id="unknown"),
            pytest.param(Money(100_00, "USD"), Ignored.UNKNOWN_AMOUNT, id="in dollars"),
        ],
    )
    def test_3hk_extends_for_100_hkd_and_more_only(
        self, paid: Money | None, why_not: Ignored | None
    ) -> None:
        use = Use(on=TODAY, activity=Activity.TOP_UP, paid=paid)

        outcome = touch(a_line(), use, self.THREE_HK, NOW)

        assert bool(outcome.readings) is (why_not is None)
        assert outcome.ignored == (((DeadlineKind.CREDIT, why_not),) if why_not else ())

    TIERS = (
        Tier(Money(5_00, "MYR"), Period(days=5)),
        Tier(Money(10_00, "MYR"), Period(days=30)),
    )
    HOTLINK = under(Rule(tiers=TIERS), DeadlineKind.CREDIT)

    @pytest.mark.parametrize(
        ("paid", "days"),
        [
            pytest.param(Money(4_99, "MYR"), None, id="below the least"),
            pytest.param(Money(5_00, "MYR"), 5, id="the least"),
            pytest.param(Money(9_99, "MYR"), 5, id="just below the next"),
            pytest.param(Money(10_00, "MYR"), 30, id="the next"),
            pytest.param(None, 5, id="unknown: as the least"),
            pytest.param(Money(50_00, "USD"), 5, id="in dollars: as the least"),
        ],
    )
    def test_the_amount_decides_for_how_long(
        self, paid: Money | None, days: int | None
    ) -> None:
        use = Use(on=TODAY, activity=Activity.TOP_UP, paid=paid)

        due = due_after(a_line(), use, self.HOTLINK)

        assert due == (None if days is None else TODAY + timedelta(days=days))

    def test_what_a_larger_amount_has_bought_is_no_period_for_a_smaller_one(
        self,
    ) -> None:
        terms = under(
            Rule(every=Period(days=90), tiers=self.TIERS), DeadlineKind.CREDIT
        )
        long = rolling_deadline(
            TODAY - timedelta(days=9), Period(days=365), BEFORE, DeadlineKind.CREDIT
        )
        unknown = Use(on=TODAY, activity=Activity.TOP_UP)
        small = replace(unknown, paid=Money(1_00, "MYR"))

        for use in (unknown, small):
            assert due_after(a_line(long), use, terms) == TODAY + timedelta(days=90)

    def test_a_call_goes_on_with_the_period_that_was_paid_for(self) -> None:
        terms = under(Rule(tiers=self.TIERS))
        use = Use(on=TODAY, activity=Activity.CALL)

        assert due_after(a_line(ROLLING), use, terms) == TODAY + timedelta(days=180)

    @pytest.mark.parametrize(
        ("rule", "least"),
        [
            pytest.param(Rule(least=Money(1, "GBP"), tiers=TIERS), Money(1, "GBP")),
            pytest.param(Rule(tiers=TIERS), Money(5_00, "MYR")),
            pytest.param(Rule(every=Period(days=90), tiers=TIERS), None),
            pytest.param(Rule(), None),
        ],
    )
    def test_the_least_amount_that_counts_is_said_or_the_lowest_that_buys_anything(
        self, rule: Rule, least: Money | None
    ) -> None:
        assert least_of(rule) == least


class TestStarts:
    @pytest.mark.parametrize(
        ("start", "old", "days"),
        [
            pytest.param(Start.TODAY, 10, 30, id="today"),
            pytest.param(Start.OLD_END, 10, 40, id="from the old end"),
            pytest.param(Start.OLD_END, -10, 30, id="from an old end in the past"),
            pytest.param(Start.OLD_END, None, 30, id="from no old end"),
            pytest.param(Start.LATER, 40, 40, id="the later is the old one"),
            pytest.param(Start.LATER, 10, 30, id="the later is the new one"),
        ],
    )
    def test_from_where_a_top_up_counts(
        self, start: Start, old: int | None, days: int
    ) -> None:
        terms = under(Rule(every=Period(days=30), start=start), DeadlineKind.CREDIT)
        line = a_line()
        if old is not None:
            due = TODAY + timedelta(days=old)
            line = a_line(a_deadline(due, kind=DeadlineKind.CREDIT))

        due_on = due_after(line, Use(on=TODAY, activity=Activity.TOP_UP), terms)

        assert due_on == TODAY + timedelta(days=days)


class TestAPlanThatWaits:
    WAITING = a_deadline(date(2027, 5, 1), kind=DeadlineKind.START_BY)
    TERMS = Terms(plan=Plan(period=Period(days=7), start=Start.QUEUE))

    @pytest.mark.parametrize("activity", [Activity.DATA, None])
    def test_data_use_starts_it_on_that_day(self, activity: Activity | None) -> None:
        on = TODAY - timedelta(days=2)

        outcome = touch(
            a_line(self.WAITING), Use(on=on, activity=activity), self.TERMS, NOW
        )

        assert outcome.readings == (
            a_deadline(on + timedelta(days=7), last_activity_on=on),
        )
        assert outcome.forgotten == ("start_by",)

    def test_a_plan_that_was_started_long_ago_has_ended(self) -> None:
        on = TODAY - timedelta(days=20)

        (end,) = touch(a_line(self.WAITING), Use(on=on), self.TERMS, NOW).readings

        assert isinstance(end, Deadline)
        assert end.due == on + timedelta(days=7)

    @pytest.mark.parametrize("activity", [Activity.CALL, Activity.TOP_UP])
    def test_what_the_carrier_does_not_name_does_not_start_it(
        self, activity: Activity
    ) -> None:
        use = Use(on=TODAY, activity=activity)

        assert touch(a_line(self.WAITING), use, self.TERMS, NOW) == Outcome()

    def test_a_call_starts_it_where_the_carrier_says_so(self) -> None:
        rule = Rule(resets=frozenset({Activity.CALL, Activity.PLAN}))
        terms = replace(self.TERMS, rules={DeadlineKind.START_BY: rule})
        line = a_line(self.WAITING)

        def starts(activity: Activity) -> bool:
            return bool(
                touch(line, Use(on=TODAY, activity=activity), terms, NOW).forgotten
            )

        assert starts(Activity.CALL)
        assert not starts(Activity.DATA)
        # To buy a plan is to renew, which is more.
        assert not starts(Activity.PLAN)

    def test_it_waits_on_while_another_plan_runs(self) -> None:
        line = a_line(self.WAITING, a_deadline(TODAY))

        assert touch(line, Use(on=TODAY), self.TERMS, NOW) == Outcome()

    def test_nobody_knows_when_a_plan_of_unknown_length_ends(self) -> None:
        with pytest.raises(ValueError, match="nobody has said how long it lasts"):
            touch(a_line(self.WAITING), Use(on=TODAY), UNKNOWN_TERMS, NOW)


@pytest.mark.parametrize(
    ("rule", "leads"),
    [
        pytest.param(Rule(every=Period(days=90)), True, id="a period"),
        pytest.param(Rule(tiers=TestAmounts.TIERS), True, id="a period by amount"),
        pytest.param(Rule(), False, id="no period"),
        pytest.param(
            Rule(every=Period(days=90), resets=frozenset({Activity.CALL})),
            False,
            id="a period that it does not reset",
        ),
    ],
)
def test_a_top_up_leads_to_a_date_where_the_terms_say_so(
    rule: Rule, *, leads: bool
) -> None:
    assert resets_any(under(rule), Activity.TOP_UP) is leads


def test_an_older_activity_is_ignored_with_the_reason() -> None:
    known = rolling_deadline(TODAY, Period(days=180), BEFORE)

    outcome = touch(a_line(known), Use(on=TODAY), UNKNOWN_TERMS, NOW)

    assert outcome.ignored == ((DeadlineKind.KEEP_ALIVE, Ignored.OLDER),)
