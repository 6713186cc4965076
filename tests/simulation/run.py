"""Worlds by their seeds: run one, and say how to run it again."""

import atexit
import shutil
import tempfile
from pathlib import Path

from reminderd.storage.database import Database
from tests.simulation.invariants import Violation
from tests.simulation.world import TURNS, Life, World

_MEMORY = Path("/dev/shm")  # noqa: S108 - a private directory is made in it
LOGS: dict[int, list[str]] = {}
_PLACES: list[Path] = []


def run(seed: int, turns: int = TURNS) -> Life:
    """Let the world of *seed* live, in a store of its own.

    Raises:
        AssertionError: A promise was broken; the message says how to replay it.
    """
    world = World(seed, _new_store())
    try:
        return world.live(turns)
    except (Exception, Violation) as error:
        text = f"{type(error).__name__}: {error}"
        raise AssertionError(
            f"seed {seed}, turn {world.life.turns}: {text}\n"
            f"replay: python -m tests.simulation --seed {seed} --turns {turns}"
        ) from error
    finally:
        LOGS[seed] = list(world.log)


def _new_store() -> Path:
    """Return a directory with an empty store, always the same one.

    Making the tables takes longer than anything else.
    """
    if not _PLACES:
        place = _MEMORY if _MEMORY.is_dir() else None
        made = Path(tempfile.mkdtemp(prefix="reminderd-", dir=place))
        atexit.register(shutil.rmtree, made, ignore_errors=True)
        Database.open(f"sqlite:///{made / 'new' / 'reminderd.db'}").close()
        _PLACES.append(made)
    template, directory = _PLACES[0] / "new", _PLACES[0] / "state"
    shutil.rmtree(directory, ignore_errors=True)
    shutil.copytree(template, directory)
    return directory
