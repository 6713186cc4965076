from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from reminderd.domain.effects import in_effect
from reminderd.domain.ladders import Policy
from reminderd.domain.lines import (
    Allowance,
    Deadline,
    DeadlineKind,
    Line,
    rolling_deadline,
)
from reminderd.domain.periods import Period
from reminderd.domain.plan_ends import end_if_renewed
from reminderd.domain.plans import Leftover, Plan, Start
from reminderd.domain.quantities import AllowanceKind
from reminderd.domain.states import states_of
from reminderd.domain.terms import Back, Loss, Promotion, Rule, Stage, Terms
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
GB = 10**9
DAYS_30 = Period(days=30)


def under(terms: Terms) -> Policy:
    return replace(a_policy(), terms=terms, within=Period(days=14))


def ruled(kind: DeadlineKind, **rule: Any) -> Policy:
    return under(Terms(rules={kind: Rule(**rule)}))


def derived(line: Line, policy: Policy, now: datetime = NOW) -> dict[str, date]:
    """Return what follows from what is known of *line*: items and their last days."""
    return {
        known.item: known.due_on(line.zone)
        for known in in_effect(line, policy, now).deadlines
        if known.follows is not None
    }


class TestStages:
    """Lebara AU: 10 days of incoming calls, then staff may help, then it is gone."""

    END = date(2026, 12, 1)
    LEBARA = ruled(
        DeadlineKind.VALIDITY,
        loses=(Loss.PLAN, Loss.OUTGOING),
        stages=(
            Stage(Period(days=10), (Loss.INCOMING,), Back.ASK),
            Stage(Period(days=30), (Loss.NUMBER,), Back.NEVER),
        ),
    )

    def test_what_is_lost_later_is_counted_from_the_end(self) -> None:
        assert derived(a_line(a_deadline(self.END)), self.LEBARA) == {
            "grace/validity+10d": date(2026, 12, 11),
            "number/validity+30d": date(2026, 12, 31),
        }

    def test_a_stage_counts_only_once_the_end_has_passed(self) -> None:
        line = in_effect(a_line(a_deadline(self.END)), self.LEBARA, NOW)

        assert {
            known.counts_from for known in line.deadlines if known.follows is not None
        } == {datetime(2026, 12, 2, tzinfo=UTC)}

    def test_a_date_that_is_known_for_the_number_wins(self) -> None:
        own = a_deadline(date(2027, 6, 1), kind=DeadlineKind.NUMBER)
        line = a_line(a_deadline(self.END), own)

        assert derived(line, self.LEBARA) == {"grace/validity+10d": date(2026, 12, 11)}
        assert in_effect(line, self.LEBARA, NOW).deadline(DeadlineKind.NUMBER) == own

    def test_a_stage_beyond_the_calendar_is_none(self) -> None:
        policy = ruled(
            DeadlineKind.VALIDITY,
            stages=(Stage(Period(months=1200), (Loss.NUMBER,)),),
        )

        assert derived(a_line(a_deadline(date(2150, 1, 1))), policy) == {}
        assert derived(a_line(a_deadline(date(2099, 1, 1))), policy) != {}

    def test_without_the_end_there_are_no_stages(self) -> None:
        assert derived(a_line(), self.LEBARA) == {}


