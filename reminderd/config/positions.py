"""On which line of a TOML text a key stands."""

import re
from collections.abc import MutableMapping, MutableSequence
from contextlib import suppress
from typing import Any

from reminderd.domain.names import clean_name

Loc = tuple[str | int, ...]

_MARK = re.compile("\ue000([0-9]{1,9})\ue001")


class Positions:
    """The line numbers of all keys in valid TOML *text*, found when first asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines: dict[Loc, int] | None = None

    def line_of(self, loc: Loc) -> int | None:
        """Return the line of *loc*, of its section where it is absent, or None."""
        if self._lines is None:
            self._lines = _lines_of(self._text)
        for length in range(len(loc), 0, -1):
            for known in (loc[:length], _cleaned(loc[:length])):
                if known in self._lines:
                    return self._lines[known]
        return None


def _lines_of(text: str) -> dict[Loc, int]:
    """Return the line of every key: each is given a mark, then the marks are found.

    tomlkit keeps the layout of what it reads, but tells no positions.
    """
    # Slow, and needed only when something is wrong.
    import tomlkit

    marker = _Marker()
    try:
        document = tomlkit.parse(_MARK.sub("", text))
        marker.mark(document, ())
    except (tomlkit.exceptions.TOMLKitError, RecursionError):
        # tomllib has accepted the file: its problems are told, without their lines.
        return {}
    lines: dict[Loc, int] = {}
    # Not splitlines(): TOML ends lines at line feeds alone.
    for number, line in enumerate(document.as_string().split("\n"), start=1):
        for match in _MARK.finditer(line):
            loc, height = marker.marked[int(match[1])]
            for name in (loc, _cleaned(loc)):
                lines.setdefault(name, number - height)
    for loc, number in sorted(lines.items(), key=lambda found: found[1]):
        for length in range(1, len(loc)):
            lines.setdefault(loc[:length], number)
    return lines


class _Marker:
    """Puts numbered marks into a document; ``marked`` has the key of each.

    Beside the key stands by how many lines the mark is below it.
    """

    def __init__(self) -> None:
        self.marked: list[tuple[Loc, int]] = []

    def mark(self, table: MutableMapping[str, Any], loc: Loc) -> None:
        """Mark everything below *table*, a tomlkit container at *loc*."""
        for key, item in table.items():
            here = (*loc, str(key))
            if isinstance(item, bool):
                # tomlkit hands out truth values bare: nowhere to hang a comment.
                table[key] = self._next(here, 0)
                continue
            self._mark_item(item, here)

    def _mark_item(
        self,
        item: Any,  # noqa: ANN401 - the items of tomlkit share no type with these methods
        loc: Loc,
    ) -> None:
        from tomlkit.items import AoT, Array, InlineTable, Table

        if isinstance(item, AoT):
            for index, table in enumerate(item):
                self._mark_item(table, (*loc, index))
            return
        is_section = isinstance(item, dict) and not isinstance(item, InlineTable)
        height = 0 if is_section else item.as_string().count("\n")
        if isinstance(item, Array):
            self._mark_elements(item, loc)
        if isinstance(item, Table) or not is_section:
            item.comment(self._next(loc, height))
        if is_section:
            self.mark(item, loc)

    def _mark_elements(self, array: MutableSequence[Any], loc: Loc) -> None:
        for index, element in enumerate(array):
            is_bare = not hasattr(element, "as_string")
            if is_bare or "\n" not in element.as_string():
                array[index] = self._next((*loc, index), 0)

    def _next(self, loc: Loc, height: int) -> str:
        self.marked.append((loc, height))
        return f"\ue000{len(self.marked) - 1}\ue001"


def _cleaned(loc: Loc) -> Loc:
    """Return *loc* with the names in it as they are after loading."""
    parts: list[str | int] = list(loc)
    for index, part in enumerate(parts):
        with suppress(ValueError):
            parts[index] = clean_name(part) if isinstance(part, str) else part
    return tuple(parts)
