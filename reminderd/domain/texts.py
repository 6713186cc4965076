"""A sentence for a person, raised or returned where nobody knows the language yet."""

from collections.abc import Mapping
from typing import Self


class Text(str):
    """An English sentence that can still be said in another language.

    It is the sentence itself; ``template`` is the key of the message catalogues, and
    ``values`` stand in its places. A value may be a Text again.
    """

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, /, **values: object) -> Self:
        """Return *template* with *values* in its places."""
        text = super().__new__(cls, template.format(**values))
        text.template = template
        text.values = values
        return text


def said(error: Exception) -> str:
    """Return what *error* says, as the Text that it was raised with."""
    text = error.args[0] if error.args else ""
    return text if isinstance(text, str) else str(error)


def N_(text: str) -> str:  # noqa: N802 - the name by which Babel finds texts
    """Return *text* unchanged; it is translated where it is used."""
    return text
