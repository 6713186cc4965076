"""English sentences that were stored or come from elsewhere, told in another language.

What a delivery failed of is kept as the English sentence: programs read it, and who
reads it later may read another language. It is found again in the catalogue by the
words in it; one that no catalogue knows stays as it is.
"""

import re
import string
from collections.abc import Mapping
from functools import cache

from reminderd.languages import ENGLISH
from reminderd.messages.catalogs import templates
from reminderd.messages.wording import Wording

# Fewer letters around the values of a template would fit any sentence.
_FEWEST_LETTERS = 8


def recall(text: str, words: Wording) -> str:
    """Return an English sentence in the reader's language, as far as it is known."""
    if words.reader.language == ENGLISH or not text:
        return text
    exact = words.texts.gettext(text)
    if exact != text:
        return exact
    for template, letters in _by_length(words.reader.language):
        if max(letters, key=len) in text:
            values = _values(template, text)
            if values is not None:
                return words.say(template, **_recalled(values, words))
    place, colon, problem = text.partition(": ")
    if not colon:
        return text
    return words.say("{place}: {problem}", place=place, problem=recall(problem, words))


def _recalled(values: Mapping[str, str], words: Wording) -> dict[str, str]:
    """Return *values* with the sentences among them told; a word may be a name."""
    return {
        name: recall(value, words) if " " in value else value
        for name, value in values.items()
    }


@cache
def _by_length(language: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the templates with values in them, those of the most words first."""
    known = ((template, _letters(template)) for template in templates(language))
    usable = [each for each in known if len("".join(each[1])) >= _FEWEST_LETTERS]
    usable.sort(key=lambda each: -len("".join(each[1])))
    return tuple(usable)


def _letters(template: str) -> tuple[str, ...]:
    parsed = [*string.Formatter().parse(template)]
    if not any(field for _, field, _, _ in parsed):
        return ()
    return tuple(letters for letters, *_ in parsed)


def _values(template: str, text: str) -> Mapping[str, str] | None:
    """Return what *text* has in the places of *template*, None where it is another."""
    match = _pattern(template).fullmatch(text)
    return None if match is None else match.groupdict()


@cache
def _pattern(template: str) -> re.Pattern[str]:
    pattern = ""
    seen: set[str] = set()
    for letters, field, *_ in string.Formatter().parse(template):
        pattern += re.escape(letters)
        if field in seen:
            pattern += f"(?P={field})"
        elif field:
            # What follows a value at once is a hint, or nothing.
            value = ".+?" if letters or not seen else "(?:; .+)?"
            pattern += f"(?P<{field}>{value})"
            seen.add(field)
    return re.compile(pattern, re.DOTALL)
