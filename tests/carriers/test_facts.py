from datetime import date

import pytest

from reminderd.carriers.facts import (
    is_old,
    is_shipped,
    shipped_names,
)


def test_the_shipped_carriers_are_known_by_name() -> None:
    assert is_shipped("giffgaff")
    assert {"ee-uk", "giffgaff", "three-uk", "vodafone-uk"} <= shipped_names()
    assert not is_shipped("facts")
    assert not is_shipped("../carriers/giffgaff")


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        pytest.param(date(2027, 11, 21), False, id="a day less than a year"),
        pytest.param(date(2027, 11, 22), False, id="a year"),
        pytest.param(date(2027, 11, 23), True, id="a day more"),
    ],
)
def test_facts_are_old_after_a_year(today: date, expected: bool) -> None:
    assert is_old(date(2026, 11, 22), today) is expected


def test_facts_that_nobody_has_dated_are_not_called_old() -> None:
    assert not is_old(None, date(2026, 11, 22))
