"""What is wrong with the URL of a channel, said without the URL."""

import math
import re
from difflib import get_close_matches
from typing import Any

from reminderd.delivery.apprise_channel import load_plugin, silence_libraries
from reminderd.domain.texts import Text

_SCHEMA = re.compile(r"\s*([A-Za-z][A-Za-z0-9]{0,23})://")
_SERVICES = "https://appriseit.com/services/"
_MOST_SECONDS = 60
_UNVERIFIED = Text(
    'with "verify=no" anybody on the way can read and answer what '
    "is sent; take it out of the URL, or write: insecure = true"
)
_HIGHEST_PORT = 65_535


def check_url(name: str, url: str, *, insecure: bool = False) -> list[str]:
    """Return what is wrong with the *url* of channel *name*, nothing if it is good.

    The texts hold no part of the URL but the word before "://". An *insecure* channel
    may believe any certificate.
    """
    return [
        Text("{place}: {problem}", place=f"channels.{name}", problem=problem)
        for problem in _problems(url, insecure)
    ]


def server_of(url: str) -> str | None:
    """Return what tells the server of *url* from others; it may not be shown.

    A service that has one server for everybody is told by its name. None: unknown.
    """
    plugin: Any = load_plugin(url)
    if plugin is None:
        return None
    host = getattr(plugin, "smtp_host", None) or getattr(plugin, "host", None)
    is_own = "host" in plugin.template_tokens and getattr(plugin, "mode", "") != "cloud"
    return str(host).lower() if is_own and host else type(plugin).__name__


def _problems(url: str, insecure: bool) -> list[str]:
    silence_libraries()
    from apprise import LogCapture

    match = _SCHEMA.match(url)
    if match is None:
        return [
            Text(
                'the URL has no service; write for example "mailto://..." or "json://"'
            )
        ]
    capture = LogCapture(level=30)  # type: ignore[no-untyped-call]  # has no annotations
    with capture as captured:
        plugin = load_plugin(url)
        has_warnings = bool(captured.getvalue())
    if plugin is None:
        return [_refused(match[1].lower())]
    problems = _bad_values(plugin)
    if not (insecure or getattr(plugin, "verify_certificate", True)):
        problems.append(_UNVERIFIED)
    if has_warnings and not problems:
        problems = [Text("Apprise does not understand a part of the URL")]
    return problems


def _refused(schema: str) -> str:
    from apprise import Apprise

    services = Apprise().details()["schemas"]
    known = {
        word
        for service in services
        for key in ("protocols", "secure_protocols")
        for word in service[key] or ()
    }
    if schema in known or schema in ("http", "https"):
        return Text(
            "Apprise refuses the {schema}:// URL; a part is missing or wrong",
            schema=schema,
        )
    close = get_close_matches(schema, known, n=1)
    hint = Text("they are listed at {services}", services=_SERVICES)
    if close:
        hint = Text('did you mean "{close}://"?', close=close[0])
    return Text(
        'Apprise knows no service "{schema}://"; {hint}', schema=schema, hint=hint
    )


def _bad_values(plugin: object) -> list[str]:
    problems: list[str] = []
    for key, name in (("cto", "connect"), ("rto", "read")):
        seconds = getattr(plugin, f"socket_{name}_timeout")
        if not math.isfinite(seconds) or not 0 < seconds <= _MOST_SECONDS:
            problems.append(
                Text("{key} is seconds, more than 0 and at most 60", key=key)
            )
    port = getattr(plugin, "port", None)
    if isinstance(port, int) and not 0 < port <= _HIGHEST_PORT:
        problems.append(Text("the port is not between 1 and 65535"))
    return problems
