from datetime import UTC, date, datetime, timedelta

import pytest

from reminderd.domain.lines import (
    Allowance,
    Deadline,
    DeadlineKind,
    Line,
    rolling_deadline,
)
from reminderd.domain.periods import Period
from reminderd.domain.quantities import AllowanceKind
from tests.builders import (
    LONDON,
    NOW,
    SHANGHAI,
    a_deadline,
    a_line,
    an_allowance,
)

NAIVE = NOW.replace(tzinfo=None)


class TestAllowance:
    @pytest.mark.parametrize(
        ("bucket", "item"), [("general", "data"), ("roaming", "data/roaming")]
    )
    def test_its_item_names_the_bucket_unless_it_is_the_general_one(
        self, bucket: str, item: str
    ) -> None:
        allowance = Allowance(kind=AllowanceKind.DATA, bucket=bucket, observed_at=NOW)

        assert allowance.item == item

    def test_a_naive_instant_is_refused(self) -> None:
        with pytest.raises(ValueError, match="observed_at must be an aware instant"):
            an_allowance(observed_at=NAIVE)

    def test_a_negative_total_is_refused(self) -> None:
        with pytest.raises(ValueError, match="total of data cannot be negative"):
            an_allowance(total=-1)

    @pytest.mark.parametrize(
        ("remaining", "total"), [(-1, 10), (11, 10), (0, 0), (None, 0), (5, None)]
    )
    def test_overuse_roll_over_and_the_unknown_are_accepted(
        self, remaining: int | None, total: int | None
    ) -> None:
        allowance = an_allowance(remaining, total)

        assert (allowance.remaining, allowance.total) == (remaining, total)

    @pytest.mark.parametrize(
        ("kind", "currency"),
        [(AllowanceKind.BALANCE, None), (AllowanceKind.DATA, "GBP")],
    )
    def test_a_balance_and_only_a_balance_has_a_currency(
        self, kind: AllowanceKind, currency: str | None
    ) -> None:
        with pytest.raises(ValueError, match="only a balance, has a currency"):
            Allowance(kind=kind, currency=currency, observed_at=NOW)


class TestDeadline:
    def test_a_due_date_is_inclusive_in_the_carriers_zone(self) -> None:
        deadline = a_deadline(date(2026, 12, 12))

        assert deadline.due_at(LONDON) == datetime(2026, 12, 13, tzinfo=UTC)
        assert deadline.due_at(SHANGHAI) == datetime(2026, 12, 12, 16, tzinfo=UTC)
        assert deadline.due_on(SHANGHAI) == date(2026, 12, 12)

    def test_a_due_instant_is_exact(self) -> None:
        due = datetime(2026, 12, 12, 16, tzinfo=UTC)
        deadline = a_deadline(due)

        assert deadline.due_at(SHANGHAI) == due
        assert deadline.due_on(SHANGHAI) == date(2026, 12, 12)
        assert deadline.due_on(LONDON) == date(2026, 12, 12)

    def test_its_item_is_its_kind(self) -> None:
        assert a_deadline(kind=DeadlineKind.KEEP_ALIVE).item == "keep_alive"

    def test_a_naive_observation_is_refused(self) -> None:
        with pytest.raises(ValueError, match="observed_at must be"):
            a_deadline(observed_at=NAIVE)

    def test_a_naive_due_instant_is_refused(self) -> None:
        with pytest.raises(ValueError, match="due must be"):
            a_deadline(NAIVE)

    @pytest.mark.parametrize("due", [date(1999, 12, 31), date(2200, 1, 1), date.max])
    def test_a_date_that_stands_for_never_is_refused(self, due: date) -> None:
        with pytest.raises(ValueError, match="leave out what never ends"):
            a_deadline(due)

    @pytest.mark.parametrize("due", [date(2000, 1, 1), date(2199, 12, 31)])
    def test_two_centuries_of_dates_are_accepted(self, due: date) -> None:
        assert a_deadline(due).due_on(SHANGHAI) == due


class TestLine:
    def test_an_item_is_known_only_once(self) -> None:
        with pytest.raises(ValueError, match=r"uk-travel: .* given twice"):
            Line(
                name="uk-travel",
                zone=LONDON,
                added_at=NOW,
                allowances=(an_allowance(), an_allowance()),
            )

    def test_it_is_added_at_an_aware_instant(self) -> None:
        with pytest.raises(ValueError, match="added_at must be"):
            a_line(added_at=NAIVE)

    def test_a_deadline_is_found_by_its_kind(self) -> None:
        credit = a_deadline(kind=DeadlineKind.CREDIT)
        line = a_line(a_deadline(), credit)

        assert line.deadline(DeadlineKind.CREDIT) == credit
        assert line.deadline(DeadlineKind.NUMBER) is None

    def test_an_allowance_is_found_by_its_kind_and_bucket(self) -> None:
        roaming = Allowance(kind=AllowanceKind.DATA, bucket="roaming", observed_at=NOW)
        line = a_line(roaming, an_allowance(kind=AllowanceKind.SMS))

        assert line.allowance(AllowanceKind.DATA, "roaming") == roaming
        assert line.allowance(AllowanceKind.DATA) is None
        assert line.allowance(AllowanceKind.VOICE, "roaming") is None

    def test_it_was_observed_when_its_newest_reading_was(self) -> None:
        later = NOW + timedelta(days=1)
        line = a_line(an_allowance(observed_at=later), a_deadline())

        assert line.observed_at == later

    def test_without_readings_it_was_observed_when_it_was_added(self) -> None:
        assert a_line(added_at=NOW).observed_at == NOW

    def test_the_next_review_is_no_part_of_what_a_line_is(self) -> None:
        assert a_line(review_at=NOW) == a_line()


class TestRollingDeadline:
    @pytest.mark.parametrize(
        ("period", "due"),
        [(Period(days=180), date(2027, 2, 27)), (Period(months=6), date(2027, 2, 28))],
    )
    def test_it_lies_a_period_after_the_last_activity(
        self, period: Period, due: date
    ) -> None:
        active_on = date(2026, 8, 31)

        assert rolling_deadline(active_on, period, NOW) == Deadline(
            kind=DeadlineKind.KEEP_ALIVE,
            due=due,
            period=period,
            last_activity_on=active_on,
            observed_at=NOW,
        )

    def test_it_may_be_of_another_kind(self) -> None:
        number = rolling_deadline(
            date(2026, 8, 31), Period(days=1), NOW, DeadlineKind.NUMBER
        )

        assert number.kind is DeadlineKind.NUMBER

    def test_an_exact_period_is_refused(self) -> None:
        with pytest.raises(ValueError, match="in days, weeks, months or years"):
            rolling_deadline(date(2026, 8, 31), Period(seconds=3600), NOW)

    def test_a_naive_observation_is_refused_rather_than_guessed(self) -> None:
        with pytest.raises(ValueError, match="observed_at must be"):
            rolling_deadline(date(2026, 8, 31), Period(days=1), NAIVE)
