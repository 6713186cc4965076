"""Files of rows, one for each line: CSV as spreadsheets write it, and JSON lines.

Read as a stream, since a file may have millions of rows. A row that cannot be read
does not keep the others from being read.
"""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn, TextIO

from reminderd.cli.columns import clean_column, value_of
from reminderd.domain.texts import Text
from reminderd.errors import DataError, UsageError

_LONGEST = 1024 * 1024
_SEPARATORS = (",", ";", "\t")
_NO_TEXT = Text("is not in UTF-8; save it as UTF-8, or name it: --encoding gb18030")
_MANGLED = re.compile("[\udc80-\udcff]")
_PLAIN = (str, int, float, bool, type(None))


@dataclass(frozen=True, slots=True)
class Row:
    """What one row says, by clean keys; None is what there is to be none of.

    ``number`` is that of the row in a spreadsheet, or of the line in a file of JSON.
    ``problems`` are columns and why they make no sense. ``left_out`` says why a row of
    somebody else's is no line, None for one that is.
    """

    number: int
    values: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[tuple[str, str], ...] = ()
    left_out: str | None = None


def read_csv(stream: TextIO) -> Iterator[Row]:
    """Yield the rows of a table with a header; empty ones are left out.

    Raises:
        DataError: The header makes no sense, or what follows is no text.
    """
    lines = _lines(stream)
    first = next(lines, "")
    separator = max(_SEPARATORS, key=first.count)

    def all_lines() -> Iterator[str]:
        yield first
        yield from lines

    reader = csv.reader(all_lines(), delimiter=separator, strict=True)
    keys = _header(reader)
    number = 1
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(number, problems=(("", _csv_reason(error)),))
            continue
        if any(map(str.strip, cells)):
            yield _csv_row(number, keys, cells)


def _csv_reason(error: csv.Error) -> str:
    if "field limit" in str(error) or "end of data" in str(error):
        return Text("a quotation mark is never closed")
    return Text("a quotation mark stands where none belongs")


def _header(reader: Iterator[list[str]]) -> list[str]:
    """Return the keys of the columns, "" for one without a name."""
    try:
        names = next(reader, [])
    except csv.Error as error:
        raise DataError(
            Text("row {row}: {why}", row=1, why=_csv_reason(error))
        ) from None
    _refuse_other_bytes("".join(names))
    keys: list[str] = []
    problems: list[str] = []
    for name in names:
        try:
            keys.append(clean_column(name) if name.strip() else "")
        except UsageError as error:
            problems.append(error.args[0])
    problems += [
        Text("{column}: there are two columns of this name", column=key)
        for key, count in Counter(filter(None, keys)).items()
        if count > 1
    ]
    if not problems and "name" not in keys:
        problems = [Text("there is no column {column}", column="name")]
    if problems:
        shown = [Text("row {row}: {why}", row=1, why=why) for why in problems]
        raise DataError(shown[0] if len(shown) == 1 else "\n".join(shown))
    return keys


def _refuse_other_bytes(header: str) -> None:
    if _is_mangled(header):
        raise DataError(Text("the file {why}", why=_NO_TEXT))
    if "\0" in header:
        raise DataError(Text("this is no table, but a file of another kind"))


def _csv_row(number: int, keys: list[str], cells: list[str]) -> Row:
    values: dict[str, Any] = {}
    problems: list[tuple[str, str]] = []
    for place, cell in enumerate(cells):
        key = keys[place] if place < len(keys) else ""
        if not cell or not cell.strip():
            continue
        if not key:
            why = Text("column {place} has no name in the header", place=place + 1)
            problems.append(("", why))
        elif not cell.isascii() and _is_mangled(cell):
            problems.append((key, _NO_TEXT))
        else:
            try:
                values[key] = value_of(key, cell)
            except UsageError as error:
                problems += problems_in(error)
    return Row(number, values, tuple(problems))


def read_json_lines(stream: TextIO) -> Iterator[Row]:
    """Yield the objects of a file that has one on each line."""
    for number, line in enumerate(_lines(stream), 1):
        if not line.strip():
            continue
        try:
            yield _json_row(number, line)
        except _NotAnObjectError as error:
            yield Row(number, problems=(("", str(error)),))


class _NotAnObjectError(ValueError):
    """Why a line of JSON is no row."""


def _json_row(number: int, line: str) -> Row:
    if not line.isascii() and _is_mangled(line):
        raise _NotAnObjectError(_NO_TEXT)
    try:
        found = json.loads(
            line, object_pairs_hook=_without_repeats, parse_constant=_no_number
        )
    except _NotAnObjectError:
        raise
    except (ValueError, RecursionError):
        raise _NotAnObjectError(Text("is no JSON object on one line")) from None
    if not isinstance(found, dict):
        raise _NotAnObjectError(Text("is no JSON object on one line"))
    values: dict[str, Any] = {}
    problems: list[tuple[str, str]] = []
    for name, value in found.items():
        try:
            key = clean_column(name)
            values[key] = _plain(key, value)
        except UsageError as error:
            problems += problems_in(error)
    return Row(number, values, tuple(problems))


def _plain(key: str, value: object) -> object:
    """Return *value* if a line can have such a one: it may be a list, but no table."""
    within = value if isinstance(value, list) else [value]
    if not all(isinstance(each, _PLAIN) for each in within):
        raise UsageError(Text("{column}: has a table in it", column=key))
    return value


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _NotAnObjectError(Text("has a key twice"))
    return found


def _no_number(_word: str) -> NoReturn:
    raise _NotAnObjectError(Text("has NaN or Infinity in it"))


def problems_in(error: UsageError) -> list[tuple[str, str]]:
    """Return the column that each problem begins with, and what is wrong there."""
    whole = error.args[0]
    if isinstance(whole, Text) and "column" in whole.values:
        return [(str(whole.values["column"]), whole)]
    return [_split(line) for line in str(whole).splitlines()]


def _split(line: str) -> tuple[str, str]:
    column, colon, why = line.partition(": ")
    return (column, why) if colon else ("", line)


def _is_mangled(text: str) -> bool:
    """Tell whether *text* has bytes in it that are not UTF-8."""
    return _MANGLED.search(text) is not None


def _lines(stream: TextIO) -> Iterator[str]:
    """Yield lines, and refuse those that would fill the memory."""
    number = 0
    while True:
        number += 1
        try:
            line = stream.readline(_LONGEST)
        except UnicodeError:
            raise DataError(
                Text("row {row}: {why}", row=number, why=_NO_TEXT)
            ) from None
        if not line:
            return
        if len(line) == _LONGEST and not line.endswith("\n"):
            why = Text("is longer than 1 MB; this is no table of lines")
            raise DataError(Text("row {row}: {why}", row=number, why=why))
        yield line
