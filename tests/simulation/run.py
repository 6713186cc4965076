"""Worlds by their seeds: run one, and say how to run it again."""

import atexit
import shutil
import tempfile
from collections import deque
from functools import cache
from os import getpid
from pathlib import Path

from reminderd.storage.database import Database
from tests.simulation.invariants import Violation
from tests.simulation.tally import Life
from tests.simulation.world import World

_MEMORY = Path("/dev/shm")  # noqa: S108 - a private directory is made in it
_LONG, _SHORT = 40, 6
_LONG_ONES = 25
LOGS: dict[int, deque[str]] = {}


class BrokenPromiseError(AssertionError):
    """A world in which a promise was broken; the message says how to replay it."""


def turns_of(seed: int) -> int:
    """Return how long the world of *seed* lives: most of them not long."""
    return _SHORT if seed % _LONG_ONES else _LONG


def run(seed: int, turns: int | None = None) -> Life:
    """Let the world of *seed* live, in a store of its own.

    Raises:
        BrokenPromiseError: A promise was broken.
    """
    world = World(seed, _new_store())
    lifetime = turns_of(seed) if turns is None else turns
    try:
        return world.live(lifetime)
    except (Exception, Violation) as error:
        command = f"python -m tests.simulation --seed {seed}"
        command += "" if turns is None else f" --turns {turns}"
        raise BrokenPromiseError(
            f"seed {seed}, turn {world.life.turns}: {type(error).__name__}: {error}\n"
            f"replay: {command}"
        ) from error
    finally:
        LOGS[seed] = world.log


@cache
def place() -> Path:
    """Return the directory, in memory if there is one, that the stores live in."""
    made = tempfile.mkdtemp(
        prefix="reminderd-", dir=_MEMORY if _MEMORY.is_dir() else None
    )
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return Path(made)


def _new_store() -> Path:
    """Return a directory with an empty store, in one process always the same one.

    Making the tables takes longer than anything else.
    """
    own = place() / str(getpid())
    template, directory = own / "new", own / "state"
    if not template.exists():
        Database.open(f"sqlite:///{template / 'reminderd.db'}").close()
    shutil.rmtree(directory, ignore_errors=True)
    shutil.copytree(template, directory)
    return directory