class TestStandingStill:
    TELLO = ruled(DeadlineKind.CREDIT, stands_still=True)
    CREDIT = rolling_deadline(
        TODAY - timedelta(days=10), Period(days=90), NOW, DeadlineKind.CREDIT
    )

    def credit(self, line: Line, policy: Policy) -> Deadline:
        known = in_effect(line, policy, NOW).deadline(DeadlineKind.CREDIT)
        assert known is not None
        return known

    @pytest.mark.parametrize(
        ("begun", "days", "moved"),
        [
            pytest.param(0, 30, 30, id="bought today"),
            pytest.param(-20, 10, 20, id="credit bought while the plan ran"),
            pytest.param(-30, -15, 0, id="ended before the credit was bought"),
            pytest.param(0, 0, 0, id="of no length"),
        ],
    )
    def test_a_plan_moves_it_by_the_days_that_they_have_in_common(
        self, begun: int, days: int, moved: int
    ) -> None:
        plan = a_deadline(
            TODAY + timedelta(days=days),
            last_activity_on=TODAY + timedelta(days=begun),
        )

        credit = self.credit(a_line(plan, self.CREDIT), self.TELLO)

        assert credit.due_on(LONDON) == TODAY + timedelta(days=80 + moved)

    def test_it_counts_again_from_the_end_of_the_plan(self) -> None:
        line = a_line(a_deadline(TODAY + timedelta(days=30)), self.CREDIT)

        assert self.credit(line, self.TELLO).counts_from == line.plan_ends_at

    def test_a_plan_of_which_no_purchase_is_known_counts_from_when_it_was_heard_of(
        self,
    ) -> None:
        line = a_line(a_deadline(TODAY + timedelta(days=30)), self.CREDIT)

        due = self.credit(line, self.TELLO).due_on(LONDON)

        assert due == TODAY + timedelta(days=110)

    def test_credit_that_was_over_before_stays_over(self) -> None:
        over = a_deadline(TODAY - timedelta(days=1), kind=DeadlineKind.CREDIT)
        line = a_line(a_deadline(last_activity_on=TODAY), over)

        assert self.credit(line, self.TELLO) == over

    @pytest.mark.parametrize(
        ("line", "policy"),
        [
            pytest.param(a_line(CREDIT), TELLO, id="no plan"),
            pytest.param(a_line(a_deadline(), CREDIT), a_policy(), id="no such rule"),
        ],
    )
    def test_otherwise_it_stays_as_it_is(self, line: Line, policy: Policy) -> None:
        assert self.credit(line, policy) == self.CREDIT

    def test_its_stages_move_with_it(self) -> None:
        stage = Stage(Period(days=30), (Loss.NUMBER,))
        policy = ruled(DeadlineKind.CREDIT, stands_still=True, stages=(stage,))
        line = a_line(
            a_deadline(TODAY + timedelta(days=30), last_activity_on=TODAY), self.CREDIT
        )

        assert derived(line, policy) == {
            "number/credit+30d": TODAY + timedelta(days=80 + 30 + 30)
        }


class TestDailyAllowances:
    """CUniq counts anew at midnight in Hong Kong, wherever the traveller is."""

    DAILY = replace(
        an_allowance(0, 3 * GB, observed_at=datetime(2026, 11, 22, 15, tzinfo=UTC)),
        daily=True,
    )

    @pytest.mark.parametrize(
        ("now", "left"),
        [
            pytest.param(datetime(2026, 11, 22, 15, 59, tzinfo=UTC), 0, id="before"),
            pytest.param(datetime(2026, 11, 22, 16, tzinfo=UTC), 3 * GB, id="midnight"),
            pytest.param(datetime(2026, 11, 25, 1, tzinfo=UTC), 3 * GB, id="days on"),
        ],
    )
    def test_it_is_full_at_midnight_where_the_carrier_is(
        self, now: datetime, left: int
    ) -> None:
        line = in_effect(a_line(self.DAILY, zone=SHANGHAI), a_policy(), now)

        assert [known.remaining for known in line.allowances] == [left]

    def test_how_fast_it_is_used_does_not_matter(self) -> None:
        daily = replace(self.DAILY, remaining=GB, per_day=GB)

        assert derived(a_line(daily), a_policy()) == {}


class TestRefills:
    WAITING = replace(an_allowance(GB, 5 * GB), refills_on=date(2026, 12, 5))
    THEN = datetime(2026, 12, 5, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("refill_to", "full"),
        [
            pytest.param(None, 5 * GB, id="as much as before"),
            pytest.param(8 * GB, 8 * GB, id="more than before"),
            pytest.param(0, 0, id="nothing"),
        ],
    )
    def test_a_queued_plan_fills_it_up_as_it_begins(
        self, refill_to: int | None, full: int
    ) -> None:
        known = replace(self.WAITING, refill_to=refill_to, per_day=GB)

        before = in_effect(a_line(known), a_policy(), self.THEN - timedelta(seconds=1))
        (after,) = in_effect(a_line(known), a_policy(), self.THEN).allowances

        assert before.allowances == (known,)
        assert after == replace(an_allowance(full, full), is_assumed=True)
        assert after.per_day is None


