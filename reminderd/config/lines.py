"""One line given by other means than the file, checked by the rules of the file."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from reminderd.config.checks import line_problems
from reminderd.config.problems import Problem, problems_of
from reminderd.config.settings import LineSettings, Settings
from reminderd.config.sources import Origin, OriginSource
from reminderd.config.wording import dotted
from reminderd.domain.texts import Text
from reminderd.errors import UsageError


def check_line(
    settings: Settings, name: str, values: Mapping[str, Any], now: datetime
) -> LineSettings:
    """Return *values*, keys of ``[lines.NAME]``, as the section they would make.

    Raises:
        UsageError: Something is wrong with them; all of it is listed.
    """
    try:
        section = LineSettings.model_validate(values)
    except ValidationError:
        section = _explained(settings, name, values)
    problems = list(line_problems(("lines", name), section, settings, now))
    if problems:
        raise _usage_error(problems)
    return section


def _explained(
    settings: Settings, name: str, values: Mapping[str, Any]
) -> LineSettings:
    """Raise UsageError in the words of the file, which need the whole of it."""
    origin = Origin({"timezone": settings.timezone.key, "lines": {name: dict(values)}})
    try:
        only = Settings(_build_sources=((OriginSource(Settings, origin),), {}))
    except ValidationError as error:
        raise _usage_error(problems_of(error)) from None
    return only.lines[name]


def _usage_error(problems: Iterable[Problem]) -> UsageError:
    return UsageError(
        *(
            Text("{place}: {problem}", place=dotted(known.loc[2:]), problem=known.text)
            for known in problems
        )
    )
