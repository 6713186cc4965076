"""Peers to send to: real servers on loopback, and channels that follow a script."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import create_server
from threading import Event, Thread
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from reminderd.domain.deliveries import Outcome, Verdict
from reminderd.domain.reminders import Message

SENT = Verdict(outcome=Outcome.SENT, reason="accepted")


@dataclass(frozen=True, slots=True)
class Request:
    """What an HTTP peer was sent."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


def _go_on() -> None:
    """Do nothing."""


def _opened() -> Event:
    gate = Event()
    gate.set()
    return gate


@dataclass(slots=True)
class HttpSink:
    """An HTTP server that answers as it is told and remembers what it was sent.

    It answers once ``gate`` is set; ``mute`` never answers; ``drip`` sends the body
    one byte every tenth of a second. ``on_arrival`` is called before the answer.
    """

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    mute: bool = False
    drip: bool = False
    requests: list[Request] = field(default_factory=list)
    port: int = 0
    closing: Event = field(default_factory=Event)
    gate: Event = field(default_factory=_opened)
    on_arrival: Callable[[], object] = _go_on

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"


def _handler(sink: HttpSink) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            sink.requests.append(
                Request(self.command, self.path, dict(self.headers), body)
            )
            sink.on_arrival()
            sink.gate.wait()
            if sink.mute:
                sink.closing.wait()
                return
            self.answer()

        do_GET = do_POST = do_PUT = handle_any  # noqa: N815 - names of the base class

        def answer(self) -> None:
            body = b"x" * 600 if sink.drip else sink.body
            self.send_response(sink.status)
            for name, value in sink.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if not sink.drip:
                with suppress(ConnectionError):  # it has heard enough
                    self.wfile.write(body)
            while sink.drip and not sink.closing.wait(0.1):
                self.wfile.write(b"x")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


class _PatientServer(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that were killed before they had their answer."""


@contextmanager
def http_sink(**told: Any) -> Iterator[HttpSink]:
    """Run an HttpSink that is told to be as *told*."""
    sink = HttpSink(**told)
    with _PatientServer(("127.0.0.1", 0), _handler(sink)) as server:
        sink.port = server.server_port
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield sink
        finally:
            sink.closing.set()
            sink.gate.set()
            server.shutdown()
            thread.join()


@dataclass(slots=True)
class SmtpSink:
    """A mail server that answers DATA and RCPT as it is told, and keeps the mails.

    ``on_arrival`` is called before the answer to DATA.
    """

    data_reply: str = "250 OK"
    rcpt_reply: str | None = None
    mails: list[Envelope] = field(default_factory=list)
    port: int = 0
    on_arrival: Callable[[], object] = _go_on

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's interface
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if self.rcpt_reply is not None:
            return self.rcpt_reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's interface
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        self.mails.append(envelope)
        self.on_arrival()
        return self.data_reply


class _TidyController(Controller):
    """A mail server that hangs up on who is still connected when it stops."""

    def __init__(self, handler: SmtpSink, port: int) -> None:
        super().__init__(handler, hostname="127.0.0.1", port=port)
        self._answering: list[SMTP] = []

    def factory(self) -> SMTP:
        protocol: SMTP = super().factory()  # type: ignore[no-untyped-call]
        self._answering.append(protocol)
        return protocol

    def hang_up(self) -> None:
        asyncio.run_coroutine_threadsafe(self._hang_up(), self.loop).result()

    async def _hang_up(self) -> None:
        for each in self._answering:
            if each.transport is not None:
                each.transport.close()
        # What is closed goes away in the next turn of the loop.
        await asyncio.sleep(0)
        await asyncio.sleep(0)


def free_port() -> int:
    """Return a port of loopback on which nobody listens."""
    with create_server(("127.0.0.1", 0)) as closed:
        port: int = closed.getsockname()[1]
    return port


@contextmanager
def smtp_sink(**told: Any) -> Iterator[SmtpSink]:
    """Run an SmtpSink that is told to be as *told*."""
    sink = SmtpSink(**told)
    sink.port = free_port()
    controller = _TidyController(sink, sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.hang_up()
        controller.stop()


class ScriptedChannel:
    """A channel whose next verdicts are given; after them it accepts everything."""

    def __init__(self, name: str, *verdicts: Verdict) -> None:
        self.name = name
        self.messages: list[Message] = []
        self._verdicts = list(verdicts)

    def send(self, message: Message) -> Verdict:
        self.messages.append(message)
        return self._verdicts.pop(0) if self._verdicts else SENT

    def recover(self) -> None:
        """Accept everything from now on."""
        self._verdicts.clear()


class HangingChannel:
    """A channel whose peer never answers before *release* is set."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.messages: list[Message] = []
        self.release = Event()

    def send(self, message: Message) -> Verdict:
        self.messages.append(message)
        self.release.wait()
        return SENT


def titles(messages: Sequence[Message]) -> list[str]:
    """Return the titles of *messages*."""
    return [message.title for message in messages]
