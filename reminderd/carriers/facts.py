"""What is known of carriers, read from the data files beside this module.

Carriers change their rules: a fact is a default that the owner of a line can
override, never the truth.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from reminderd.domain.calendar import shift
from reminderd.domain.guides import UNGUIDED, Guide
from reminderd.domain.quantities import Period
from reminderd.domain.terms import UNKNOWN_TERMS, Terms

_SUFFIX = ".toml"

# Printable ASCII, without what browsers read differently from urllib.
_PLAIN_URL = re.compile(r"[!-~]+")
_MISREAD = frozenset("\\@<>\"`{}|^'")
_MAX_URL_LENGTH = 2000
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_MAX_HOST_LENGTH = 253


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
