"""Addresses inside an address: where it may send its reader on to."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote, unquote_plus

from reminderd.carriers.objections import Fault, Objection
from reminderd.carriers.suffixes import has_known_ending
from reminderd.carriers.web_addresses import is_on, read_address

# Escaped once by the page that made the link, and once more on each way through
# another page.
_ESCAPED_AT_MOST = 4
# "https:", "//host.name" and "=//host", also with the slashes the other way round.
_WITHIN = re.compile(
    r"(?P<web>https?:.*)"
    r"|(?P<bare>[/\\]{2,}[^/\\?#&=]+\.[^/\\?#&=].*)"
    r"|=\s*(?P<value>[/\\]{2,}.*)"
    r"|=\s*(?P<script>(?:javascript|data|vbscript|intent):).*",
    re.IGNORECASE | re.DOTALL,
)
_PAIR = re.compile(r"(?:^|[?&;#/])([^?&;#/=]+)=([^&;]+)")
_NAMES = frozenset(
    {
        *("back", "backto", "backurl", "callback", "callbackurl", "continue"),
        *("continueurl", "dest", "destination", "desturl", "exit", "exiturl"),
        *("forward", "forwardurl", "goto", "gotourl", "href", "link", "linkurl"),
        *("location", "next", "nexturl", "out", "redir", "redirect", "redirecturi"),
        *("redirectto", "redirecturl", "ret", "return", "returnpath", "returnto"),
        *("returnuri", "returnurl", "rurl", "target", "targeturl", "to", "uri", "url"),
    }
)


def objection_to_rest(rest: str, domains: Sequence[str]) -> Objection | None:
    """Return that *rest*, what follows a host, has another address in it, or None.

    A whole address counts wherever it leads: a page that follows it can mostly be
    made to follow any. The bare name of a host counts in a parameter that is made
    for it, unless it is on one of *domains*.
    """
    for text in _readings(rest):
        within = _WITHIN.search(text)
        if within is not None:
            return _leading_to(within[within.lastgroup or 0])
        for key, value in _PAIR.findall(text):
            if re.sub(r"[^a-z]", "", key.lower()) in _NAMES and _is_foreign(
                value, domains
            ):
                return _leading_to(value)
    return None


def _readings(rest: str) -> Iterator[str]:
    """Yield *rest* as it is, and each time its escapes are taken away."""
    for _ in range(_ESCAPED_AT_MOST):
        # Browsers drop these; a page that sends its reader on may drop blanks too.
        yield re.sub(r"[\t\r\n]", "", rest)
        plain = unquote_plus(rest) if "+" in rest else unquote(rest)
        if plain == rest:
            return
        rest = plain


def _is_foreign(value: str, domains: Sequence[str]) -> bool:
    host = read_address(value).host
    return bool(host) and not is_on(host, domains) and has_known_ending(host)


def _leading_to(within: str) -> Objection:
    host = read_address(within).host
    if not host:
        return Objection(Fault.NESTED)
    return Objection(Fault.REDIRECT, {"host": host})
