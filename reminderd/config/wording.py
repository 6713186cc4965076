"""How a problem of the configuration is put into words."""

import json
import re
from collections.abc import Collection, Iterable
from difflib import get_close_matches

from reminderd.domain.texts import Text

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_ECHO_LENGTH = 60
_CUTOFF = 0.6
_MOST_COMPARED = 100


class SettingError(ValueError):
    """Why a value is refused, and what to write instead; the key is put before it."""


def echo(value: str) -> str:
    """Return *value* in quotes and on one line, shortened, without an address in it."""
    if "://" in value:
        return Text("this address")
    if len(value) > _ECHO_LENGTH:
        value = value[:_ECHO_LENGTH] + "..."
    return repr(value)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the one of *known* that *word* is most likely meant to be, or None."""
    by_lower = {name.lower(): name for name in known}
    matches = get_close_matches(word.lower(), by_lower, n=1, cutoff=_CUTOFF)
    return by_lower[matches[0]] if matches else None


def did_you_mean(word: str, known: Collection[str]) -> str:
    """Return "; did you mean 'x'?", or what there is to choose from.

    Nothing where there is a great deal: a file may have thousands of mistakes.
    """
    if len(known) > _MOST_COMPARED:
        return ""
    match = nearest(word, sorted(known))
    if match is not None:
        return Text("; did you mean {match}?", match=echo(match))
    if not known:
        return ""
    return Text("; known are: {known}", known=", ".join(sorted(known)))


def dotted(loc: Iterable[str | int]) -> str:
    """Return the path of a key as one writes it in TOML: lines."my sim".number."""
    return ".".join(_key(str(part)) for part in loc)


def _key(part: str) -> str:
    if "://" in part:
        return '"..."'
    if len(part) > _ECHO_LENGTH:
        part = part[:_ECHO_LENGTH] + "..."
    if _BARE_KEY.fullmatch(part):
        return part
    return json.dumps(part, ensure_ascii=not part.isprintable())
