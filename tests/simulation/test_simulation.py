import pytest

from tests.simulation.run import LOGS, run

_SHORT = 8


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_no_promise_is_broken_in_the_first_weeks_of_20_worlds(
    request: pytest.FixtureRequest,
) -> None:
    asked = request.config.getoption("--seed", default=None)
    seeds, turns = (range(20), _SHORT) if asked is None else ([asked], None)

    for seed in seeds:
        run(seed) if turns is None else run(seed, turns)


@pytest.mark.slow
def test_a_seed_replays_the_same_world() -> None:
    run(3, _SHORT)
    first = LOGS[3]

    run(3, _SHORT)

    assert LOGS[3] == first
