import pytest

from tests.simulation.run import LOGS, BrokenPromiseError, run

_CHUNK = 25
_SEEDS = 200


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("first", range(0, _SEEDS, _CHUNK))
def test_no_promise_is_broken_in_200_worlds(first: int) -> None:
    broken = []

    for seed in range(first, first + _CHUNK):
        try:
            run(seed)
        except BrokenPromiseError as error:
            broken.append(str(error))

    assert not broken, "\n\n".join(broken)


@pytest.mark.slow
def test_a_seed_replays_the_same_world() -> None:
    run(3)
    first = LOGS[3]

    run(3)

    assert LOGS[3] == first
