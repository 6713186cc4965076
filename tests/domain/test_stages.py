"""What is lost when a date passes: at once, next, and for good."""

from datetime import UTC, date, datetime

import pytest

from reminderd.domain.lines import Deadline, DeadlineKind
from reminderd.domain.periods import Period
from reminderd.domain.stages import (
    LineStage,
    Lost,
    decline_of,
    stage_of,
)
from reminderd.domain.terms import UNKNOWN_TERMS, Back, Loss, Rule, Stage, Terms
from tests.builders import a_deadline, a_line

ENDS_ON = date(2026, 3, 10)
# Outgoing stops at once, incoming after ten days, and after thirty the number is gone.
GRACE = Rule(
    loses=(Loss.PLAN, Loss.OUTGOING),
    back=Back.RENEW,
    stages=(
        Stage(Period(days=10), (Loss.INCOMING,), Back.ASK),
        Stage(Period(days=30), (Loss.NUMBER,), Back.NEVER),
    ),
)
TERMS = Terms(rules={DeadlineKind.VALIDITY: GRACE})
PLAN = a_deadline(ENDS_ON)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def stages_on(day: date, *known: Deadline, terms: Terms = TERMS) -> LineStage | None:
    return stage_of(a_line(*known), terms, at(day))


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        pytest.param(date(2026, 3, 10), None, id="on the last day"),
        pytest.param(date(2026, 3, 11), LineStage.RECEIVE_ONLY, id="the day after"),
        pytest.param(date(2026, 3, 20), LineStage.RECEIVE_ONLY, id="on the tenth day"),
        pytest.param(date(2026, 3, 21), LineStage.SUSPENDED, id="after ten days"),
        pytest.param(date(2026, 4, 9), LineStage.SUSPENDED, id="on the thirtieth day"),
        pytest.param(date(2026, 4, 10), LineStage.NUMBER_LOST, id="after thirty days"),
    ],
)
def test_a_line_goes_down_stage_by_stage(day: date, stage: LineStage | None) -> None:
    assert stages_on(day, PLAN) is stage


def test_a_decline_tells_what_is_lost_kept_next_and_final() -> None:
    decline = decline_of(PLAN, a_line(PLAN), TERMS, at(date(2026, 3, 11)))

    assert decline.losses == (Loss.PLAN, Loss.OUTGOING)
    assert decline.kept == (Loss.INCOMING, Loss.NUMBER)
    assert decline.back is Back.RENEW
    assert [lost.last_on for lost in decline.ahead] == [
        date(2026, 3, 20),
        date(2026, 4, 9),
    ]
    assert [lost.is_final for lost in decline.ahead] == [False, True]
    assert decline.ahead[-1] == Lost(
        last_on=date(2026, 4, 9),
        # Summer time has begun in London.
        at=datetime(2026, 4, 9, 23, tzinfo=UTC),
        loses=(Loss.NUMBER,),
        back=Back.NEVER,
    )


def test_nothing_is_lost_before_the_date_and_nothing_ahead_after_the_last() -> None:
    before = decline_of(PLAN, a_line(PLAN), TERMS, at(ENDS_ON))
    after = decline_of(PLAN, a_line(PLAN), TERMS, at(date(2026, 5, 1)))

    assert (before.losses, before.back, before.stage) == ((), None, None)
    assert (after.kept, after.ahead) == ((), ())


@pytest.mark.parametrize(
    ("rule", "stage"),
    [
        pytest.param(Rule(), LineStage.ENDED, id="nothing is known"),
        pytest.param(Rule(loses=(Loss.PLAN,)), LineStage.ENDED, id="the plan alone"),
        pytest.param(
            Rule(stages=(Stage(Period(days=90), (Loss.NUMBER,)),)),
            LineStage.GRACE,
            id="the number later",
        ),
        pytest.param(
            Rule(loses=(Loss.OUTGOING,)), LineStage.OUTGOING_BARRED, id="a plan goes on"
        ),
        pytest.param(
            Rule(loses=(Loss.CREDIT,)), None, id="credit that nothing follows"
        ),
    ],
)
def test_the_stage_is_the_worst_that_is_lost(
    rule: Rule, stage: LineStage | None
) -> None:
    terms = Terms(rules={DeadlineKind.VALIDITY: rule})

    assert stages_on(date(2026, 3, 11), PLAN, terms=terms) is stage


def test_of_several_dates_the_worst_counts() -> None:
    number = a_deadline(date(2026, 3, 9), kind=DeadlineKind.NUMBER)

    assert stages_on(date(2026, 3, 11), PLAN, number) is LineStage.NUMBER_LOST


def test_a_keep_alive_date_alone_says_nothing_of_what_is_lost() -> None:
    keep_alive = a_deadline(ENDS_ON, kind=DeadlineKind.KEEP_ALIVE)

    assert stages_on(date(2026, 5, 1), keep_alive, terms=UNKNOWN_TERMS) is None


def test_what_renews_itself_may_be_well() -> None:
    plan = Deadline(
        kind=DeadlineKind.VALIDITY,
        due=ENDS_ON,
        renews_itself=True,
        observed_at=PLAN.observed_at,
    )

    assert stages_on(date(2026, 5, 1), plan) is None


def test_a_date_of_the_number_by_itself_holds_in_place_of_the_terms() -> None:
    number = a_deadline(date(2026, 12, 31), kind=DeadlineKind.NUMBER)
    line = a_line(PLAN, number)
    now = at(date(2026, 5, 1))

    assert decline_of(PLAN, line, TERMS, now).stage is LineStage.SUSPENDED
    (lost,) = decline_of(number, line, TERMS, now).ahead
    assert (lost.last_on, lost.loses) == (date(2026, 12, 31), (Loss.NUMBER,))


def test_an_exact_end_is_lost_at_its_instant() -> None:
    end = datetime(2026, 3, 10, 15, 30, tzinfo=UTC)
    plan = a_deadline(end)

    (first, *_) = decline_of(plan, a_line(plan), TERMS, at(ENDS_ON)).ahead

    assert (first.at, first.last_on) == (end, ENDS_ON)
