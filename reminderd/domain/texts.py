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


def said_by_system(error: OSError) -> Text:
    """Return what the operating system says of *error*, in its own words."""
    text = error.strerror or type(error).__name__
    return Text(text.replace("{", "{{").replace("}", "}}"))


def N_(text: str) -> str:  # noqa: N802 - the name by which Babel finds texts
    """Return *text* unchanged; it is translated where it is used."""
    return text


# What the operating system says most often; anything else stays as it is.
SYSTEMS_OWN = (
    N_("File exists"),
    N_("File name too long"),
    N_("Input/output error"),
    N_("Is a directory"),
    N_("No space left on device"),
    N_("No such file or directory"),
    N_("Not a directory"),
    N_("Permission denied"),
    N_("Read-only file system"),
    N_("Too many levels of symbolic links"),
)
