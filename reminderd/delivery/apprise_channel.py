"""A channel that is an Apprise URL."""

import html
import logging
from collections.abc import Callable
from threading import local
from typing import TYPE_CHECKING, Any

from reminderd.delivery.response_box import open_box
from reminderd.delivery.verdicts import judge
from reminderd.domain.deliveries import Outcome, Verdict
from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import Message
from reminderd.domain.texts import Text

if TYPE_CHECKING:
    from apprise import NotifyBase

# What they write holds tokens, addresses and messages, some of it even as an error.
_LEAKY_LOGGERS = ("apprise", "urllib3", "requests", "charset_normalizer")

# Seconds; Apprise's own 4 make a slow service look dead.
_CONNECT_TIMEOUT = 10.0
_READ_TIMEOUT = 30.0

# Tencent counts the bytes of UTF-8, Apprise characters. The title goes before the
# body, with a line break.
# https://developer.work.weixin.qq.com/document/path/90313
_MOST_BYTES = {"wecombot": 2048, "wechat": 2048}

# Apprise 2.2 converts what its plugins are given, but for this one, which resolves
# the format by itself: a name with a tag in it would be a link.
_UNCONVERTED = frozenset({"tgram"})

_TYPES = {
    Severity.INFO: "info",
    Severity.WARNING: "warning",
    Severity.CRITICAL: "failure",
}


class AppriseChannel:
    """A named Apprise URL. The name is shown and logged, the URL never."""

    def __init__(self, name: str, url: str) -> None:
        self._name = name
        self._url = url
        # A sender that hangs keeps its plugin; its successor gets a new one.
        self._of_thread = local()

    @property
    def name(self) -> str:
        """The name of the channel in the configuration."""
        return self._name

    def __repr__(self) -> str:
        return f"AppriseChannel({self._name!r})"

    def send(self, message: Message) -> Verdict:
        """Send *message* in this thread, and return what became of it."""
        plugin = self._plugin()
        if plugin is None:
            return Verdict(
                outcome=Outcome.CHANNEL_PERMANENT,
                reason=Text("the URL of the channel cannot be used"),
            )
        with open_box() as replies:
            accepted = plugin.notify(**_arguments(plugin, message))
        return judge(plugin.schema, replies, accepted=accepted)

    def _plugin(self) -> "NotifyBase | None":
        known: NotifyBase | None = getattr(self._of_thread, "plugin", None)
        if known is None:
            known = self._of_thread.plugin = load_plugin(self._url)
        return known


def load_plugin(url: str) -> "NotifyBase | None":
    """Return Apprise's plugin for *url*, set up for us, or None if it refuses the URL.

    A redirect would turn the message into an empty request that seems to succeed;
    waiting between messages is the outbox's affair.
    """
    silence_libraries()
    from apprise import Apprise, AppriseAsset, OverflowMode

    asset = AppriseAsset(service_timeout=0, http_redirects=False, app_id="reminderd")
    plugin = Apprise.instantiate(url, asset=asset)
    if plugin is None:
        return None
    plugin.redirects = False
    plugin.request_rate_per_sec = 0
    given = vars(plugin)
    is_mail = hasattr(plugin, "smtp_host")
    connect = _READ_TIMEOUT if is_mail else _CONNECT_TIMEOUT
    _default(plugin, given, "socket_connect_timeout", connect)
    _default(plugin, given, "socket_read_timeout", _READ_TIMEOUT)
    _default(plugin, given, "overflow_mode", OverflowMode.SPLIT)
    return plugin


def silence_libraries() -> None:
    """Keep the libraries that know our secrets from writing to our log."""
    for name in _LEAKY_LOGGERS:
        logger = logging.getLogger(name)
        if logger.propagate:
            logger.propagate = False
            logger.addHandler(logging.NullHandler())
            logger.setLevel(logging.CRITICAL + 1)


def shorten(text: str, most_bytes: int) -> str:
    """Return *text*, cut to *most_bytes* of UTF-8 at the end of a line if possible."""
    encoded = text.encode()
    if len(encoded) <= most_bytes:
        return text
    ellipsis = "…"
    room = max(most_bytes - len(ellipsis.encode()), 0)
    kept = encoded[:room].decode(errors="ignore")
    whole_lines, line_break, _ = kept.rpartition("\n")
    return f"{whole_lines}{line_break}{ellipsis}" if whole_lines else kept + ellipsis


def _default(
    plugin: "NotifyBase", given: dict[str, Any], name: str, value: object
) -> None:
    """Set an attribute of *plugin* unless its URL has done so."""
    if name not in given:
        setattr(plugin, name, value)


def _arguments(plugin: "NotifyBase", message: Message) -> dict[str, Any]:
    body = message.body
    most = _MOST_BYTES.get(plugin.schema)
    if most is not None:
        body = shorten(body, most - len(message.title.encode()) - len("\r\n"))
    arguments: dict[str, Any] = {
        "title": message.title,
        "body": body,
        "notify_type": _TYPES[message.severity],
        "body_format": "text",
    }
    if plugin.schema in _UNCONVERTED:
        arguments |= _converted(plugin, message.title, body)
    if message.table is not None and plugin.attachment_support:
        arguments["attach"] = _attachment(message.table)
    return arguments


def _converted(plugin: "NotifyBase", title: str, body: str) -> dict[str, str]:
    """Return plain text as the arguments of a plugin that does not convert it."""
    from apprise.conversion import convert_between

    target = plugin.resolve_format("text")
    if target == "html":
        # Apprise would put hard blanks into the commands that people copy.
        title, body = html.escape(title, quote=False), html.escape(body, quote=False)
    else:
        convert: Callable[[str, str, str], str] = convert_between
        title, body = convert("text", target, title), convert("text", target, body)
    return {"title": title, "body": body, "body_format": target}


def _attachment(table: str) -> object:
    from apprise import AppriseAttachment
    from apprise.attachment.memory import AttachMemory

    # Spreadsheets take a file without the mark for one in the local encoding.
    content = table.encode("utf-8-sig")
    table_file = AttachMemory(  # type: ignore[no-untyped-call]  # has no annotations
        content=content, name="lines.csv", mimetype="text/csv"
    )
    return AppriseAttachment(table_file)
