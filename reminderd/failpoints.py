"""Named places at which a test program may end the process, or stop it.

Each stands at a boundary of the promise that nothing is lost. Nothing but code that
runs in this very process can arm one: no variable, option or file does.
"""

from collections.abc import Callable
from typing import Literal

Name = Literal[
    "pass.before-decision",
    "pass.inside-decision",
    "pass.after-decision",
    "claim.inside",
    "claim.after",
    "record.before",
    "record.inside",
    "record.after",
    "rescue.inside",
    "schema.inside-creation",
    "backup.before-rename",
    "migration.before-commit",
]

_armed: dict[Name, Callable[[], object]] = {}


def arm(name: Name, action: Callable[[], object]) -> None:
    """Let *action* happen each time this process reaches the point called *name*."""
    _armed[name] = action


def reach(name: Name) -> None:
    """Do what the point called *name* is armed with: nothing, outside of tests."""
    action = _armed.get(name)
    if action is not None:
        action()
