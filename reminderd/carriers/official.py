"""Whether an address is a carrier's own: only such are shown, or called safe."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from urllib.parse import urlsplit

from reminderd.carriers.letters import latin_of, name_of, visible
from reminderd.carriers.lookalikes import objection_to
from reminderd.carriers.objections import Fault, Objection
from reminderd.carriers.redirects import objection_to_rest
from reminderd.carriers.suffixes import is_public_suffix
from reminderd.carriers.web_addresses import (
    WebAddress,
    has_punycode,
    is_host,
    is_on,
    read_address,
    unicode_host,
)
from reminderd.domain.texts import N_, Text

_MAX_LENGTH = 2000
# What browsers read differently from urllib, or chats take for markup.
_MISREAD = frozenset("<>\"`{}|^'")
# Unicode itself has no names for these.
_CONTROL_NAMES = {"\t": "TAB", "\n": "LINE FEED", "\r": "CARRIAGE RETURN"}

_REFUSALS = {
    Fault.TOO_LONG: N_("write an address of at most {most} characters"),
    Fault.INVISIBLE: N_("has {name} in it; write a plain https address"),
    Fault.BACKSLASH: N_(
        "has a backslash in it, for browsers a slash; write a plain https address"
    ),
    Fault.MARKUP: N_("has {letter} in it; write a plain https address"),
    Fault.PUNYCODE: N_(
        "has a host in punycode, which shows as {quoted}; write "
        "the carrier's own name in plain letters"
    ),
    Fault.LATIN_TWIN: N_(
        "has {quoted} ({name}) where a Latin {latin} would stand; write plain letters"
    ),
    Fault.FOREIGN_LETTER: N_("has {quoted} ({name}) in it; write plain letters"),
    Fault.ENCODED_HOST: N_("has a % in its host; write a plain https address"),
    Fault.NO_SCHEME: N_('write an address that begins with "https://"'),
    Fault.NOT_ENCRYPTED: N_(
        'is not encrypted (http); write an address that begins with "https://"'
    ),
    Fault.OTHER_SCHEME: N_('is no web address; write one that begins with "https://"'),
    Fault.USER: N_(
        "has a user name before an @, which hides where it leads; "
        "write the name of a website after https://"
    ),
    Fault.PORT: N_("write the name of a website after https://, without a port"),
    Fault.IP_ADDRESS: N_(
        "has an IP address as its host; write the name of a website after https://"
    ),
    Fault.NOT_PLAIN: N_("write the name of a website after https://"),
    Fault.NONE_KNOWN: N_("is not on an official domain of the carrier (none is known)"),
    Fault.IN_FRONT: N_("belongs to {owner}, {domain} only stands in front; it"),
    Fault.LOOKS_SAME: N_("belongs to {owner}, which only looks like {domain}; it"),
    Fault.OTHER_ENDING: N_("belongs to {owner}, another ending than {domain}; it"),
    Fault.MISSPELT: N_("belongs to {owner}, spelt almost like {domain}; it"),
    Fault.NAME_WITHIN: N_(
        "belongs to {owner}, which only contains the name of {domain}; it"
    ),
    Fault.FOREIGN: N_("belongs to {owner} and"),
    Fault.REDIRECT: N_(
        "leads on to {host}; write the address itself, without a redirect"
    ),
    Fault.NESTED: N_("has another address in it; write one without a redirect"),
}


def official_url(url: str, domains: Sequence[str]) -> str:
    """Return *url* if it is an https address of one of *domains*.

    A reminder tells people where to pay, so an address that could lead elsewhere
    is refused: see :func:`objections`.

    Raises:
        ValueError: The address is none of these; says why and what to write instead,
            without the address.
    """
    for objection in objections(url, domains):
        values = objection.values
        quoted = repr(values.get("shown", values.get("letter")))
        text = Text(_REFUSALS[objection.fault], **values, quoted=quoted)
        if "official" in objection.values and objection.fault is not Fault.NONE_KNOWN:
            text = Text(
                "{problem} is not on an official domain of the carrier ({official})",
                problem=text,
                official=objection.values["official"],
            )
        raise ValueError(text)
    return url


def official_domain(domain: str) -> str:
    """Return *domain* if a carrier can have it for itself.

    Raises:
        ValueError: It is no domain, is shared by many, or cannot be told from
            another by its looks; says what to write instead, without the domain.
    """
    if not is_host(domain):
        raise ValueError(Text('is no domain; write one such as "giffgaff.com"'))
    if has_punycode(domain):
        shown = visible(unicode_host(domain))
        raise ValueError(
            Text(
                "is punycode and shows as {shown}; write a domain in plain letters",
                shown=repr(shown),
            )
        )
    if is_public_suffix(domain):
        raise ValueError(
            Text(
                "is shared by many owners; write the carrier's own domain in "
                'it, such as "giffgaff.com"'
            )
        )
    return domain


def objections(url: str, domains: Sequence[str]) -> Iterator[Objection]:
    """Yield why *url* is not an https address of one of *domains*; none if it is.

    The host has to be a listed domain or below one, without port, user or password,
    nothing may be readable in two ways, and no other address may be inside.
    """
    if len(url) > _MAX_LENGTH:
        yield Objection(Fault.TOO_LONG, {"most": str(_MAX_LENGTH)})
        return
    address = read_address(url)
    strange = [*_characters(url), *_letters(address), *_parts(address)]
    yield from strange
    if not strange and not _is_plain(url, address):
        yield Objection(Fault.NOT_PLAIN)
    if address.host and not is_on(address.host, domains):
        yield objection_to(address.host, domains)
    within = objection_to_rest(address.rest, domains) if address.is_web else None
    if within is not None:
        yield within


def _characters(url: str) -> Iterator[Objection]:
    """Yield what no plain address contains."""
    hidden = next((char for char in url if not char.isprintable() or char == " "), "")
    if hidden:
        name = _CONTROL_NAMES.get(hidden) or name_of(hidden)
        yield Objection(Fault.INVISIBLE, {"name": name})
    if "\\" in url:
        yield Objection(Fault.BACKSLASH)
    misread = next((char for char in url if char in _MISREAD), "")
    if misread:
        yield Objection(Fault.MARKUP, {"letter": misread})


def _letters(address: WebAddress) -> Iterator[Objection]:
    """Yield which letters make a host look like another, or are no plain ones."""
    if has_punycode(address.written):
        yield Objection(Fault.PUNYCODE, {"shown": visible(address.shown)})
    if "%" in address.written:
        yield Objection(Fault.ENCODED_HOST)
    in_host = _foreign_letter(address.written) or _foreign_letter(address.shown)
    letter = in_host or _foreign_letter(address.rest)
    latin = latin_of(in_host)
    values = {"letter": visible(letter), "name": letter and name_of(letter)}
    if latin:
        yield Objection(Fault.LATIN_TWIN, {**values, "latin": latin})
    elif letter:
        yield Objection(Fault.FOREIGN_LETTER, values)


def _foreign_letter(text: str) -> str:
    """Return the first letter of *text* that is not ASCII, "" if there is none."""
    return next(
        (char for char in text if char.isprintable() and not char.isascii()), ""
    )


def _parts(address: WebAddress) -> Iterator[Objection]:
    """Yield what is before the host, after it, or missing."""
    match address.scheme:
        case "https":
            pass
        case "http":
            yield Objection(Fault.NOT_ENCRYPTED)
        case "":
            yield Objection(Fault.NO_SCHEME)
        case _:
            yield Objection(Fault.OTHER_SCHEME)
    if address.has_user:
        yield Objection(Fault.USER)
    if address.port is not None:
        yield Objection(Fault.PORT)
    if address.is_ip:
        yield Objection(Fault.IP_ADDRESS)


def _is_plain(url: str, address: WebAddress) -> bool:
    """Return whether urllib and our reading agree on *url*."""
    with suppress(ValueError):
        parts = urlsplit(url)
        host = parts.netloc.lower()
        return url[:8].lower() == "https://" and host == address.host == parts.hostname
    return False
