"""What a review says of ends that follow from terms, use and time."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from reminderd.domain.guides import UNGUIDED
from reminderd.domain.ladders import Limit, Policy, Severity
from reminderd.domain.lines import Allowance, Deadline, DeadlineKind, Line
from reminderd.domain.periods import Period
from reminderd.domain.plans import Leftover, Plan, Start
from reminderd.domain.reminders import Finding
from reminderd.domain.terms import Promotion, Terms
from tests.builders import NOW, a_deadline, a_line, a_policy, an_allowance
from tests.domain.kept import KeptLine

DAY = timedelta(days=1)
GB = 10**9
SOON = {"runs_out": "7d 3d", "expiry": "7d", "validity": "7d 1d", "grace": "7d"}


def policy(terms: Terms | None = None, **ladders: str) -> Policy:
    known = {
        item: tuple(Limit(limit.at) for limit in limits)
        for item, limits in a_policy(ladders={"data": "20%"}).ladders.items()
    }
    days = {
        item: tuple(Limit(Period(days=int(text[:-1]))) for text in texts.split())
        for item, texts in (SOON | ladders).items()
    }
    return replace(
        a_policy(stale=None),
        ladders=known | days,
        terms=terms or Terms(),
        within=Period(days=14),
    )


def findings(
    line: Line, known: Policy | None = None, now: datetime = NOW
) -> dict[str, Finding]:
    outcome = KeptLine(line, known or policy()).review(now)
    return {found.item: found for found in outcome.findings}


def used_at(per_day: int, remaining: int = 5 * GB, **known: Any) -> Allowance:
    return replace(
        an_allowance(remaining, 10 * GB), per_day=per_day, filled_at=NOW, **known
    )


class TestRunningOut:
    def test_it_is_said_how_fast_and_of_how_much(self) -> None:
        found = findings(a_line(used_at(GB)))["runs_out/data"]

        assert (found.per_day, found.remaining, found.total) == (GB, 5 * GB, 10 * GB)
        assert found.severity is Severity.WARNING

    @pytest.mark.parametrize(("days", "said"), [(4, False), (5, False), (6, True)])
    def test_only_before_the_end_of_the_plan(self, *, days: int, said: bool) -> None:
        line = a_line(a_deadline(NOW.date() + timedelta(days=days)), used_at(GB))

        assert ("runs_out/data" in findings(line)) is said

    def test_once_a_cycle_until_it_is_nearer(self) -> None:
        kept = KeptLine(a_line(used_at(GB)), policy())
        assert kept.review(NOW).reminder is not None

        kept.line = a_line(used_at(GB, observed_at=NOW + DAY))
        assert kept.review(NOW + DAY).reminder is None
        kept.line = a_line(used_at(GB // 100, observed_at=NOW + DAY))
        assert kept.review(NOW + DAY).reminder is None
        kept.line = a_line(used_at(GB, 2 * GB, observed_at=NOW + 3 * DAY))
        assert kept.review(NOW + 3 * DAY).reminder is not None

    def test_a_refill_begins_another_cycle(self) -> None:
        kept = KeptLine(a_line(used_at(GB)), policy())
        kept.review(NOW)

        later = NOW + DAY
        full = replace(used_at(2 * GB, 10 * GB, observed_at=later), filled_at=later)
        kept.line = a_line(full)
        assert kept.review(later).reminder is not None
        kept.line = a_line(replace(full, per_day=0))
        assert kept.review(later + DAY).reminder is None

    def test_without_a_known_refill_the_cycle_is_as_old_as_the_line(self) -> None:
        line = a_line(replace(used_at(GB), filled_at=None))

        assert findings(line)["runs_out/data"].cycle == NOW.isoformat()

    def test_the_day_itself_is_no_end_to_act_on(self) -> None:
        line = a_line(used_at(GB, GB // 2, observed_at=NOW - 2 * DAY))

        assert "runs_out/data" not in findings(line)


class TestExpiry:
    BUCKET = replace(
        an_allowance(GB, 2 * GB), bucket="night", expires=date(2026, 11, 24)
    )

    def test_the_end_of_a_bucket_is_worth_a_warning_at_most(self) -> None:
        found = findings(a_line(self.BUCKET))["expiry/data/night"]

        assert found.severity is Severity.WARNING
        assert found.remaining == GB

    def test_of_a_plan_that_has_ended_nothing_is_left_to_end(self) -> None:
        line = a_line(a_deadline(date(2026, 11, 20)), used_at(GB), self.BUCKET)

        assert set(findings(line)) == {"validity"}


class TestDailyAllowances:
    @pytest.mark.parametrize(
        ("limits", "remaining", "severity"),
        [
            pytest.param("", 0, None, id="nobody asked"),
            pytest.param("20%", 0, Severity.WARNING, id="nothing left today"),
            pytest.param("20%", GB, Severity.CRITICAL, id="below the limit"),
            pytest.param("20%", 5 * GB, None, id="above the limit"),
        ],
    )
    def test_it_is_worth_a_word_only_where_somebody_asked(
        self, limits: str, remaining: int, severity: Severity | None
    ) -> None:
        daily = replace(an_allowance(remaining, 10 * GB), daily=True)
        share = a_policy(ladders={"data": limits}).ladders["data"]
        known = replace(policy(), ladders={"daily_data": share})

        found = findings(a_line(daily), known).get("data")

        assert (found and found.severity) == severity

    def test_each_day_is_a_cycle_of_its_own(self) -> None:
        share = a_policy(ladders={"data": "20% 50%"}).ladders["data"]
        known = replace(policy(), ladders={"daily_data": share})

        def daily(remaining: int, at: datetime) -> Line:
            return a_line(
                replace(an_allowance(remaining, 10 * GB, observed_at=at), daily=True)
            )

        kept = KeptLine(daily(4 * GB, NOW), known)
        said = [kept.review(NOW).reminder is not None]
        for remaining, gap in ((4, 1), (1, 2), (3, 3), (0, 4), (4, 24), (9, 48)):
            now = NOW + timedelta(hours=gap)
            kept.line = daily(remaining * GB, now)
            said.append(kept.review(now).reminder is not None)

        assert said == [True, False, True, False, True, True, False]

    def test_what_is_slow_afterwards_is_no_emergency(self) -> None:
        throttled = replace(an_allowance(0, 10 * GB), throttled=True)

        assert findings(a_line(throttled))["data"].severity is Severity.WARNING
        assert findings(a_line(an_allowance(0)))["data"].severity is Severity.CRITICAL


class TestAutoRenewal:
    TERMS = Terms(plan=Plan(auto_renews=True))

    @pytest.mark.parametrize(
        ("now", "severity"),
        [
            pytest.param(datetime(2026, 12, 4, 12, tzinfo=UTC), Severity.INFO, id="on"),
            pytest.param(
                datetime(2026, 12, 5, 12, tzinfo=UTC), Severity.WARNING, id="did it?"
            ),
        ],
    )
    def test_it_is_no_emergency(self, now: datetime, severity: Severity) -> None:
        line = a_line(a_deadline(date(2026, 12, 4)))

        found = findings(line, policy(self.TERMS), now)["validity"]

        assert (found.severity, found.renews_itself) == (severity, True)


class TestOffers:
    def test_it_is_said_once_and_what_a_renewal_now_would_do(self) -> None:
        offer = Promotion(
            title="Autumn",
            begins_on=date(2026, 11, 20),
            ends_on=date(2026, 11, 30),
            url="https://www.giffgaff.com/",
        )
        plan = Plan(period=Period(days=30), start=Start.OLD_END, leftover=Leftover.ADD)
        kept = KeptLine(
            a_line(a_deadline(date(2026, 12, 4))),
            policy(Terms(plan=plan, promotions=(offer,))),
        )

        first, second = kept.review(NOW), kept.review(NOW + timedelta(hours=1))

        (found,) = first.findings
        assert found.severity is Severity.INFO
        assert found.renewed_until == date(2027, 1, 3)
        assert (first.reminder is not None, second.reminder) == (True, None)


def test_what_follows_from_something_is_no_deadline_of_its_own() -> None:
    with pytest.raises(ValueError, match="grace is no deadline of its own"):
        Deadline(kind=DeadlineKind.GRACE, due=date(2026, 12, 4), observed_at=NOW)


def test_no_way_to_renew_is_guessed_where_none_is_known() -> None:
    assert (UNGUIDED.app, UNGUIDED.shop) == (None, None)
    assert not (*UNGUIDED.bring, *UNGUIDED.ask, *UNGUIDED.keep)
