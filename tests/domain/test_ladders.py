from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from reminderd.domain.ladders import (
    EXHAUSTED,
    EXPIRED,
    Limit,
    Policy,
    Severity,
    Step,
    allowance_step,
    amount_of,
    deadline_step,
    instant_of,
    next_limit_at,
)
from reminderd.domain.lines import Allowance
from reminderd.domain.periods import Period
from reminderd.domain.quantities import AllowanceKind, Money, Share
from tests.builders import (
    LONDON,
    NOW,
    SHANGHAI,
    a_deadline,
    a_policy,
    an_allowance,
)

BERLIN = ZoneInfo("Europe/Berlin")
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
SANTIAGO = ZoneInfo("America/Santiago")
GB = 10**9
MB = 10**6
SECOND = timedelta(seconds=1)


def a_balance(remaining: int, currency: str = "GBP") -> Allowance:
    return Allowance(
        kind=AllowanceKind.BALANCE,
        remaining=remaining,
        currency=currency,
        observed_at=NOW,
    )


class TestLimits:
    @pytest.mark.parametrize(
        ("at", "text"),
        [
            (Share(Decimal(20)), "20%"),
            (500 * MB, "500000000"),
            (Money(500, "GBP"), "500 GBP"),
            (Period(days=7), "7d"),
        ],
    )
    def test_a_limit_is_remembered_by_its_canonical_text(
        self, at: Share | int | Money | Period, text: str
    ) -> None:
        assert Limit(at).text == text

    def test_severities_are_ordered_and_have_words(self) -> None:
        assert Severity.INFO < Severity.WARNING < Severity.CRITICAL
        assert Severity.CRITICAL.word == "critical"

    def test_buckets_share_the_ladder_of_their_kind(self) -> None:
        policy = a_policy(ladders={"data": "20%"})

        assert policy.limits("data/roaming") == policy.limits("data")
        assert policy.limits("data") == (Limit(Share(Decimal(20))),)
        assert policy.limits("voice") == ()

    def test_a_repeat_after_no_time_at_all_is_refused(self) -> None:
        with pytest.raises(ValueError, match="cannot be repeated at once"):
            Policy(zone=LONDON, repeat=(Period(days=1), Period()))


class TestAmounts:
    @pytest.mark.parametrize(
        ("limit", "amount"),
        [
            (EXHAUSTED, 0),
            ("20%", 2 * GB),
            ("500000000", 500 * MB),
            ("0", 0),
            ("7d", None),
            ("500 GBP", None),
        ],
    )
    def test_a_limit_is_an_amount_in_base_units(
        self, limit: str, amount: int | None
    ) -> None:
        assert amount_of(limit, an_allowance(total=10 * GB)) == amount

    def test_a_share_of_an_unknown_total_is_unknown(self) -> None:
        assert amount_of("20%", an_allowance(total=None)) is None

    def test_a_share_of_nothing_is_nothing(self) -> None:
        assert amount_of("20%", an_allowance(total=0)) == 0

    @pytest.mark.parametrize(("currency", "amount"), [("GBP", 500), ("EUR", None)])
    def test_money_counts_in_its_own_currency_only(
        self, currency: str, amount: int | None
    ) -> None:
        assert amount_of("500 GBP", a_balance(1, currency)) == amount


