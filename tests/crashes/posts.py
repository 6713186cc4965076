"""What the peers were sent, whatever kind of peer they are."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from typing import Protocol

from tests.programs import a_json_channel
from tests.sinks import HttpSink, SmtpSink, http_sink, smtp_sink


class Post(Protocol):
    """One peer: the section of its channel, and the titles that have arrived."""

    def channel(self, name: str, more: str = "") -> str: ...

    def titles(self) -> list[str]: ...

    def on_arrival(self, act: Callable[[], object]) -> None: ...


class HttpPost:
    """A web service that takes JSON."""

    def __init__(self, sink: HttpSink) -> None:
        self._sink = sink

    def channel(self, name: str, more: str = "") -> str:
        return a_json_channel(name, self._sink.address, more)

    def titles(self) -> list[str]:
        bodies = [request.body for request in list(self._sink.requests)]
        return [json.loads(body)["title"] for body in bodies]

    def on_arrival(self, act: Callable[[], object]) -> None:
        self._sink.on_arrival = act


class SmtpPost:
    """A mail server."""

    def __init__(self, sink: SmtpSink) -> None:
        self._sink = sink

    def channel(self, name: str, more: str = "") -> str:
        url = f"mailto://127.0.0.1:{self._sink.port}/?from=a@example.org"
        return f'[channels.{name}]\nurl = "{url}&to=b@example.org"\n{more}'

    def titles(self) -> list[str]:
        return [
            str(message_from_bytes(mail.content, policy=policy.default)["Subject"])
            for mail in list(self._sink.mails)
            if isinstance(mail.content, bytes)
        ]

    def on_arrival(self, act: Callable[[], object]) -> None:
        self._sink.on_arrival = act


@contextmanager
def http_post() -> Iterator[Post]:
    """Run a web service."""
    with http_sink() as sink:
        yield HttpPost(sink)


@contextmanager
def smtp_post() -> Iterator[Post]:
    """Run a mail server."""
    with smtp_sink() as sink:
        yield SmtpPost(sink)
