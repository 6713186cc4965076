"""Show what comes into the history as it comes, until somebody ends it."""

import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from reminderd.cli.entries import HEADINGS, record_of, row_of
from reminderd.cli.output import say_json_line
from reminderd.messages.wording import Wording
from reminderd.storage.arrivals import Arrivals
from reminderd.storage.database import Database
from reminderd.storage.past import Past

Show = Callable[[Iterable[Past]], None]

_SECONDS = 1.0
_LEAST_COLUMNS = 60
_GAP = 2


def follow(store: Database, arrivals: Arrivals, show: Show) -> None:
    """Show what arrives in *store* until Ctrl-C or SIGTERM."""
    with _ended_by_sigterm():
        try:
            while True:
                with store.read() as tx:
                    show(arrivals.news(tx))
                time.sleep(_SECONDS)
        except KeyboardInterrupt:
            # That is how it ends.
            return


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """Have SIGTERM do what Ctrl-C does."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def show_as_json(entries: Iterable[Past]) -> None:
    """Print each entry as JSON on a line of its own, at once."""
    for known in entries:
        say_json_line(record_of(known))


def rows_shown(words_now: Callable[[], Wording]) -> Show:
    """Return what prints entries as rows of one table, each of them at once.

    The widths of its columns are those that the terminal had at first.
    """
    words = words_now()
    widths = _widths(words)
    _say_row([words.say(heading) for heading in HEADINGS], widths)

    def show(entries: Iterable[Past]) -> None:
        for known in entries:
            _say_row(row_of(known, words_now()), widths)

    return show


def _widths(words: Wording) -> Sequence[int]:
    """Return the widths of the columns in cells, so that they fill the terminal."""
    from rich.cells import cell_len  # noqa: PLC0415 - only who follows pays for rich

    whole = max(shutil.get_terminal_size().columns, _LEAST_COLUMNS)
    when = cell_len(words.moment(words.now)) + 1
    line = min(whole // 6, 24)
    rest = whole - when - line - 3 * _GAP
    where = rest * 2 // 5
    return when, line, rest - where, where


def _say_row(cells: Sequence[str], widths: Sequence[int]) -> None:
    from rich.console import Console  # noqa: PLC0415 - as above
    from rich.table import Table  # noqa: PLC0415 - as above
    from rich.text import Text  # noqa: PLC0415 - as above

    table = Table.grid(padding=(0, _GAP, 0, 0), pad_edge=False)
    for width in widths:
        table.add_column(width=width, overflow="fold")
    table.add_row(*(Text(cell) for cell in cells))
    whole = sum(widths) + _GAP * len(widths)
    Console(file=sys.stdout, width=whole, highlight=False).print(table)
    sys.stdout.flush()
