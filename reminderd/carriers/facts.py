"""What is known of carriers, read from the data files beside this module.

Carriers change their rules: a fact is a default that the owner of a line can
override, never the truth.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from reminderd.domain.calendar import shift
from reminderd.domain.guides import UNGUIDED, Guide
from reminderd.domain.periods import Period
from reminderd.domain.terms import UNKNOWN_TERMS, Terms

_SUFFIX = ".toml"


# A carrier may have changed its terms since; nobody has looked for so long.
_A_YEAR = Period(months=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """One carrier; ``zone`` is where its days end, None stands for unknown.

    ``size_base`` is how many bytes it calls a kilobyte. ``source`` is the most
    official place where its terms are stated, as read on ``checked_on``, ``sources``
    are others; ``conflict`` is what they disagree about.
    """

    name: str
    title: str
    zone: ZoneInfo | None = None
    domains: tuple[str, ...] = ()
    renew_url: str | None = None
    terms: Terms = UNKNOWN_TERMS
    guide: Guide = UNGUIDED
    size_base: int | None = None
    source: str | None = None
    sources: tuple[str, ...] = ()
    checked_on: date | None = None
    conflict: str | None = None


def is_old(checked_on: date | None, today: date) -> bool:
    """Return whether facts of *checked_on* are more than a year old by *today*."""
    return checked_on is not None and shift(checked_on, _A_YEAR) < today


@cache
def shipped_names() -> frozenset[str]:
    """Return the names of the carriers that come with reminderd."""
    return frozenset(
        file.name.removesuffix(_SUFFIX)
        for file in resources.files("reminderd.carriers").iterdir()
        if file.name.endswith(_SUFFIX)
    )


def is_shipped(name: str) -> bool:
    """Return whether a carrier called *name* comes with reminderd."""
    return name in shipped_names()


def shipped_facts(name: str) -> dict[str, Any]:
    """Return what the file of a shipped carrier says, as it stands there."""
    file = resources.files("reminderd.carriers").joinpath(name + _SUFFIX)
    return tomllib.loads(file.read_text("utf-8"))
