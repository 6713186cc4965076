"""Where a problem is, and how pydantic's errors read for people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from reminderd.config.sections import ThresholdSettings, attributes_of
from reminderd.config.settings import Settings
from reminderd.config.wording import did_you_mean, dotted
from reminderd.domain.texts import Text, said

Loc = tuple[str | int, ...]

_KEY_MARK = "[key]"


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: the key it is at, what is wrong, what to write.

    ``involves`` names other keys that it follows from: a mistake of theirs explains
    this one away.
    """

    loc: Loc
    text: str
    involves: tuple[Loc, ...] = ()

    def follows_from(self, mistakes: Sequence[Loc]) -> bool:
        """Return whether one of *mistakes* is at a key this problem depends on."""
        return any(
            key[: len(mistake)] == mistake
            for mistake in mistakes
            for key in (self.loc, *self.involves)
        )


def problems_of(error: ValidationError) -> Iterator[Problem]:
    """Yield the mistakes that pydantic found, in our words, without any value."""
    for detail in error.errors(include_input=False, include_url=False):
        loc = tuple(part for part in detail["loc"] if part != _KEY_MARK)
        match detail["type"]:
            case "value_error":
                yield Problem(loc, said(detail["ctx"]["error"]))
            case "extra_forbidden":
                yield Problem(loc, _unknown_key(loc))
            case _:
                yield Problem(loc, _no_section(loc))


def _unknown_key(loc: Loc) -> str:
    key = str(loc[-1])
    section = _section_at(loc[:-1])
    keys = attributes_of(section)
    if "thresholds" in keys and key in ThresholdSettings.model_fields:
        return _limits_elsewhere(loc)
    return Text("unknown key{hint}", hint=did_you_mean(key, keys))


def _limits_elsewhere(loc: Loc) -> str:
    return Text(
        "is a list of limits; write it under [{place}]",
        place=dotted((*loc[:-1], "thresholds")),
    )


def _no_section(loc: Loc) -> str:
    place = dotted(loc[:-1])
    if isinstance(loc[-1], int):
        return Text("is not a section; write it as [[{place}]]", place=place)
    text = Text("is not a section; write it as [{place}]", place=dotted(loc))
    if place.startswith("carriers.") and loc[-1] in ThresholdSettings.model_fields:
        return Text(
            "{text}, and limits under [{place}.thresholds]", text=text, place=place
        )
    return text


def _section_at(loc: Loc) -> type[BaseModel]:
    """Return the class of the section at *loc*; the keys of a mapping are names."""
    kind: Any = Settings
    for part in loc:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            kind = kind.model_fields[attributes_of(kind)[str(part)]].annotation
        elif isinstance(part, int):
            kind, _ = get_args(kind)
        else:
            _, kind = get_args(kind)
    section: type[BaseModel] = kind
    return section
