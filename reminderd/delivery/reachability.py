"""Whether the server of a channel answers at all; nothing is sent to it."""

import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Thread
from time import monotonic
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from reminderd.delivery.apprise_channel import load_plugin
from reminderd.domain.texts import Text

# One that takes longer to greet is hardly of use.
_SECONDS = 5.0
# Finding the address of a server cannot be given up; it is left behind.
_LONGEST_SECONDS = 6.0
# These use no TCP, or a port of which Apprise tells nothing.
_NO_TCP = frozenset({"growl", "mqtt", "mqtts", "rsyslog", "syslog"})
_PORTS = {False: 80, True: 443}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a channel connects to; it may be a secret, and is never shown."""

    host: str
    port: int
    is_encrypted: bool
    is_verified: bool


def endpoint_of(url: str) -> Endpoint | None:
    """Return where the channel of *url* connects to, None where nobody can tell.

    Neither can be told through a proxy, nor for what needs no network.
    """
    plugin: Any = load_plugin(url)
    if plugin is None or plugin.schema in _NO_TCP:
        return None
    is_verified = bool(getattr(plugin, "verify_certificate", True))
    mail = getattr(plugin, "smtp_host", None)
    if mail:
        is_encrypted = getattr(plugin, "secure_mode", None) == "ssl"
        return Endpoint(mail, plugin.port, is_encrypted, is_verified)
    if getproxies().keys() & {"http", "https", "all"}:
        return None
    is_own = getattr(plugin, "mode", "") != "cloud"
    if "host" in plugin.template_tokens and is_own and plugin.host:
        is_encrypted = bool(plugin.secure)
        port = plugin.port or _PORTS[is_encrypted]
        return Endpoint(plugin.host, port, is_encrypted, is_verified)
    return _public(getattr(plugin, "notify_url", None), is_verified=is_verified)


def unreachable(endpoints: Mapping[str, Endpoint]) -> dict[str, Text | None]:
    """Return why each of *endpoints* cannot be reached, None for one that can.

    All of them are tried at once, for a few seconds.
    """
    found: dict[str, Text | None] = dict.fromkeys(
        endpoints, Text("there is no answer in time")
    )

    def look(name: str, endpoint: Endpoint) -> None:
        found[name] = _trouble(endpoint)

    threads = [
        Thread(target=look, args=known, name=f"reach-{known[0]}", daemon=True)
        for known in endpoints.items()
    ]
    end = monotonic() + _LONGEST_SECONDS
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(end - monotonic(), 0))
    return dict(found)


def _public(url: object, *, is_verified: bool) -> Endpoint | None:
    """Return the server of a service that has one for everybody."""
    parts = urlsplit(url.partition("{")[0]) if isinstance(url, str) else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    is_encrypted = parts.scheme == "https"
    port = parts.port or _PORTS[is_encrypted]
    return Endpoint(parts.hostname, port, is_encrypted, is_verified)


def _trouble(endpoint: Endpoint) -> Text | None:
    """Return why no connection can be made, in words that hold no address."""
    try:
        _connect(endpoint)
    except ssl.SSLError:
        return Text("the encrypted connection was refused (TLS)")
    except TimeoutError:
        return Text("there is no answer in time")
    except ConnectionRefusedError:
        return Text("the connection was refused")
    except socket.gaierror:
        return Text("the name of the server was not found")
    except (OSError, ValueError):
        return Text("there is no connection to the service")
    return None


def _connect(endpoint: Endpoint) -> None:
    address = (endpoint.host, endpoint.port)
    with socket.create_connection(address, timeout=_SECONDS) as connection:
        if not endpoint.is_encrypted:
            return
        context = ssl.create_default_context()
        if not endpoint.is_verified:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        context.wrap_socket(connection, server_hostname=endpoint.host).close()
