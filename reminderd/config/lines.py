"""One line given by other means than the file, checked by the rules of the file."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from reminderd.config.checks import find_problems
from reminderd.config.problems import Loc, Problem, problems_of
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
    origin = Origin({"timezone": settings.timezone.key, "lines": {name: dict(values)}})
    try:
        only = Settings(_build_sources=((OriginSource(Settings, origin),), {}))
    except ValidationError as error:
        raise _usage_error(problems_of(error)) from None
    section = only.lines[name]
    whole = settings.model_copy(update={"lines": {name: section}})
    mine: Loc = ("lines", name)
    problems = [
        problem
        for problem in find_problems(whole, Path(), now)
        if problem.loc[:2] == mine
    ]
    if problems:
        raise _usage_error(problems)
    return section


def _usage_error(problems: Iterable[Problem]) -> UsageError:
    return UsageError(
        *(
            Text("{place}: {problem}", place=dotted(known.loc[2:]), problem=known.text)
            for known in problems
        )
    )
