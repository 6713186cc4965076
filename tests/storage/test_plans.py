"""How a line is renewed comes back as it was written."""

import json

import pytest

from reminderd.domain.periods import Period
from reminderd.domain.plans import LastDay, Leftover, Plan, Start, Tier, Way
from reminderd.domain.quantities import BINARY, Bytes, Money, parse_size
from reminderd.storage.plans import decode_plan, encode_plan


@pytest.mark.parametrize(
    "plan",
    [
        pytest.param(Plan(), id="nothing said"),
        pytest.param(
            Plan(
                period=Period(months=1),
                tiers=(Tier(Money(1000, "USD"), Period(days=30)),),
                start=Start.QUEUE,
                leftover=Leftover.CAP,
                cap=5_000_000_000,
                last_day=LastDay.DAY_BEFORE,
                price=Money(1500, "GBP"),
                auto_renews=False,
                way=Way.SHOP,
            ),
            id="everything said",
        ),
    ],
)
def test_a_plan_comes_back(plan: Plan) -> None:
    stored = json.loads(json.dumps(encode_plan(plan)))

    assert decode_plan(stored) == plan


def test_a_cap_is_read_again_in_the_units_of_any_carrier() -> None:
    plan = Plan(leftover=Leftover.CAP, cap=parse_size("5GB"))

    cap = decode_plan(json.loads(json.dumps(encode_plan(plan)))).cap

    assert isinstance(cap, Bytes)
    assert (cap, cap.counted_by(BINARY)) == (5 * 10**9, 5 * 1024**3)


@pytest.mark.parametrize(
    "stored", [{"price": [1]}, {"start": "soon"}, {"color": 1}, {"period": 30}]
)
def test_what_was_not_written_by_this_code_is_refused(
    stored: dict[str, object],
) -> None:
    with pytest.raises((ValueError, TypeError, KeyError, AttributeError)):
        decode_plan(stored)
