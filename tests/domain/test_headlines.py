"""Which of its ends is the first that the owner of a line wants to know."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from reminderd.domain.effects import in_effect
from reminderd.domain.headlines import ends_of, headline_of
from reminderd.domain.ladders import Policy
from reminderd.domain.lines import Allowance, Deadline, DeadlineKind
from reminderd.domain.periods import Period
from reminderd.domain.terms import Loss, Promotion, Rule, Stage, Terms
from tests.builders import NOW, a_deadline, a_line, a_policy, an_allowance

_GB = 10**9
PLAN = a_deadline(date(2026, 12, 4))
TERMS = Terms(
    rules={
        DeadlineKind.VALIDITY: Rule(
            stages=(Stage(Period(days=30), (Loss.NUMBER,)),), loses=(Loss.PLAN,)
        )
    }
)


def headline(
    *readings: Allowance | Deadline, now: datetime = NOW, policy: Policy | None = None
) -> str | None:
    """Return the item of the headline of a line with *readings* at *now*."""
    policy = policy or replace(a_policy(), terms=TERMS)
    line = in_effect(a_line(*readings), policy, now)
    found = headline_of(line, now)
    return None if found is None else found.item


def used(per_day: int) -> Allowance:
    return replace(an_allowance(3 * _GB), per_day=per_day)


def test_a_line_without_any_date_has_none() -> None:
    assert headline(an_allowance()) is None


def test_the_earliest_end_is_the_headline() -> None:
    credit = a_deadline(date(2026, 11, 30), kind=DeadlineKind.CREDIT)
    start_by = a_deadline(date(2026, 11, 29), kind=DeadlineKind.START_BY)

    assert headline(PLAN, credit) == "credit"
    assert headline(PLAN, credit, start_by) == "start_by"


def test_data_that_runs_out_before_the_plan_ends_comes_first() -> None:
    assert headline(PLAN, used(_GB)) == "runs_out/data"
    assert headline(PLAN, used(_GB // 10)) == "validity"


def test_an_allowance_that_ends_before_the_plan_comes_first() -> None:
    bucket = replace(an_allowance(), bucket="april", expires=date(2026, 11, 25))

    assert headline(PLAN, bucket) == "expiry/data/april"


def test_what_follows_a_date_is_an_end_once_that_has_passed() -> None:
    after = datetime(2026, 12, 6, 12, tzinfo=UTC)

    assert headline(PLAN, now=after) == "number/validity+30d"
    assert headline(PLAN, now=after + timedelta(days=60)) == "number/validity+30d"


def test_the_last_end_that_has_passed_is_the_headline_where_none_is_ahead() -> None:
    policy = a_policy()
    credit = a_deadline(date(2026, 11, 30), kind=DeadlineKind.CREDIT)
    later = datetime(2027, 2, 1, tzinfo=UTC)

    assert headline(PLAN, credit, now=later, policy=policy) == "validity"


def test_an_ended_plan_leaves_no_end_of_its_data() -> None:
    bucket = replace(an_allowance(), expires=date(2026, 12, 2))
    line = in_effect(a_line(PLAN, bucket), a_policy(), NOW)
    later = datetime(2026, 12, 6, tzinfo=UTC)

    assert [known.item for known in ends_of(line, NOW)] == ["expiry/data", "validity"]
    assert [known.item for known in ends_of(line, later)] == ["validity"]


def test_credit_that_stands_still_has_an_end_all_the_same() -> None:
    rules = {DeadlineKind.CREDIT: Rule(stands_still=True)}
    policy = replace(a_policy(), terms=Terms(rules=rules))
    credit = a_deadline(date(2026, 12, 10), kind=DeadlineKind.CREDIT)
    line = in_effect(a_line(PLAN, credit), policy, NOW)

    assert [known.item for known in ends_of(line, NOW)] == ["validity", "credit"]


def test_an_offer_ends_nothing() -> None:
    offer = Promotion(
        title="Double data",
        begins_on=date(2026, 11, 1),
        ends_on=date(2026, 11, 30),
        url="https://www.giffgaff.com/",
    )
    terms = Terms(promotions=(offer,))
    policy = replace(a_policy(), terms=terms, within=Period(days=30))

    assert headline(PLAN, policy=policy) == "validity"
