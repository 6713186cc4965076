"""What is known of carriers, read from the data files beside this module.

Carriers change their rules: a fact is a default that the owner of a line can
override, never the truth.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from reminderd.carriers.official import official_url
from reminderd.domain.quantities import Period, parse_period


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """One carrier; ``zone`` is where its days end, None stands for unknown.

    ``keep_alive_every`` is how long a number lives without activity. ``source`` is
    where that is stated, as read on ``checked_on``.
    """

    name: str
    title: str
    zone: ZoneInfo | None = None
    domains: tuple[str, ...] = ()
    renew_url: str | None = None
    keep_alive_every: Period | None = None
    size_base: int | None = None
    source: str | None = None
    checked_on: date | None = None


@cache
def shipped_carriers() -> Mapping[str, Carrier]:
    """Return the carriers that come with reminderd, by name."""
    files = sorted(
        (
            file
            for file in resources.files("reminderd.carriers").iterdir()
            if file.name.endswith(".toml")
        ),
        key=lambda file: file.name,
    )
    carriers = {
        file.name.removesuffix(".toml"): tomllib.loads(file.read_text("utf-8"))
        for file in files
    }
    return MappingProxyType(
        {name: _carrier(name, facts) for name, facts in carriers.items()}
    )


def _carrier(name: str, facts: Mapping[str, Any]) -> Carrier:
    domains = tuple(facts["domains"])
    return Carrier(
        name=name,
        title=facts["title"],
        zone=ZoneInfo(facts["timezone"]),
        domains=domains,
        renew_url=official_url(facts["renew_url"], domains),
        keep_alive_every=parse_period(facts["keep_alive_every"]),
        source=facts["source"],
        checked_on=facts["checked_on"],
    )
