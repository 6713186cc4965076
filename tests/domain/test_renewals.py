from datetime import UTC, date, datetime, timedelta

import pytest

from reminderd.domain.lines import Allowance, Deadline, Line, Reading, rolling_deadline
from reminderd.domain.plans import Plan
from reminderd.domain.quantities import AllowanceKind, Period
from reminderd.domain.renewals import Renewal, renew
from reminderd.domain.terms import UNKNOWN_TERMS, Terms
from tests.builders import (
    NOW,
    SHANGHAI,
    a_deadline,
    a_line,
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
