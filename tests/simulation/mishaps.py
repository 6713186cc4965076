"""What goes wrong in a turn, drawn by chance: nothing, as a rule."""

import sqlite3
from collections.abc import Callable
from random import Random

from tests.simulation.faults import Plan

_KINDS = (*("none",) * 4, "crash", "send", "store", "pause", "lost")
_TROUBLES = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)


def a_plan(rng: Random, interlude: Callable[[], None]) -> Plan:
    """Return a plan for one turn; *interlude* runs while the process is stopped."""
    plan = Plan()
    match rng.choice(_KINDS):
        case "crash":
            plan.crash_in = rng.randrange(1, 90)
        case "send":
            plan.die_before_send = rng.random() < 0.4
            plan.die_after_send = not plan.die_before_send
        case "store":
            plan.trouble = rng.choice(_TROUBLES)
            plan.trouble_in = rng.randrange(40)
            plan.trouble_left = rng.choice((1, 1, 2, 5, 30))
        case "lost":
            plan.lost_commit = rng.randrange(1, 8)
        case "pause":
            plan.interlude = interlude
            plan.pause_in_send = rng.random() < 0.5
            if not plan.pause_in_send:
                plan.pause_in = rng.randrange(1, 12)
        case _:
            pass
    return plan
