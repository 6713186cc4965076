"""Who owns a name on the web: the list of public suffixes, kept by Mozilla.

Both parts of the list count. A suffix of its private part, such as github.io, is
where anybody may have a name: as an official domain it would make everybody
official, and what is below it belongs to somebody else each time.
"""

from functools import cache
from typing import TYPE_CHECKING

from reminderd.carriers.web_addresses import unicode_host

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList


def owner_of(host: str) -> str:
    """Return the part of *host* that somebody registered, such as "three.co.uk".

    A public suffix is returned whole.
    """
    registered = _suffixes().privatesuffix(unicode_host(host))
    if registered is None:
        return host
    return ".".join(host.split(".")[-registered.count(".") - 1 :])


def is_public_suffix(host: str) -> bool:
    """Return whether many owners share *host*, as they share "co.uk"."""
    return _suffixes().is_public(unicode_host(host))


def has_known_ending(host: str) -> bool:
    """Return whether *host* ends like the name of a website, unlike a file's name."""
    known = _suffixes().publicsuffix(unicode_host(host), accept_unknown=False)
    return known is not None


@cache
def _suffixes() -> "PublicSuffixList":
    from publicsuffixlist import PublicSuffixList

    # Encoding all of its names takes three times as long as reading them.
    return PublicSuffixList(accept_encoded_idn=False)
