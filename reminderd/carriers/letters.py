"""Letters that are not what they look like."""

import unicodedata

# Small letters of other scripts that look like Latin ones in common typefaces:
# Cyrillic, then Greek, Armenian, and rare Latin ones.
_OTHERS = (
    "\u0430\u0432\u0435\u0441\u043a\u043c\u043d\u043e\u0440\u0442\u0443\u0445"
    "\u0455\u0456\u0458\u04bb\u04cf\u0501\u051b\u051d"
    "\u03b1\u03b9\u03ba\u03bd\u03bf\u03c1\u03c5\u03c7"
    "\u0561\u0570\u0578\u057d\u0585"
    "\u0131\u0251\u0261\u0269"
)
_LATIN = "abeckmhoptyx" + "sijhldqw" + "aikvopux" + "ahnuo" + "iagi"
_LOOKS_LIKE = dict(zip(_OTHERS, _LATIN, strict=True))
_TWINS = (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"), ("i", "l"))
# Directions of writing that turn the order of what is shown.
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN", "RLE", "RLO", "RLI"})


def latin_of(letter: str) -> str:
    """Return the Latin letter that *letter* looks like, "" where there is none."""
    if letter in _LOOKS_LIKE:
        return _LOOKS_LIKE[letter]
    base = unicodedata.normalize("NFKD", letter)[:1].lower()
    return base if base.isascii() and base.isalnum() else ""


def skeleton(name: str) -> str:
    """Return *name* with all that looks alike made the same."""
    text = "".join(
        letter if letter.isascii() else latin_of(letter) or letter for letter in name
    )
    for written, read in _TWINS:
        text = text.replace(written, read)
    return text


def name_of(letter: str) -> str:
    """Return what Unicode calls *letter*, such as "CYRILLIC SMALL LETTER A"."""
    return unicodedata.name(letter, f"U+{ord(letter):04X}")


def visible(text: str) -> str:
    """Return *text* without what could hide or turn anything on a screen."""
    return "".join(map(_visible, text))


def _visible(letter: str) -> str:
    is_harmless = letter.isprintable() and (
        letter.isascii()
        or (
            letter.isalnum() and unicodedata.bidirectional(letter) not in _RIGHT_TO_LEFT
        )
    )
    return letter if is_harmless else f"[U+{ord(letter):04X}]"
