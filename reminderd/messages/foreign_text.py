"""Text that users, carriers and services wrote, made harmless in chats and tables."""

import re
import shlex
import unicodedata

_ZERO_WIDTH_SPACE = "\u200b"
# Between these two characters a chat would see a masked link, a mention of
# everybody, or a link: a space without width keeps them apart.
_LIVE = re.compile(r"\](?=\()|@|<(?=[!@])|:(?=//)")
# A spreadsheet takes what begins like this for a formula.
_FORMULA = tuple("=+-@\t\r")
_PLAIN = str.maketrans({"。": ".", "、": ",", "•": "*", _ZERO_WIDTH_SPACE: " "})


def defuse(text: str) -> str:
    """Return *text* on one line, looking the same, without links and mentions."""
    return _LIVE.sub(rf"\g<0>{_ZERO_WIDTH_SPACE}", " ".join(text.split()))


def command(verb: str, name: str, *arguments: str) -> str:
    """Return what to type into a shell to answer for the line called *name*.

    The command line cleans names, so that the defused name still finds its line.
    """
    end_of_options = ("--",) if name.startswith("-") else ()
    words = ("reminderd", verb, *end_of_options, name, *arguments)
    return defuse(shlex.join(words))


def table_cell(text: str) -> str:
    """Return *text* as a table cell that no spreadsheet will compute."""
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


def plain(text: str) -> str:
    """Return *text* with punctuation that every service and phone can show."""
    return unicodedata.normalize("NFKC", text).translate(_PLAIN)
