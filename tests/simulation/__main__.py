"""Run worlds from the command line; the exit status is 1 if one of them fails."""

import argparse
import logging
import sys
from time import monotonic

from tests.simulation.run import LOGS, run
from tests.simulation.world import TURNS


def main() -> int:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seed", type=int, help="replay one world, and show it")
    parser.add_argument("--seeds", type=int, default=20, help="how many worlds to run")
    parser.add_argument("--start", type=int, default=0, help="the seed of the first")
    parser.add_argument("--turns", type=int, default=TURNS, help="how long they live")
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    if asked.seed is not None:
        return _replay(asked.seed, asked.turns)
    return _run(range(asked.start, asked.start + asked.seeds), asked.turns)


def _run(seeds: range, turns: int) -> int:
    failed = days = letters = kills = 0
    began = monotonic()
    for seed in seeds:
        try:
            life = run(seed, turns)
        except AssertionError as error:
            failed += 1
            _say(f"\n{error}\n")
        else:
            days += life.days
            letters += life.letters
            kills += life.kills
        _say(
            f"\r{seed}: {days / 365:.0f} years, {letters} letters, {kills} kills,"
            f" {failed} failed, {monotonic() - began:.0f} s"
        )
    _say("\n")
    return 1 if failed else 0


def _replay(seed: int, turns: int) -> int:
    verdict = "no promise was broken"
    try:
        run(seed, turns)
    except AssertionError as error:
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
