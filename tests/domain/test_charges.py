"""Which charges are worth a look at the bill, and which are as they should be."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminderd.domain.charges import Charge, ChargeKind, DoubtKind, doubts
from reminderd.domain.periods import Period
from reminderd.domain.quantities import Money
from tests.builders import a_charge

TWICE, DEARER, REMOVED = DoubtKind.TWICE, DoubtKind.DEARER, DoubtKind.REMOVED
FIRST = date(2026, 11, 1)
DAY = timedelta(days=1)


def kinds(*charges: Charge) -> list[DoubtKind]:
    return [doubt.kind for doubt in doubts(charges)]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param(0, [TWICE], id="on the same day"),
        pytest.param(14, [TWICE], id="with more than half ahead"),
        pytest.param(15, [], id="with half ahead"),
        pytest.param(30, [], id="at its end"),
        pytest.param(40, [], id="after its end"),
    ],
)
def test_plan_paid_again_while_most_of_it_is_ahead_is_charged_twice(
    days: int, expected: list[DoubtKind]
) -> None:
    first = a_charge(FIRST, period="30d")
    second = a_charge(FIRST + days * DAY, period="30d", event_id=10**7)

    assert kinds(first, second) == expected


def test_doubt_says_which_charge_paid_until_when() -> None:
    first = a_charge(FIRST, period="1mo")
    second = a_charge(date(2026, 11, 4), period="1mo")

    (doubt,) = doubts([second, first])

    assert (doubt.before, doubt.charge) == (first, second)
    assert doubt.paid_until == date(2026, 12, 1)
    assert doubt.event_ids == {first.event_id, second.event_id}


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param(20, [TWICE], id="long before three quarters of the time"),
        pytest.param(22, [TWICE], id="just before them"),
        pytest.param(23, [], id="after them"),
        pytest.param(30, [], id="a period after it"),
    ],
)
def test_who_always_pays_a_month_ahead_is_not_in_doubt(
    days: int, expected: list[DoubtKind]
) -> None:
    first = a_charge(
        FIRST, period="30d", before_until=FIRST + 25 * DAY, until=FIRST + 55 * DAY
    )
    second = a_charge(FIRST + days * DAY, period="30d", start="old-end")

    assert kinds(first, second) == expected


@pytest.mark.parametrize(
    ("receipts", "expected"),
    [
        pytest.param(("A", "B"), [], id="each with its receipt"),
        pytest.param((None, None), [], id="without receipts"),
        pytest.param(("A", None), [], id="with one receipt"),
        pytest.param(("A", "A"), [TWICE], id="with the same receipt"),
    ],
)
def test_plan_bought_for_the_queue_is_charged_twice_only_by_its_receipt(
    receipts: tuple[str | None, str | None], expected: list[DoubtKind]
) -> None:
    first = a_charge(FIRST, period="30d", receipt=receipts[0])
    second = a_charge(FIRST + DAY, period="30d", start="queue", receipt=receipts[1])

    assert kinds(first, second) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [pytest.param(9, [TWICE], id="before half"), pytest.param(10, [], id="at half")],
)
@pytest.mark.parametrize(
    "details",
    [
        pytest.param({}, id="without an end before"),
        pytest.param({"before_until": FIRST - 5 * DAY}, id="after the end before"),
        pytest.param(
            {"before_until": FIRST + 5 * DAY, "start": "today"}, id="from that day on"
        ),
    ],
)
def test_without_a_period_the_plan_lasts_until_its_end(
    details: dict[str, Any], days: int, expected: list[DoubtKind]
) -> None:
    first = a_charge(FIRST, until=FIRST + 20 * DAY, **details)

    assert kinds(first, a_charge(FIRST + days * DAY, event_id=10**7)) == expected


def test_without_a_period_the_plan_begins_at_the_end_before() -> None:
    first = a_charge(FIRST, before_until=FIRST + 10 * DAY, until=FIRST + 20 * DAY)

    assert kinds(first, a_charge(FIRST + 7 * DAY)) == [TWICE]
    assert kinds(first, a_charge(FIRST + 8 * DAY)) == []


@pytest.mark.parametrize(
    "details",
    [
        pytest.param({}, id="neither period nor end"),
        pytest.param({"period": "12h"}, id="hours"),
        pytest.param({"period": "12h", "until": FIRST + DAY}, id="hours until a date"),
        pytest.param({"until": FIRST - DAY}, id="an end that has passed"),
        pytest.param({"period": "100y", "until": date(2, 1, 1)}, id="before years"),
    ],
)
def test_plan_of_unknown_length_is_not_charged_twice(
    details: dict[str, Any],
) -> None:
    first = a_charge(FIRST, **details)

    assert kinds(first, a_charge(FIRST, event_id=10**7)) == []


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        pytest.param({"price": "15.01 GBP"}, [DEARER], id="a penny more"),
        pytest.param({"price": "15.00 GBP"}, [], id="the same price"),
        pytest.param({"price": "14.99 GBP"}, [], id="a penny less"),
        pytest.param({"price": "15.01 EUR"}, [], id="another currency"),
        pytest.param({"price": "40.00 GBP", "period": "90d"}, [], id="longer"),
        pytest.param({"price": "20.00 GBP", "period": None}, [], id="unknown period"),
        pytest.param({"price": "20.00 GBP", "line": "spain"}, [], id="another line"),
        pytest.param(
            {"price": "20.00 GBP", "kind": ChargeKind.TOP_UP}, [], id="a top-up"
        ),
    ],
)
def test_same_period_that_costs_more_is_dearer(
    details: dict[str, Any], expected: list[DoubtKind]
) -> None:
    first = a_charge(FIRST, "15.00 GBP", period="30d")
    second = a_charge(FIRST + 30 * DAY, **{"period": "30d"} | details)

    assert kinds(first, second) == expected


def test_price_is_compared_with_the_last_one_of_that_period() -> None:
    prices = [("12.00 GBP", "30d"), ("30.00 GBP", "1y"), ("14.00 GBP", "30d")]
    prices += [("13.00 GBP", "30d"), ("13.50 GBP", "30d")]
    charges = [
        a_charge(FIRST + number * 400 * DAY, price, period=period)
        for number, (price, period) in enumerate(prices)
    ]

    found = doubts(charges)

    assert [(doubt.charge, doubt.before) for doubt in found] == [
        (charges[2], charges[0]),
        (charges[4], charges[3]),
    ]


@pytest.mark.parametrize("kind", ChargeKind)
@pytest.mark.parametrize(
    ("hour", "expected"),
    [
        pytest.param(11, [REMOVED], id="after the removal"),
        pytest.param(12, [], id="at the removal"),
        pytest.param(13, [], id="before the removal"),
    ],
)
def test_charge_after_its_line_was_removed_is_in_doubt(
    kind: ChargeKind, hour: int, expected: list[DoubtKind]
) -> None:
    removed_at = datetime(2026, 11, 1, hour, tzinfo=UTC)

    assert kinds(a_charge(FIRST, kind=kind, removed_at=removed_at)) == expected


@pytest.mark.parametrize("price", ["0.00 GBP", "-15.00 GBP"])
def test_what_costs_nothing_and_what_came_back_is_never_in_doubt(price: str) -> None:
    removed_at = datetime(2026, 10, 1, tzinfo=UTC)
    first = a_charge(FIRST, period="30d", removed_at=removed_at)
    free = a_charge(FIRST + DAY, price, period="30d", removed_at=removed_at)

    assert kinds(first, free) == [REMOVED]


def test_top_ups_of_one_day_are_not_charged_twice() -> None:
    topped_up = [
        a_charge(FIRST, period="30d", kind=ChargeKind.TOP_UP, event_id=number)
        for number in range(2)
    ]

    assert kinds(*topped_up, a_charge(FIRST, period="30d")) == []


def test_doubts_come_in_the_order_of_their_charges() -> None:
    removed_at = datetime(2026, 10, 1, tzinfo=UTC)
    late = a_charge(FIRST + 9 * DAY, line="a", removed_at=removed_at)
    first = a_charge(FIRST, line="b", period="30d")
    again = a_charge(FIRST + 2 * DAY, "16.00 GBP", line="b", period="30d")

    assert kinds(late, first, again) == [TWICE, DEARER, REMOVED]


many_charges = st.lists(
    st.builds(
        Charge,
        event_id=st.integers(0, 10**6),
        line=st.sampled_from("abc"),
        at=st.integers(0, 400).map(
            lambda n: datetime(2026, 1, 1, tzinfo=UTC) + n * DAY
        ),
        on=st.dates(date(2026, 1, 1), date(2027, 1, 1)),
        money=st.builds(Money, st.integers(-10, 50), st.sampled_from(["GBP", "EUR"])),
        kind=st.sampled_from(ChargeKind),
        until=st.none() | st.dates(),
        before_until=st.none() | st.dates(),
        period=st.none() | st.sampled_from([Period(days=30), Period(months=1)]),
        start=st.sampled_from([None, "old-end", "today", "later", "queue"]),
        receipt=st.sampled_from([None, "A", "B"]),
    ),
    unique_by=lambda charge: charge.event_id,
    max_size=12,
)


@given(many_charges, st.randoms(use_true_random=False))
def test_doubts_depend_neither_on_the_order_nor_on_other_lines(
    charges: list[Charge], chance: random.Random
) -> None:
    found = doubts(charges)
    mixed = list(charges)
    chance.shuffle(mixed)

    assert doubts(mixed) == found
    for line in "abc":
        own = [doubt for doubt in found if doubt.charge.line == line]
        assert list(doubts(known for known in charges if known.line == line)) == own


@given(many_charges)
def test_doubt_is_of_a_payment_and_of_an_earlier_one_in_the_same_line(
    charges: list[Charge],
) -> None:
    for doubt in doubts(charges):
        assert doubt.charge.money.minor > 0
        if doubt.before is not None:
            assert doubt.before.line == doubt.charge.line
            assert doubt.before.on <= doubt.charge.on
        assert (doubt.before is None) is (doubt.kind is REMOVED)
        assert (doubt.paid_until is not None) is (doubt.kind is TWICE)
