"""The plainest types of settings: text, words to choose from, switches, lists.

No refusal in this package repeats a value that may be secret or private.
"""

from typing import Annotated

from pydantic import PlainValidator

from reminderd.config.wording import SettingError, did_you_mean, echo
from reminderd.domain.ladders import Severity
from reminderd.domain.texts import Text
from reminderd.languages import known_languages

_TOO_LONG = 250
# Beyond it a number is not worth repeating, and Python may refuse to print it.
_ECHO_MAX = 10**12
# A Prometheus server keeps each series of each line for weeks.
_MOST_LINES = 100_000
_LONGEST_COUNT = 9


def text_of(value: object, example: str) -> str:
    """Return *value* if it is text of one line; *example* is what to write instead."""
    if not isinstance(value, str):
        raise SettingError(
            Text(
                "is not text; write it in double quotes, such as {example}",
                example=example,
            )
        )
    if "://" in value:
        raise SettingError(Text("is an address; write {example}", example=example))
    if len(value) > _TOO_LONG:
        raise SettingError(
            Text(
                "is longer than {most} characters; write {example}",
                most=_TOO_LONG,
                example=example,
            )
        )
    return value


def quantity_text(value: object, example: str) -> str:
    """Return the text of an amount or a duration; a bare number lacks its unit."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        shown = (
            Text("{number} has", number=value)
            if abs(value) < _ECHO_MAX
            else Text("a bare number has")
        )
        raise SettingError(
            Text("{shown} no unit; write {example}", shown=shown, example=example)
        )
    return text_of(value, example)


def choice(value: object, known: tuple[str, ...]) -> str:
    """Return *value* if it is one of the *known* words."""
    text = text_of(value, f'"{known[0]}"')
    if text not in known:
        raise SettingError(
            Text(
                "there is no {text}{hint}",
                text=echo(text),
                hint=did_you_mean(text, known),
            )
        )
    return text


def severity(value: object) -> Severity:
    """Return the severity named by *value*."""
    known = {level.word: level for level in Severity}
    return known[choice(value, tuple(known))]


def _switch(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return value == "true"
    raise SettingError(
        Text("is neither true nor false; write true or false without quotes")
    )


def items(value: object) -> list[object]:
    """Return *value* if it is a list."""
    if not isinstance(value, list):
        raise SettingError(
            Text('is not a list; write it in brackets, such as ["a", "b"]')
        )
    return value


def one_or_more(value: object) -> object:
    """Return *value* as a list, whether it is one or stands for one."""
    return value if isinstance(value, list) else [value]


def _language(value: object) -> str:
    return choice(value, known_languages())


def _line_count(value: object) -> int:
    # The environment has nothing but text.
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        value = int(value[:_LONGEST_COUNT])
    if isinstance(value, bool) or not isinstance(value, int):
        raise SettingError("is no number of lines; write 1000, or 0 for none of them")
    if not 0 <= value <= _MOST_LINES:
        raise SettingError(f"must be from 0 to {_MOST_LINES}; write 1000")
    return value


Switch = Annotated[bool, PlainValidator(_switch)]
SeverityWord = Annotated[Severity, PlainValidator(severity)]
LineCount = Annotated[int, PlainValidator(_line_count)]
Language = Annotated[str, PlainValidator(_language)]
