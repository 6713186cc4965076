"""Text in the cells of a terminal, of which a Chinese character takes two."""

# ruff: noqa: RUF001 - Chinese punctuation is meant

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import accumulate, takewhile

# Between the characters of what is to stay on one line; it is not printed.
_GLUE = "\N{WORD JOINER}"
GAP = "  "

_BEFORE_TEXT = re.compile(r"\s*(?:- |[0-9]+\. )?")
_CLOSING = frozenset("，。；：、）」』！？％,.;:)!?%")
_OPENING = frozenset("（「『(")
_WIDE = frozenset("WF")
_ZERO = frozenset({"Mn", "Me", "Cf"})


def cells(text: str) -> int:
    """Return how many cells of a terminal *text* takes."""
    return len(text) if text.isascii() else sum(map(_cells_of, text))


def padded(text: str, width: int) -> str:
    """Return *text* with spaces behind it up to *width* cells."""
    return text + " " * (width - cells(text))


def glued(text: str) -> str:
    """Return *text* so that it is not broken, unless it is longer than a line."""
    return _GLUE.join(text)


def wrapped(text: str, width: int, hang: int = 0) -> list[str]:
    """Return *text* in lines of at most *width* cells, all but the first set in.

    A date, a number and its unit stay together; what is too long for a line is cut.
    """
    lines: list[str] = []
    line, room = "", width
    for chunk in _chunks(text):
        rest = line + chunk
        if line.strip(" ") and cells(rest.rstrip(" ")) > room:
            lines.append(line)
            rest, room = chunk.lstrip(" "), width - hang
        while cells(rest.rstrip(" ")) > room:
            head = _head(rest, room)
            lines.append(head)
            rest, room = rest[len(head) :], width - hang
        line = rest
    lines.append(line)
    indents = ["", *[" " * hang] * (len(lines) - 1)]
    return [
        indent + each.rstrip(" ").replace(_GLUE, "")
        for indent, each in zip(indents, lines, strict=True)
    ]


def column_widths(
    columns: Sequence[Sequence[str]], width: int, hang: int = 0
) -> list[int]:
    """Return how wide to make *columns* so that they fit *width* with gaps between.

    First the widest one gives way, as far as its words and dates can stay whole. What
    a column does not need then, as its texts are broken, the one that gave most gets.
    """
    wanted = [max(map(_widest_line, column)) for column in columns]
    excess = sum(wanted) + len(GAP) * (len(wanted) - 1) - width
    if excess <= 0:
        return wanted
    widths = _narrowed(columns, wanted, excess)
    used = [
        max(cells(part) for text in column for part in in_cell(text, room, hang))
        for column, room in zip(columns, widths, strict=True)
    ]
    neediest = max(range(len(used)), key=lambda at: wanted[at] - widths[at])
    used[neediest] += sum(widths) - sum(used)
    return used


def in_cell(text: str, width: int, hang: int = 0) -> list[str]:
    """Return the lines that *text* takes in a cell of a table."""
    return [
        part
        for line in text.split("\n")
        for part in wrapped(line, width, max(hang, hang_of(line)))
    ]


def hang_of(line: str) -> int:
    """Return how far to set in what continues *line*: below the text of its point."""
    before = _BEFORE_TEXT.match(line)
    return before.end() if before else 0


def _narrowed(
    columns: Sequence[Sequence[str]], wanted: Sequence[int], excess: int
) -> list[int]:
    widths = list(wanted)
    least = [max(map(_widest_chunk, column)) for column in columns]
    while excess > 0:
        can = [at for at in range(len(widths)) if widths[at] > least[at]]
        widest = max(can or range(len(widths)), key=lambda at: widths[at])
        if widths[widest] <= 1:
            break
        widths[widest] -= 1
        excess -= 1
    return widths


def _widest_line(text: str) -> int:
    return max(map(cells, text.split("\n")))


def _widest_chunk(text: str) -> int:
    chunks = (chunk for line in text.split("\n") for chunk in _chunks(line))
    return max((cells(chunk.rstrip(" ")) for chunk in chunks), default=0)


def _head(chunk: str, room: int) -> str:
    """Return as much of *chunk* as there is *room* for, one character at least."""
    sums = accumulate(map(_cells_of, chunk))
    return chunk[: max(sum(1 for _ in takewhile(lambda n: n <= room, sums)), 1)]


def _chunks(text: str) -> Iterator[str]:
    """Yield the parts between which a line may end, each with the spaces after it."""
    start = 0
    for at in range(1, len(text)):
        if _may_break(text, at):
            yield text[start:at]
            start = at
    if text:
        yield text[start:]


_WEEKDAY = re.compile("[日周][一二三四五六日周]")


def _may_break(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if after == " " or _GLUE in (before, after):
        return False
    if before == " ":
        # Between "1.5" and "GB", "25" and "Nov"; but not after "in 10 days," "14 GB".
        word_end = text[:at].rstrip(" ")[-1:]
        is_wide_gap = text[at - 2 : at] == GAP
        return is_wide_gap or not (word_end.isdigit() or after.isdigit())
    if after in _CLOSING or before in _OPENING or before.isdigit():
        return False
    if after.isdigit() and before in "月年":
        return False
    is_wide = _cells_of(before) > 1 or _cells_of(after) > 1
    return is_wide and not _WEEKDAY.match(text[at - 1 : at + 1])


def _cells_of(character: str) -> int:
    if unicodedata.east_asian_width(character) in _WIDE:
        return 2
    return 0 if unicodedata.category(character) in _ZERO else 1
