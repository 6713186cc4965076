"""Kill daemons by hand: ``python -m tests.crashes --kills 1000 --seed 7``."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.crashes.kills import run_campaign


def main() -> int:
    """Run one campaign, print its figures; fail if anything was lost or excessive."""
    parser = argparse.ArgumentParser(prog="python -m tests.crashes")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        outcome = run_campaign(Path(directory), wanted.kills, wanted.seed)
    sys.stdout.write(f"{outcome}\n")
    return bool(outcome.lost or outcome.excessive or outcome.unwanted)


if __name__ == "__main__":
    sys.exit(main())
