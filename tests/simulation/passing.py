"""How time passes: from one interesting instant to the next, or by chance."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from tests.simulation.clock import Clock

_LONGEST = timedelta(days=200)
_STEPS = (2, 90, 3000, 4000, 86_400, 3 * 86_400, 40 * 86_400)


def pass_time(rng: Random, clock: Clock, interesting: Iterable[datetime]) -> None:
    """Go to the next of the *interesting* instants, or any other; or be suspended."""
    now, kind = clock.now(), rng.random()
    ahead = [at for at in interesting if at > now]
    if kind < 0.6 and ahead:
        span = min(min(ahead) - now, _LONGEST)
        span += timedelta(seconds=rng.choice((0, 0, 0, 1, 30, 4000)))
    elif kind < 0.75:
        span = timedelta(seconds=rng.choice((0, 0.4, 5, 60, 130, 1000)))
    elif kind < 0.9:
        span = timedelta(seconds=rng.randrange(5 * 86_400))
    else:
        span = timedelta(days=rng.randrange(120))
    clock.pass_by(span)


def step_clock(rng: Random, clock: Clock) -> None:
    """Set the clock forwards, backwards, or right."""
    if clock.error and rng.random() < 0.6:
        clock.set_right()
    else:
        clock.error += timedelta(seconds=rng.choice((-1, 1)) * rng.choice(_STEPS))
