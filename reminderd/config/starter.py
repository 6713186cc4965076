"""The configuration that ``init`` writes: the example, with dates that make sense."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from importlib import resources
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from reminderd.domain.calendar import local_date
from reminderd.languages import ENGLISH

# The day on which the dates of the example are fresh.
WRITTEN_ON = date(2026, 11, 22)

_DATE = re.compile(r"(?<![0-9-])20[0-9]{2}-[01][0-9]-[0-3][0-9](?![0-9-])")
_LANGUAGE = re.compile(r'^(language = )"\w+"', re.MULTILINE)
# What can be put to use by taking away the "#" is no prose.
_PROSE = re.compile(r"# (?!\[\[?[\w.-]+\]\]?$|\w+ = )")
_REMARK = re.compile(r"^(.*\S|) {2,}# (?=\S)")
# In a working copy the example lies at the top; a wheel carries it in this package.
_IN_WORKING_COPY = Path(__file__).parents[2] / "config.example.toml"


def starter(
    now: datetime,
    zone: ZoneInfo,
    language: str = ENGLISH,
    translate: Callable[[str], str] = str,
) -> str:
    """Return the example configuration as if it had been written today in *zone*.

    Messages will be in *language*; *translate* gives its comments in another one.
    """
    since = local_date(now, zone) - WRITTEN_ON
    lines = (line for block in _blocks() for line in _translated(block, translate))
    text = "\n".join(lines)
    text = _DATE.sub(lambda found: _moved(found[0], since), text)
    return _LANGUAGE.sub(f'\\g<1>"{language}"', text)


def comments() -> Iterator[str]:
    """Yield each comment of the example: paragraphs, and remarks behind a key."""
    for block in _blocks():
        if _PROSE.match(block[0]):
            yield _paragraph(block)
        else:
            yield from (_split(line)[1] for line in block if _REMARK.match(line))


def _blocks() -> Iterator[list[str]]:
    """Yield the lines of the example: those of a paragraph of prose together."""
    lines = _example().split("\n")
    for is_prose, block in groupby(lines, lambda line: bool(_PROSE.match(line))):
        if is_prose:
            yield list(block)
        else:
            yield from ([line] for line in block)


def _translated(block: list[str], translate: Callable[[str], str]) -> Iterator[str]:
    if _PROSE.match(block[0]):
        for line in translate(_paragraph(block)).split("\n"):
            yield f"# {line}"
        return
    for line in block:
        key, remark = _split(line)
        yield key + translate(remark) if remark else line


def _paragraph(block: list[str]) -> str:
    return "\n".join(line.removeprefix("# ") for line in block)


def _split(line: str) -> tuple[str, str]:
    """Return a line as far as its remark, and the remark."""
    found = _REMARK.match(line)
    return (line[: found.end()], line[found.end() :]) if found else (line, "")


def _example() -> str:
    packaged = resources.files("reminderd.config").joinpath("example.toml")
    if packaged.is_file():
        return packaged.read_text("utf-8")
    return _IN_WORKING_COPY.read_text("utf-8")


def _moved(day: str, by: timedelta) -> str:
    return (date.fromisoformat(day) + by).isoformat()
