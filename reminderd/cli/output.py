"""What commands print: sentences and tables for people, JSON for programs."""

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import zip_longest
from shutil import get_terminal_size
from typing import Annotated

import typer

from reminderd.cli.layout import GAP, column_widths, hang_of, in_cell, padded, wrapped

_LEAST_COLUMNS = 40

AsJson = Annotated[
    bool,
    typer.Option("--json", help="Print JSON: stable keys, UTC instants, base units."),
]


def say(text: str) -> None:
    """Print a line for a person."""
    sys.stdout.write(f"{text}\n")


def terminal_width() -> int:
    """Return how many cells a line may have, 80 where there is no terminal."""
    return max(get_terminal_size().columns, _LEAST_COLUMNS)


def say_wrapped(text: str) -> None:
    """Print paragraphs that fit the terminal, 80 columns where there is none.

    What is continued is set in below the text of its point or its number.
    """
    width = terminal_width()
    for line in text.split("\n"):
        for each in wrapped(line, width, hang_of(line)):
            say(each)


def warn(text: str) -> None:
    """Print a line that is not the answer itself, on stderr."""
    sys.stderr.write(f"reminderd: {text}\n")


def say_json(value: object) -> None:
    """Print *value* as JSON; instants become UTC ISO texts."""
    say(json.dumps(value, ensure_ascii=False, indent=2, default=_encode))


def say_json_line(value: object) -> None:
    """Print *value* as JSON on one line at once, as :func:`say_json` writes it."""
    say(json.dumps(value, ensure_ascii=False, default=_encode))
    sys.stdout.flush()


def _encode(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def say_table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], *, hang: int = 0
) -> None:
    """Print a table that fits the terminal, 80 columns where there is none.

    What is continued in a cell is set in by *hang*.
    """
    table = [headings, *rows]
    width = terminal_width()
    widths = column_widths(list(zip(*table, strict=True)), width, hang)
    for number, row in enumerate(table):
        columns = [
            in_cell(cell, room, hang) for cell, room in zip(row, widths, strict=True)
        ]
        for parts in zip_longest(*columns, fillvalue=""):
            say(GAP.join(map(padded, parts, widths)).rstrip())
        if number == 0:
            say("─" * min(sum(widths) + len(GAP) * (len(widths) - 1), width))
