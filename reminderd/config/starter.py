"""The configuration that ``init`` writes: the example, with dates that make sense."""

import re
from datetime import date, datetime, timedelta
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

from reminderd.domain.calendar import local_date
from reminderd.languages import ENGLISH

# The day on which the dates of the example are fresh.
WRITTEN_ON = date(2026, 11, 22)

_DATE = re.compile(r"(?<![0-9-])20[0-9]{2}-[01][0-9]-[0-3][0-9](?![0-9-])")
_LANGUAGE = re.compile(r'^(language = )"\w+"', re.MULTILINE)
# In a working copy the example lies at the top; a wheel carries it in this package.
_IN_WORKING_COPY = Path(__file__).parents[2] / "config.example.toml"


def starter(now: datetime, zone: ZoneInfo, language: str = ENGLISH) -> str:
    """Return the example configuration as if it had been written today in *zone*.

    Messages will be in *language*.
    """
    since = local_date(now, zone) - WRITTEN_ON
    text = _DATE.sub(lambda found: _moved(found[0], since), _example())
    return _LANGUAGE.sub(f'\\g<1>"{language}"', text)


def _example() -> str:
    packaged = resources.files("reminderd.config").joinpath("example.toml")
    if packaged.is_file():
        return packaged.read_text("utf-8")
    return _IN_WORKING_COPY.read_text("utf-8")


def _moved(day: str, by: timedelta) -> str:
    return (date.fromisoformat(day) + by).isoformat()
