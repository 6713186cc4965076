"""What charges come to, by whatever they are put together by."""

from datetime import date
from typing import Any

import pytest

from reminderd.domain.quantities import Money
from reminderd.views.spend import SpendBy, Spent, spending
from tests.builders import a_charge

CHARGES = [
    a_charge(date(2025, 12, 31), "10.00 GBP", period="30d"),
    a_charge(date(2026, 1, 1), "12.00 GBP", period="30d"),
    a_charge(date(2026, 1, 31), "5.00 EUR", line="spain", carrier=None),
    a_charge(date(2026, 2, 1), "-2.00 GBP"),
]


def rows(by: SpendBy, since: date | None = None) -> list[tuple[Any, ...]]:
    found = spending(CHARGES, by, since).rows
    return [
        (row.group, row.charges, row.money.minor, row.money.currency) for row in found
    ]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (SpendBy.LINE, [("spain", 1, 500, "EUR"), ("uk-travel", 3, 2000, "GBP")]),
        (SpendBy.CARRIER, [(None, 1, 500, "EUR"), ("giffgaff", 3, 2000, "GBP")]),
        (
            SpendBy.MONTH,
            [
                ("2025-12", 1, 1000, "GBP"),
                ("2026-01", 1, 500, "EUR"),
                ("2026-01", 1, 1200, "GBP"),
                ("2026-02", 1, -200, "GBP"),
            ],
        ),
        (
            SpendBy.YEAR,
            [
                ("2025", 1, 1000, "GBP"),
                ("2026", 1, 500, "EUR"),
                ("2026", 2, 1000, "GBP"),
            ],
        ),
    ],
)
def test_charges_are_summed_up_in_each_currency(
    by: SpendBy, expected: list[tuple[Any, ...]]
) -> None:
    assert rows(by) == expected


def test_totals_never_add_two_currencies() -> None:
    assert spending(CHARGES, SpendBy.LINE).totals == (
        Spent(group=None, charges=1, money=Money(500, "EUR")),
        Spent(group=None, charges=3, money=Money(2000, "GBP")),
    )


def test_earlier_charges_are_left_out_and_still_cast_doubt() -> None:
    since = date(2026, 1, 1)

    known = spending(CHARGES, SpendBy.YEAR, since)
    later = spending(CHARGES, SpendBy.YEAR, date(2026, 1, 2))

    assert [row.group for row in known.rows] == ["2026", "2026"]
    assert {doubt.charge for doubt in known.doubts} == {CHARGES[1]}
    assert later.doubts == ()


def test_nothing_paid_is_nothing_spent() -> None:
    known = spending([], SpendBy.MONTH)

    assert (known.rows, known.totals, known.doubts) == ((), (), ())
