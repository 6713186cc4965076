"""Why an address is not a carrier's own: one word for each reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """What can be wrong with an address; the values are what programs read."""

    TOO_LONG = "too-long"
    INVISIBLE = "invisible-character"
    BACKSLASH = "backslash"
    MARKUP = "misread-character"
    PUNYCODE = "punycode"
    LATIN_TWIN = "look-alike-letter"
    FOREIGN_LETTER = "foreign-letter"
    ENCODED_HOST = "percent-encoded-host"
    NO_SCHEME = "no-scheme"
    NOT_ENCRYPTED = "not-encrypted"
    OTHER_SCHEME = "other-scheme"
    USER = "user-before-host"
    PORT = "port"
    IP_ADDRESS = "ip-address"
    NOT_PLAIN = "not-plain"
    # Whose the host is, where it is not the carrier's.
    NONE_KNOWN = "no-domain-known"
    IN_FRONT = "official-domain-in-front"
    LOOKS_SAME = "looks-the-same"
    OTHER_ENDING = "other-ending"
    MISSPELT = "misspelt"
    NAME_WITHIN = "name-within"
    FOREIGN = "foreign-domain"
    # What is in the address after the host.
    REDIRECT = "redirect"
    NESTED = "address-within"


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason; ``values`` has what a text about it names, safe to be shown.

    All of these have ``owner``, whose the host is: IN_FRONT to FOREIGN. ``domain``
    is the official domain that is imitated.
    """

    fault: Fault
    values: Mapping[str, str] = field(default_factory=dict)