class TestAllowanceSteps:
    POLICY = a_policy(ladders={"data": "20% 500MB"})

    @pytest.mark.parametrize(
        ("remaining", "step"),
        [
            pytest.param(2 * GB + 1, None, id="just above the first"),
            pytest.param(2 * GB, None, id="exactly on the first"),
            pytest.param(2 * GB - 1, ("20%", Severity.WARNING), id="below the first"),
            pytest.param(500 * MB, ("20%", Severity.WARNING), id="exactly on the last"),
            pytest.param(
                500 * MB - 1, ("500000000", Severity.CRITICAL), id="below the last"
            ),
            pytest.param(1, ("500000000", Severity.CRITICAL), id="hardly anything"),
            pytest.param(0, (EXHAUSTED, Severity.CRITICAL), id="nothing"),
            pytest.param(-1, (EXHAUSTED, Severity.CRITICAL), id="overused"),
            pytest.param(None, None, id="unknown"),
        ],
    )
    def test_the_lowest_limit_it_is_below_counts(
        self, remaining: int | None, step: tuple[str, Severity] | None
    ) -> None:
        expected = None if step is None else Step(*step)

        assert allowance_step(an_allowance(remaining, 10 * GB), self.POLICY) == expected

    @pytest.mark.parametrize("remaining", [0, 1, None])
    def test_unlimited_is_never_at_a_limit(self, remaining: int | None) -> None:
        unlimited = an_allowance(remaining, 10 * GB, unlimited=True)

        assert allowance_step(unlimited, self.POLICY) is None

    def test_nothing_left_is_reached_without_any_limit(self) -> None:
        step = allowance_step(an_allowance(0), a_policy(ladders={}))

        assert step == Step(EXHAUSTED, Severity.CRITICAL)

    def test_a_share_is_ignored_where_the_total_is_unknown(self) -> None:
        assert allowance_step(an_allowance(600 * MB, None), self.POLICY) is None
        assert allowance_step(an_allowance(400 * MB, None), self.POLICY) == Step(
            "500000000", Severity.CRITICAL
        )

    def test_the_last_limit_is_the_last_that_means_anything_here(self) -> None:
        policy = a_policy(ladders={"data": "500MB 20%"})

        step = allowance_step(an_allowance(400 * MB, 1 * GB), policy)

        assert step == Step("500000000", Severity.WARNING)

    def test_a_last_limit_of_nothing_is_the_last_all_the_same(self) -> None:
        policy = a_policy(ladders={"data": "20% 0MB"})

        assert allowance_step(an_allowance(1), policy) == Step("20%", Severity.WARNING)

    @pytest.mark.parametrize("severity", list(Severity))
    def test_a_limit_may_name_its_own_severity(self, severity: Severity) -> None:
        policy = Policy(zone=LONDON, ladders={"data": (Limit(GB, severity),)})

        assert allowance_step(an_allowance(1), policy) == Step("1000000000", severity)

    def test_one_text_of_seven_left_is_below_a_fifth(self) -> None:
        sms = an_allowance(1, 7, kind=AllowanceKind.SMS)

        assert allowance_step(sms, a_policy()) == Step("20%", Severity.CRITICAL)


class TestDeadlineInstants:
    @pytest.mark.parametrize(
        ("limit", "instant"),
        [
            ("7d", datetime(2026, 11, 27, 9, tzinfo=UTC)),
            ("1mo", datetime(2026, 11, 4, 9, tzinfo=UTC)),
            ("0d", datetime(2026, 12, 4, 9, tzinfo=UTC)),
            ("36h", datetime(2026, 12, 3, 12, tzinfo=UTC)),
            (EXPIRED, datetime(2026, 12, 5, tzinfo=UTC)),
        ],
    )
    def test_days_are_reached_at_the_readers_hour_and_hours_exactly(
        self, limit: str, instant: datetime
    ) -> None:
        deadline = a_deadline(date(2026, 12, 4))

        assert instant_of(limit, deadline, LONDON, a_policy()) == instant

    def test_the_date_is_the_carriers_and_the_hour_the_readers(self) -> None:
        deadline = a_deadline(date(2026, 12, 4))

        at = instant_of("1d", deadline, LONDON, a_policy(zone=SHANGHAI))

        assert at == datetime(2026, 12, 3, 1, tzinfo=UTC)

    def test_a_limit_is_never_reached_after_the_due_instant(self) -> None:
        deadline = a_deadline(date(2026, 12, 4))

        at = instant_of("0d", deadline, SHANGHAI, a_policy(zone=LOS_ANGELES))

        assert at == deadline.due_at(SHANGHAI)

    @pytest.mark.parametrize(
        ("zone", "due", "hour", "instant"),
        [
            pytest.param(
                BERLIN,
                date(2026, 4, 5),
                time(9),
                datetime(2026, 3, 29, 7, tzinfo=UTC),
                id="Berlin, the day summer time begins",
            ),
            pytest.param(
                BERLIN,
                date(2026, 11, 1),
                time(9),
                datetime(2026, 10, 25, 8, tzinfo=UTC),
                id="Berlin, the day it ends",
            ),
            pytest.param(
                BERLIN,
                date(2026, 11, 1),
                time(2, 30),
                datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
                id="Berlin, an hour that comes twice",
            ),
            pytest.param(
                SANTIAGO,
                date(2026, 9, 13),
                time(0),
                datetime(2026, 9, 6, 4, tzinfo=UTC),
                id="Santiago, a midnight that is skipped",
            ),
            pytest.param(
                SANTIAGO,
                date(2026, 4, 11),
                time(23, 30),
                datetime(2026, 4, 5, 2, 30, tzinfo=UTC),
                id="Santiago, an hour before midnight that comes twice",
            ),
        ],
    )
    def test_a_week_before_is_right_on_the_days_when_clocks_change(
        self, zone: ZoneInfo, due: date, hour: time, instant: datetime
    ) -> None:
        policy = replace(a_policy(zone=zone), at=hour)

        assert instant_of("7d", a_deadline(due), zone, policy) == instant

    @pytest.mark.parametrize("due", [date(2000, 1, 1), date(2199, 12, 31)])
    @pytest.mark.parametrize("limit", ["1200mo", "36500d", "876000h"])
    def test_the_longest_limit_of_any_date_is_an_instant(
        self, due: date, limit: str
    ) -> None:
        instant = instant_of(limit, a_deadline(due), LONDON, a_policy())

        assert due.year - 100 <= instant.year <= due.year - 99