class TestExpiry:
    @staticmethod
    def a_bucket(
        expires: date | datetime, remaining: int | None = GB, **more: Any
    ) -> Allowance:
        return replace(
            an_allowance(remaining, 5 * GB), bucket="night", expires=expires, **more
        )

    @pytest.mark.parametrize(
        ("bucket", "expected"),
        [
            pytest.param(a_bucket(date(2026, 12, 3)), True, id="the day before"),
            pytest.param(a_bucket(date(2026, 12, 4)), False, id="with the plan"),
            pytest.param(
                a_bucket(datetime(2026, 12, 4, 23, 59, tzinfo=UTC)),
                True,
                id="a minute before the plan",
            ),
            pytest.param(a_bucket(date(2026, 12, 3), 0), False, id="used up"),
            pytest.param(a_bucket(date(2026, 12, 3), None), True, id="unknown"),
        ],
    )
    def test_what_ends_before_the_plan_and_is_not_used_up_is_worth_a_word(
        self, bucket: Allowance, *, expected: bool
    ) -> None:
        line = a_line(a_deadline(date(2026, 12, 4)), bucket)

        assert ("expiry/data/night" in derived(line, a_policy())) is expected

    def test_without_an_end_of_the_plan_every_end_is(self) -> None:
        line = a_line(self.a_bucket(date(2026, 12, 3)))

        assert derived(line, a_policy()) == {"expiry/data/night": date(2026, 12, 3)}

    def test_what_has_ended_is_worth_no_word(self) -> None:
        ended = self.a_bucket(date(2026, 11, 21), remaining=0)
        line = in_effect(a_line(ended, an_allowance()), a_policy(), NOW)

        states = states_of(line, a_policy(stale=None), NOW)

        assert [state.item for state in states] == ["data"]


class TestRunningOut:
    @pytest.mark.parametrize(
        ("known", "on"),
        [
            pytest.param({"per_day": GB}, date(2026, 11, 24), id="two days' worth"),
            pytest.param({"per_day": None}, None, id="too few readings"),
            pytest.param({"per_day": 0}, None, id="not used"),
            pytest.param({"per_day": GB, "unlimited": True}, None, id="unlimited"),
            pytest.param({"per_day": GB, "remaining": None}, None, id="unknown"),
            pytest.param(
                {"per_day": GB, "refills_on": date(2026, 11, 24)},
                None,
                id="full again on the morning before",
            ),
            pytest.param(
                {"per_day": GB, "refills_on": date(2026, 11, 25)},
                date(2026, 11, 24),
                id="full again on the morning after",
            ),
            pytest.param(
                {"per_day": GB, "expires": date(2026, 11, 23)},
                None,
                id="gone on the evening before",
            ),
            pytest.param(
                {"per_day": GB, "expires": date(2026, 11, 24)},
                date(2026, 11, 24),
                id="gone on the evening after",
            ),
        ],
    )
    def test_the_day_follows_from_the_use_unless_something_comes_before(
        self, known: dict[str, Any], on: date | None
    ) -> None:
        line = a_line(replace(an_allowance(2 * GB, 5 * GB), **known))

        assert derived(line, a_policy()).get("runs_out/data") == on


class TestAutoRenewal:
    @pytest.mark.parametrize(
        ("own", "carriers", "renews"),
        [
            (None, None, False),
            (True, None, True),
            (None, True, True),
            (False, True, False),
        ],
    )
    def test_a_plan_renews_itself_where_the_line_or_else_its_carrier_says_so(
        self, own: bool | None, carriers: bool | None, *, renews: bool
    ) -> None:
        line = replace(a_line(a_deadline()), plan=Plan(auto_renews=own))
        policy = under(Terms(plan=Plan(auto_renews=carriers)))

        end = in_effect(line, policy, NOW).deadline(DeadlineKind.VALIDITY)

        assert end is not None
        assert end.renews_itself is renews


