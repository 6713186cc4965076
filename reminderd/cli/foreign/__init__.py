"""Files that other programs have exported, as rows of ours."""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any, TextIO

from reminderd.cli.foreign import subscriptions, subtracker, subtrackr, wallos
from reminderd.cli.foreign.subscriptions import Subscription, Taking
from reminderd.cli.tables import Row

__all__ = ["Program", "Taking", "reader_for"]


class Program(StrEnum):
    """Whose export a file is."""

    WALLOS = "wallos"
    SUBTRACKER = "subtracker"
    SUBTRACKR = "subtrackr"


_READERS: Mapping[Program, Callable[[Mapping[str, Any], Taking], Subscription]] = {
    Program.WALLOS: wallos.subscription,
    Program.SUBTRACKER: subtracker.subscription,
    Program.SUBTRACKR: subtrackr.subscription,
}


def reader_for(program: Program, taking: Taking) -> Callable[[TextIO], Iterator[Row]]:
    """Return what reads a file that *program* has exported."""

    def read(stream: TextIO) -> Iterator[Row]:
        for number, record in enumerate(subscriptions.records(stream), 1):
            yield subscriptions.row_of(
                number, _READERS[program](record, taking), taking
            )

    return read
