"""Run worlds from the command line; the exit status is 1 if one of them fails."""

import argparse
import logging
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from time import monotonic, process_time

from tests.simulation.run import LOGS, BrokenPromiseError, place, run
from tests.simulation.tally import Life, Tally

_Lived = tuple[int, Life | str, float]


def main() -> int:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seed", type=int, help="replay one world, and show it")
    parser.add_argument("--seeds", type=int, default=200, help="how many worlds to run")
    parser.add_argument("--start", type=int, default=0, help="the seed of the first")
    parser.add_argument("--turns", type=int, help="how long they live")
    parser.add_argument("--jobs", type=int, default=1, help="how many at a time")
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    if asked.seed is not None:
        return _replay(asked.seed, asked.turns)
    seeds = range(asked.start, asked.start + asked.seeds)
    return _run_all(seeds, asked.turns, asked.jobs)


def _run_all(seeds: range, turns: int | None, jobs: int) -> int:
    began, cpu, tally = monotonic(), 0.0, Tally()
    for seed, outcome, seconds in _lives(seeds, turns, jobs):
        cpu += seconds
        if isinstance(outcome, str):
            tally.failures += 1
            _say(f"\n{outcome}\n")
        else:
            tally.add(outcome)
        _say(f"\r{seed}: {tally}")
    _say(f"\n{tally}; {monotonic() - began:.0f} s, {cpu:.0f} s of CPU\n")
    return 1 if tally.failures else 0


def _lives(seeds: range, turns: int | None, jobs: int) -> Iterator[_Lived]:
    live = partial(_live, turns=turns)
    if jobs == 1:
        yield from map(live, seeds)
        return
    place()
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(live, seeds)


def _live(seed: int, turns: int | None) -> _Lived:
    """Return what became of one world, a text if it failed, and what it cost."""
    began = process_time()
    try:
        outcome: Life | str = run(seed, turns)
    except BrokenPromiseError as error:
        outcome = str(error)
    return seed, outcome, process_time() - began


def _replay(seed: int, turns: int | None) -> int:
    verdict = "no promise was broken"
    try:
        run(seed, turns)
    except BrokenPromiseError as error:
        verdict = str(error)
        return 1
    finally:
        _say("\n".join((*LOGS[seed], verdict, "")))
    return 0


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