class TestDeadlineSteps:
    DEADLINE = a_deadline(date(2026, 12, 4))
    POLICY = a_policy(ladders={"validity": "7d 36h"})
    WEEK_BEFORE = datetime(2026, 11, 27, 9, tzinfo=UTC)
    LAST = datetime(2026, 12, 3, 12, tzinfo=UTC)
    DUE = datetime(2026, 12, 5, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("now", "step"),
        [
            pytest.param(WEEK_BEFORE - SECOND, None, id="just before the first"),
            pytest.param(
                WEEK_BEFORE, Step("7d", Severity.WARNING, WEEK_BEFORE), id="the first"
            ),
            pytest.param(
                LAST - SECOND,
                Step("7d", Severity.WARNING, WEEK_BEFORE),
                id="just before the last",
            ),
            pytest.param(LAST, Step("36h", Severity.CRITICAL, LAST), id="the last"),
            pytest.param(
                DUE - SECOND, Step("36h", Severity.CRITICAL, LAST), id="just before due"
            ),
            pytest.param(DUE, Step(EXPIRED, Severity.CRITICAL, DUE), id="due"),
        ],
    )
    def test_the_latest_limit_reached_counts(
        self, now: datetime, step: Step | None
    ) -> None:
        assert deadline_step(self.DEADLINE, LONDON, self.POLICY, now) == step

    def test_expiry_is_reached_without_any_limit(self) -> None:
        policy = a_policy(ladders={})

        assert deadline_step(self.DEADLINE, LONDON, policy, self.DUE) == Step(
            EXPIRED, Severity.CRITICAL, self.DUE
        )
        assert deadline_step(self.DEADLINE, LONDON, policy, self.LAST) is None

    def test_a_limit_may_name_its_own_severity(self) -> None:
        limits = (Limit(Period(days=7), Severity.INFO),)
        policy = Policy(zone=LONDON, ladders={"validity": limits})

        step = deadline_step(self.DEADLINE, LONDON, policy, self.LAST)

        assert step == Step("7d", Severity.INFO, self.WEEK_BEFORE)

    @pytest.mark.parametrize(
        ("beyond", "next_at"),
        [
            (WEEK_BEFORE - SECOND, WEEK_BEFORE),
            (WEEK_BEFORE, LAST),
            (LAST, DUE),
            (DUE, None),
        ],
    )
    def test_the_next_limit_lies_strictly_beyond(
        self, beyond: datetime, next_at: datetime | None
    ) -> None:
        assert next_limit_at(self.DEADLINE, LONDON, self.POLICY, beyond) == next_at
