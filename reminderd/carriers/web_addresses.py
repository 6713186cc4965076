"""Web addresses as a browser reads them, however strangely they are written."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

_PUNYCODE = "xn--"

_HOST = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)
_MAX_HOST_LENGTH = 253
# The characters that the URL standard of browsers takes out of an address, and those
# that it takes away at the ends. A scheme with a dot would be a host with a port.
_DROPPED = {ord(character): None for character in "\t\r\n"}
_TRIMMED = "".join(map(chr, range(0x21)))
_SCHEME = re.compile(r"([a-z][a-z0-9+-]*):(?!\d)", re.IGNORECASE)
_END_OF_HOST = re.compile(r"[/\\?#]")
# A host whose last part is a number, also in base 16, is an IP address.
_IP = re.compile(r"\[.*|(?:.*\.)?(?:0x[0-9a-f]*|[0-9]+)", re.DOTALL)
_WEB = ("", "http", "https")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAddress:
    """Where an address leads; ``rest`` is what follows the host, as it is written.

    ``scheme`` is "" where none is written. ``written`` is the host in the address,
    ``shown`` the same in lower-case Unicode, and ``host`` as it is looked up: in
    ASCII, "" where that is no domain name.
    """

    scheme: str
    has_user: bool
    written: str
    shown: str
    host: str
    port: str | None
    rest: str

    @property
    def is_web(self) -> bool:
        """Whether a browser would open a website; a host is read only then."""
        return self.scheme in _WEB

    @property
    def is_ip(self) -> bool:
        """Whether the host is a number instead of a name."""
        return _IP.fullmatch(self.shown) is not None


def read_address(text: str) -> WebAddress:
    """Return where a browser would go with *text*; nothing is refused here."""
    plain = text.strip(_TRIMMED).translate(_DROPPED)
    match = _SCHEME.match(plain)
    scheme = match[1].lower() if match else ""
    rest = plain[match.end() :] if match else plain
    if scheme not in _WEB:
        authority = ""
    else:
        rest = rest.lstrip("/\\")
        authority = _END_OF_HOST.split(rest, maxsplit=1)[0]
    _, at, location = authority.rpartition("@")
    written, port = _host_and_port(location)
    name = _folded(written)
    return WebAddress(
        scheme=scheme,
        has_user=bool(at),
        written=written,
        shown=unicode_host(name),
        host=_looked_up(name),
        port=port,
        rest=rest[len(authority) :],
    )


def is_host(text: str) -> bool:
    """Return whether *text* is a lower-case ASCII domain name such as "ee.co.uk"."""
    return len(text) <= _MAX_HOST_LENGTH and _HOST.fullmatch(text) is not None


def unicode_host(host: str) -> str:
    """Return what a browser may show for *host*: its punycode is decoded."""
    return ".".join(_decoded(label) for label in host.split("."))


def has_punycode(host: str) -> bool:
    """Return whether a part of *host* stands for letters that are not in it."""
    return any(label.lower().startswith(_PUNYCODE) for label in host.split("."))


def is_on(host: str, domains: Iterable[str]) -> bool:
    """Return whether *host* is one of *domains* or below one."""
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def _host_and_port(location: str) -> tuple[str, str | None]:
    end = location.find("]") + 1 if location.startswith("[") else 0
    name, colon, port = location[end:].partition(":")
    return location[:end] + name, port if colon else None


def _folded(written: str) -> str:
    """Return a host with everything made the same that names of websites may vary."""
    if len(written) > _MAX_HOST_LENGTH * len("%xx"):
        return ""
    folded = unicodedata.normalize("NFKC", unquote(written)).lower()
    kept = (char for char in folded if unicodedata.category(char) != "Cf")
    return "".join(kept).replace("\u3002", ".").removesuffix(".")


def _looked_up(name: str) -> str:
    try:
        host = ".".join(_encoded(label) for label in name.split("."))
    except ValueError:
        return ""
    return host if is_host(host) else ""


def _encoded(label: str) -> str:
    if label.isascii():
        return label
    label.encode()  # half a character is no letter, though punycode takes it
    return _PUNYCODE + label.encode("punycode").decode("ascii")


def _decoded(label: str) -> str:
    if not label.startswith(_PUNYCODE):
        return label
    try:
        decoded = label.removeprefix(_PUNYCODE).encode("ascii").decode("punycode")
        return decoded if _encoded(decoded) == label else label
    except (ValueError, OverflowError):
        return label