class TestOffers:
    OFFER = Promotion(
        title="Autumn",
        begins_on=date(2026, 11, 20),
        ends_on=date(2026, 11, 30),
        url="https://www.giffgaff.com/",
    )
    END = a_deadline(date(2026, 12, 4))
    ADD = Plan(period=DAYS_30, start=Start.OLD_END, leftover=Leftover.ADD)

    def offers(self, line: Line, plan: Plan, **known: Any) -> list[Deadline]:
        now = known.pop("now", NOW)
        terms = Terms(plan=plan, promotions=(replace(self.OFFER, **known),))
        known_line = in_effect(line, under(terms), now)
        return [
            each for each in known_line.deadlines if each.kind is DeadlineKind.PROMOTION
        ]

    @pytest.mark.parametrize(
        ("plan", "left", "offered"),
        [
            pytest.param(ADD, GB, True, id="days and data are added"),
            pytest.param(
                replace(ADD, leftover=Leftover.KEEP), GB, True, id="data stays apart"
            ),
            pytest.param(
                replace(ADD, leftover=Leftover.CAP, cap=GB), GB, True, id="within a cap"
            ),
            pytest.param(
                replace(ADD, leftover=Leftover.CAP, cap=GB - 1),
                GB,
                False,
                id="more than a cap",
            ),
            pytest.param(replace(ADD, leftover=None), GB, False, id="data is lost"),
            pytest.param(replace(ADD, leftover=None), 0, True, id="no data is lost"),
            pytest.param(replace(ADD, leftover=None), -1, True, id="less than none"),
            pytest.param(replace(ADD, leftover=None), None, False, id="who knows"),
            pytest.param(
                replace(ADD, start=Start.QUEUE, leftover=None), GB, True, id="it waits"
            ),
            pytest.param(replace(ADD, start=Start.TODAY), 0, False, id="days are lost"),
            pytest.param(replace(ADD, start=Start.LATER), 0, False, id="days overlap"),
            pytest.param(replace(ADD, start=None), 0, False, id="nobody says"),
            pytest.param(replace(ADD, period=None), 0, False, id="for how long?"),
            pytest.param(replace(ADD, auto_renews=True), 0, False, id="by itself"),
        ],
    )
    def test_only_a_line_that_loses_nothing_is_told_of_an_offer(
        self, plan: Plan, left: int | None, *, offered: bool
    ) -> None:
        line = a_line(self.END, an_allowance(left, 5 * GB))

        assert bool(self.offers(line, plan)) is offered

    @pytest.mark.parametrize(
        "allowance",
        [
            pytest.param(replace(an_allowance(), unlimited=True), id="unlimited"),
            pytest.param(replace(an_allowance(), daily=True), id="daily"),
            pytest.param(
                replace(an_allowance(), bucket="night", expires=date(2027, 5, 1)),
                id="with an end of its own",
            ),
            pytest.param(an_allowance(kind=AllowanceKind.BALANCE), id="balance"),
        ],
    )
    def test_what_a_renewal_does_not_touch_is_not_lost(
        self, allowance: Allowance
    ) -> None:
        plan = replace(self.ADD, leftover=Leftover.DROP)

        assert self.offers(a_line(self.END, allowance), plan)

    @pytest.mark.parametrize(
        ("now", "offered"),
        [
            pytest.param(datetime(2026, 11, 30, 23, 59, tzinfo=UTC), True, id="last"),
            pytest.param(datetime(2026, 12, 1, tzinfo=UTC), False, id="over"),
        ],
    )
    def test_an_offer_lasts_until_the_end_of_its_last_day(
        self, now: datetime, *, offered: bool
    ) -> None:
        assert bool(self.offers(a_line(self.END), self.ADD, now=now)) is offered

    @pytest.mark.parametrize(
        ("begins_on", "counts_from"),
        [
            pytest.param(date(2026, 11, 10), [date(2026, 11, 20)], id="near the end"),
            pytest.param(date(2026, 11, 25), [date(2026, 11, 25)], id="as it begins"),
            pytest.param(date(2026, 12, 5), [], id="after the end of the plan"),
        ],
    )
    def test_it_is_told_when_it_has_begun_and_the_end_is_near(
        self, begins_on: date, counts_from: list[date]
    ) -> None:
        known = {"begins_on": begins_on, "ends_on": date(2026, 12, 31)}

        found = self.offers(a_line(self.END), self.ADD, **known)

        nine = [datetime.combine(day, time(9), tzinfo=UTC) for day in counts_from]
        assert [each.counts_from for each in found] == nine

    @pytest.mark.parametrize(
        "line",
        [
            pytest.param(a_line(), id="no plan"),
            pytest.param(a_line(a_deadline(date(2026, 11, 21))), id="ended"),
        ],
    )
    def test_without_a_running_plan_there_is_nothing_to_renew_early(
        self, line: Line
    ) -> None:
        assert self.offers(line, self.ADD, begins_on=date(2026, 11, 1)) == []
        assert end_if_renewed(line, Terms(plan=self.ADD), NOW) is None

    def test_who_wants_none_is_told_of_none(self) -> None:
        terms = Terms(plan=self.ADD, promotions=(self.OFFER,))
        policy = replace(under(terms), within=None)

        assert derived(a_line(self.END), policy) == {}

    def test_it_is_known_when_the_plan_would_end(self) -> None:
        line = with_readings(a_line(self.END), an_allowance(0, 5 * GB))

        assert end_if_renewed(line, Terms(plan=self.ADD), NOW) == date(2027, 1, 3)
