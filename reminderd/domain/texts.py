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
