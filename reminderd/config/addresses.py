"""The types of settings that lead to something: addresses and where secrets lie."""

import re
from collections.abc import Callable
from typing import Annotated

from pydantic import BeforeValidator, PlainValidator, SecretStr

from reminderd.config.texts import items, text_of
from reminderd.config.wording import SettingError
from reminderd.domain.texts import Text

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CREDENTIAL = re.compile(r"[A-Za-z0-9_@:-][A-Za-z0-9_.@:-]*")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://[^\s\x00-\x1f\x7f]*", re.IGNORECASE)
_PAGE = re.compile(r"https?://[!-~]+")
_LONGEST_PAGE = 2000
MONITOR = re.compile(r"https?://[^\s\x00-\x1f\x7f/?#]+[^\s\x00-\x1f\x7f#]*")
MONITOR_EXAMPLE = Text('write it in double quotes, such as "https://hc-ping.com/UUID"')
_STORE = re.compile(
    r"sqlite:////[^?#\x00-\x1f]*[^/?#\x00-\x1f]|postgresql\+psycopg://\S+"
)


def _web_address(value: object) -> str:
    if not isinstance(value, str):
        raise SettingError(Text('is not text; write "https://..." in double quotes'))
    return value


def _page(value: object) -> str:
    if (
        not isinstance(value, str)
        or not _PAGE.fullmatch(value)
        or len(value) > _LONGEST_PAGE
    ):
        raise SettingError(Text('is no web page; write "https://..." in double quotes'))
    return value


def _channel_url(value: object) -> SecretStr:
    if (
        not isinstance(value, str)
        or not _ADDRESS.fullmatch(value)
        or not value.isprintable()
    ):
        raise SettingError(
            Text(
                'is not an Apprise URL; write it in double quotes, such as "bark://..."'
            )
        )
    return SecretStr(value)


def _monitor_url(value: object) -> SecretStr:
    if not isinstance(value, str) or not MONITOR.fullmatch(value):
        raise SettingError(
            Text("is no web address; {example}", example=MONITOR_EXAMPLE)
        )
    return SecretStr(value)


def _store_url(value: object) -> SecretStr:
    if not isinstance(value, str) or not _STORE.fullmatch(value):
        raise SettingError(
            Text(
                'is not a store; write "sqlite:////absolute/path.db" (four '
                'slashes) or "postgresql+psycopg://user@host/name"'
            )
        )
    return SecretStr(value)


def _secret_file(value: object) -> str:
    path = text_of(value, '"/etc/reminderd/phone.url"')
    if not path or path.startswith("~") or not path.isprintable():
        raise SettingError(
            Text('is no path; write it in full, such as "/etc/reminderd/phone.url"')
        )
    return path


def _written_file(suffix: str, example: str) -> Callable[[object], str]:
    def parse(value: object) -> str:
        path = text_of(value, f'"{example}"')
        if not path.isprintable() or path.startswith("~"):
            raise SettingError(f'is no path; write it in full, such as "{example}"')
        if not path.endswith(suffix):
            # It will be replaced again and again: a slip must not hit another file.
            raise SettingError(f'must end in {suffix}; write one such as "{example}"')
        return path

    return parse


def _variable(value: object) -> str:
    name = text_of(value, '"PHONE_URL"')
    if not _VARIABLE.fullmatch(name):
        raise SettingError(
            Text('is no environment variable; write its name, such as "PHONE_URL"')
        )
    return name


def _credential(value: object) -> str:
    name = text_of(value, '"phone-url"')
    if not _CREDENTIAL.fullmatch(name):
        raise SettingError(
            Text('is no name of a credential; write one such as "phone-url"')
        )
    return name


WebAddress = Annotated[str, PlainValidator(_web_address)]
PageAddress = Annotated[str, PlainValidator(_page)]
Pages = Annotated[tuple[PageAddress, ...], BeforeValidator(items)]
ChannelUrl = Annotated[SecretStr, PlainValidator(_channel_url)]
MonitorUrl = Annotated[SecretStr, PlainValidator(_monitor_url)]
StoreUrl = Annotated[SecretStr, PlainValidator(_store_url)]
SecretFile = Annotated[str, PlainValidator(_secret_file)]
CalendarFile = Annotated[
    str, PlainValidator(_written_file(".ics", "/srv/www/reminderd.ics"))
]
# node_exporter reads no other files.
MetricsFile = Annotated[
    str,
    PlainValidator(
        _written_file(".prom", "/var/lib/prometheus/node-exporter/reminderd.prom")
    ),
]
Variable = Annotated[str, PlainValidator(_variable)]
Credential = Annotated[str, PlainValidator(_credential)]
