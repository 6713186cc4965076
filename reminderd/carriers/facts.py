"""What is known of carriers, read from the data files beside this module.

Carriers change their rules: a fact is a default that the owner of a line can
override, never the truth.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from reminderd.domain.quantities import Period, parse_period

# Printable ASCII, without what browsers read differently from urllib.
_PLAIN_URL = re.compile(r"[!-~]+")
_MISREAD = frozenset("\\@<>\"`{}|^'")
_MAX_URL_LENGTH = 2000
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_MAX_HOST_LENGTH = 253


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


def official_url(url: str, domains: Sequence[str]) -> str:
    """Return *url* if it is an https address of one of *domains*.

    A reminder tells people where to pay, so an address that could lead elsewhere
    is refused: the host is a listed domain or below one, without port, user or
    password, and nothing in it can be read in two ways.

    Raises:
        ValueError: The address is none of these; says what to write instead.
    """
    if not _PLAIN_URL.fullmatch(url) or _MISREAD & set(url):
        raise ValueError("write a plain https address, without blanks, @ or \\")
    if len(url) > _MAX_URL_LENGTH:
        raise ValueError(f"write an address of at most {_MAX_URL_LENGTH} characters")
    scheme, separator, rest = url.partition("://")
    host = re.split(r"[/?#]", rest, maxsplit=1)[0].lower()
    if scheme.lower() != "https" or not separator:
        raise ValueError('write an address that begins with "https://"')
    if not is_host(host) or urlsplit(url).hostname != host:
        raise ValueError("write the name of a website after https://, without a port")
    if not any(host == domain or host.endswith(f".{domain}") for domain in domains):
        listed = ", ".join(domains) or "none is known"
        raise ValueError(f"is not on an official domain of the carrier ({listed})")
    return url


def is_host(text: str) -> bool:
    """Return whether *text* is a lower-case ASCII domain name such as "ee.co.uk"."""
    return len(text) <= _MAX_HOST_LENGTH and _HOST.fullmatch(text) is not None


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
