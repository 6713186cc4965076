"""What a review makes of what follows from a carrier's terms."""

from dataclasses import replace
from datetime import date, timedelta

from reminderd.domain.ladders import EXPIRED
from reminderd.domain.lines import DeadlineKind
from reminderd.domain.periods import Period, parse_period
from reminderd.domain.plans import Leftover, Plan, Start
from reminderd.domain.review import Quiet
from reminderd.domain.terms import Loss, Promotion, Rule, Stage, Terms
from tests.builders import NOW, a_deadline, a_line, a_policy, an_allowance
from tests.domain.kept import KeptLine

DAY = timedelta(days=1)


def test_the_end_of_what_is_only_assumed_to_be_there_again_is_not_said() -> None:
    used_up = replace(
        an_allowance(remaining=0),
        refills_on=NOW.date() + 2 * DAY,
        expires=NOW.date() + 5 * DAY,
    )
    policy = a_policy(ladders={"expiry": "7d"}, stale=None)
    kept = KeptLine(a_line(used_up), policy)
    first = kept.review(NOW)

    assert first.next_review_at is None
    assert kept.review(NOW + 3 * DAY).reminder is None


def test_an_offer_neither_comes_nor_goes_by_what_is_only_assumed() -> None:
    filling = replace(
        an_allowance(remaining=5), refills_on=NOW.date() + 2 * DAY, refill_to=0
    )
    offer = Promotion(
        title="Black Friday",
        begins_on=NOW.date(),
        ends_on=NOW.date() + 9 * DAY,
        url="https://www.example.com/",
    )
    plan = Plan(period=Period(days=30), start=Start.OLD_END, leftover=Leftover.DROP)
    policy = replace(
        a_policy(ladders={}, stale=None),
        terms=Terms(plan=plan, promotions=(offer,)),
        within=Period(days=14),
    )
    kept = KeptLine(a_line(filling, a_deadline(NOW.date() + 8 * DAY)), policy)
    first = kept.review(NOW)

    assert first.reminder is None
    assert first.next_review_at == kept.review(NOW + 3 * DAY).next_review_at
    assert kept.steps == {}


def test_a_limit_that_a_corrected_stage_has_reached_goes_without_a_word() -> None:
    number = Stage(parse_period("10d"), (Loss.NUMBER,))
    policy = replace(
        a_policy(ladders={"number": "7d 1d"}, stale=None),
        terms=Terms(rules={DeadlineKind.VALIDITY: Rule(stages=(number,))}),
    )
    kept = KeptLine(a_line(a_deadline(date(2026, 11, 1))), policy)
    kept.review(NOW)
    assert kept.steps["number/validity+10d"] == EXPIRED

    kept.read(a_deadline(NOW.date() - 4 * DAY, observed_at=NOW))
    reviews = [kept.review(NOW), kept.review(NOW), kept.review(NOW + DAY)]

    assert [each.quiet for each in reviews] == [Quiet.ALREADY_SAID] * 3
    assert kept.steps["number/validity+10d"] == "7d"
