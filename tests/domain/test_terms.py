"""What a rule of a carrier says of itself."""

import pytest

from reminderd.domain.terms import Activity, Rule


@pytest.mark.parametrize(
    ("resets", "is_paid_for"),
    [
        ({Activity.TOP_UP}, True),
        ({Activity.TOP_UP, Activity.PLAN}, True),
        ({Activity.TOP_UP, Activity.SMS}, False),
        pytest.param(None, False, id="anything may reset it"),
    ],
)
def test_a_rule_that_only_payments_reset_is_paid_for(
    resets: set[Activity] | None, is_paid_for: bool
) -> None:
    rule = Rule(resets=None if resets is None else frozenset(resets))

    assert rule.is_paid_for is is_paid_for
