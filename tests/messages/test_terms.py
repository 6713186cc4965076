"""A carrier's terms in sentences, in both languages."""

# ruff: noqa: RUF001 - Chinese punctuation is meant

from datetime import date

import pytest

from reminderd.domain.lines import DeadlineKind
from reminderd.domain.periods import Period
from reminderd.domain.plans import LastDay, Leftover, Plan, Start, Tier
from reminderd.domain.quantities import Money
from reminderd.domain.terms import Activity, Back, Loss, Rule, Stage, Terms
from reminderd.messages.terms import (
    checked_text,
    clock_texts,
    period_text,
    plan_texts,
    rule_texts,
)
from reminderd.messages.wording import Wording
from tests.messages.contents import CHINESE, ENGLISH, TONIGHT

WORDS = Wording(ENGLISH, TONIGHT)
HALF_YEAR = Period(days=180)
TOP_UPS = frozenset({Activity.TOP_UP})
HARD = Rule(
    every=HALF_YEAR,
    resets=TOP_UPS,
    least=Money(10_000, "HKD"),
    tiers=(Tier(Money(30_000, "HKD"), Period(months=12)),),
    start=Start.LATER,
    stands_still=True,
    loses=(Loss.CREDIT, Loss.OUTGOING),
    back=Back.RENEW,
    stages=(Stage(Period(days=30), (Loss.NUMBER,), Back.NEVER),),
)


@pytest.mark.parametrize(
    ("period", "text"),
    [
        (Period(days=1), "1 day"),
        (Period(days=180), "180 days"),
        (Period(months=1), "1 month"),
        (Period(months=15), "15 months"),
        (Period(months=12), "1 year"),
        (Period(months=24), "2 years"),
    ],
)
def test_a_period_is_said_in_its_own_unit(period: Period, text: str) -> None:
    assert period_text(period, WORDS) == text


def test_a_rule_says_what_counts_and_what_is_lost() -> None:
    assert rule_texts(DeadlineKind.CREDIT, HARD, WORDS) == [
        "The credit is good for 180 days after each top-up of at least HK$100.00.",
        "If the old date is later, it stays.",
        "It stands still while a plan is active.",
        "HK$300.00 or more buys 1 year.",
        (
            "Lost when the date passes: the credit and outgoing calls and texts (back"
            " after a top-up or a renewal)."
        ),
        "Lost 30 days after that: the number (for good).",
    ]


def test_a_rule_is_said_in_chinese_as_well() -> None:
    assert rule_texts(DeadlineKind.CREDIT, HARD, Wording(CHINESE, TONIGHT)) == [
        "每次充值满HK$100.00后，话费有效期为180天。",
        "如原到期日更晚，则以原到期日为准。",
        "有套餐生效期间暂停计时。",
        "满HK$300.00可得1年。",
        "过期即失去：话费和呼出功能（含短信）（充值或续期后恢复）。",
        "再过30天失去：号码（无法恢复）。",
    ]


@pytest.mark.parametrize(
    ("kind", "rule", "text"),
    [
        pytest.param(
            DeadlineKind.KEEP_ALIVE,
            Rule(every=HALF_YEAR),
            "The line lives for 180 days after each outgoing call, text sent, data"
            " session, top-up, or plan purchase.",
            id="whatever usually keeps a line alive",
        ),
        pytest.param(
            DeadlineKind.NUMBER,
            Rule(every=HALF_YEAR, resets=frozenset({Activity.SMS})),
            "The number is kept for 180 days after each text sent.",
            id="one kind of use",
        ),
        pytest.param(
            DeadlineKind.START_BY,
            Rule(every=HALF_YEAR),
            "A plan has to be started within 180 days of its purchase.",
            id="a plan to be started",
        ),
        pytest.param(
            DeadlineKind.CREDIT,
            Rule(tiers=(Tier(Money(500, "GBP"), HALF_YEAR),), resets=TOP_UPS),
            "What counts: top-up.",
            id="only amounts",
        ),
        pytest.param(
            DeadlineKind.VALIDITY,
            Rule(loses=(Loss.PLAN,)),
            "Lost when the date passes: the plan.",
            id="no way back is known",
        ),
    ],
)
def test_a_rule_begins_with_what_it_is_about(
    kind: DeadlineKind, rule: Rule, text: str
) -> None:
    assert next(iter(rule_texts(kind, rule, WORDS))) == text


def test_what_starts_a_plan_is_said_where_it_is_known() -> None:
    rule = Rule(every=HALF_YEAR, resets=frozenset({Activity.DATA}))

    *_, last = rule_texts(DeadlineKind.START_BY, rule, WORDS)

    assert last == "It starts with the first data session."


def test_a_rule_that_nothing_resets_says_only_what_is_lost() -> None:
    rule = Rule(every=HALF_YEAR, resets=frozenset(), loses=(Loss.NUMBER,))

    assert rule_texts(DeadlineKind.NUMBER, rule, WORDS) == [
        "The number is kept for 180 days; nothing prolongs it.",
        "Lost when the date passes: the number.",
    ]


def test_a_plan_says_what_a_renewal_does() -> None:
    plan = Plan(
        period=Period(months=1),
        tiers=(Tier(Money(5000, "GBP"), HALF_YEAR),),
        start=Start.QUEUE,
        leftover=Leftover.CAP,
        cap=5_000_000_000,
        last_day=LastDay.DAY_BEFORE,
        price=Money(1000, "GBP"),
        auto_renews=True,
    )

    assert plan_texts(plan, WORDS) == [
        "A renewal lasts 1 month.",
        "£50.00 or more buys 180 days.",
        "A renewal costs £10.00.",
        "The last day is the one before the same date next time.",
        "Bought early, it waits until the old plan ends.",
        "Of the old plan's data up to 5 GB are carried over.",
        "It renews by itself.",
    ]


def test_nothing_is_said_of_a_plan_that_nobody_has_described() -> None:
    assert plan_texts(Plan(), WORDS) == []


def test_the_dates_of_a_carrier_are_listed_in_short() -> None:
    terms = Terms(
        plan=Plan(period=Period(days=30)),
        rules={
            DeadlineKind.CREDIT: HARD,
            DeadlineKind.KEEP_ALIVE: Rule(every=Period(months=6)),
            DeadlineKind.NUMBER: Rule(loses=(Loss.NUMBER,)),
        },
    )

    assert clock_texts(terms, WORDS) == [
        "plan 30 days",
        "credit 180 days to 1 year",
        "keep-alive 6 months",
    ]


@pytest.mark.parametrize(
    ("checked_on", "old", "text"),
    [
        pytest.param(date(2026, 11, 19), False, "checked 19 Nov", id="lately"),
        pytest.param(
            date(2025, 9, 22),
            True,
            "checked 14 months ago: look at the source",
            id="14 months to the day",
        ),
        pytest.param(
            date(2025, 9, 23),
            True,
            "checked 13 months ago: look at the source",
            id="a day less than 14 months",
        ),
    ],
)
def test_old_facts_ask_for_another_look(checked_on: date, old: bool, text: str) -> None:
    assert checked_text(checked_on, WORDS, old=old) == text
