"""A table of a page: the same figures as a chart, for those who do not see it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and rows of cells, all of them words."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
