"""What commands print: sentences and tables for people, JSON for programs."""

import json
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from shutil import get_terminal_size
from textwrap import wrap
from typing import Annotated

import typer

_LEAST_COLUMNS = 40
_BEFORE_TEXT = re.compile(r"\s*(?:- |[0-9]+\. )?")

AsJson = Annotated[
    bool,
    typer.Option("--json", help="Print JSON: stable keys, UTC instants, base units."),
]


def say(text: str) -> None:
    """Print a line for a person."""
    sys.stdout.write(f"{text}\n")


def say_wrapped(text: str) -> None:
    """Print paragraphs that fit the terminal, 80 columns where there is none.

    What is continued is set in below the text of its point or its number.
    """
    width = max(get_terminal_size().columns, _LEAST_COLUMNS)
    for line in text.split("\n"):
        before = _BEFORE_TEXT.match(line)
        hang = " " * (before.end() if before else 0)
        wrapped = wrap(
            line,
            width,
            subsequent_indent=hang,
            break_long_words=False,
            break_on_hyphens=False,
        )
        say("\n".join(wrapped))


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


def say_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table that fits the terminal, 80 columns where there is none."""
    from rich import box  # noqa: PLC0415 - only commands with a table pay for rich
    from rich.console import Console  # noqa: PLC0415 - as above
    from rich.table import Table  # noqa: PLC0415 - as above
    from rich.text import Text  # noqa: PLC0415 - as above

    table = Table(
        box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, collapse_padding=True
    )
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console(file=sys.stdout, highlight=False, soft_wrap=False).print(table)
