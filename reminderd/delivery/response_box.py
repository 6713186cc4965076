"""What peers answered during a send, as Apprise does not tell.

Apprise reduces an answer to yes or no, and says yes to many refusals. While a box is
open in the current context, the answers of HTTP and SMTP peers fall into it too. The
watched methods are those of ``requests`` and ``smtplib``, which every plugin that
matters goes through; without an open box they work as ever.
"""

import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Any

# One that is cut in the middle is no JSON, and would hide a refusal.
_MOST_BODY = 65_536
_MOST_READ = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpReply:
    """The answer of an HTTP peer: the beginning of ``body``, ``date`` by its clock."""

    status: int
    retry_after: str | None
    date: str | None
    body: bytes


@dataclass(frozen=True, slots=True)
class SmtpReply:
    """The code with which a mail server answered a command."""

    code: int


@dataclass(frozen=True, slots=True)
class Failure:
    """No answer, because of an error on the way."""

    error: Exception


Reply = HttpReply | SmtpReply | Failure

_open_box: ContextVar[list[Reply] | None] = ContextVar("open_box", default=None)
_installing = Lock()
_installed: set[type] = set()


@contextmanager
def open_box() -> Iterator[list[Reply]]:
    """Collect what peers answer in this context, in the order of their answers."""
    _install()
    replies: list[Reply] = []
    token = _open_box.set(replies)
    try:
        yield replies
    finally:
        _open_box.reset(token)


def _install() -> None:
    """Watch the methods through which all answers come, once per process."""
    import requests  # noqa: PLC0415 - slow, and only needed by those who send

    with _installing:
        if requests.Session not in _installed:
            _cap_bodies(requests.Session)
            _watch(requests.Session, "send", _http_reply)
            _watch(smtplib.SMTP, "getreply", _smtp_reply)
            for step in ("connect", "starttls"):
                _watch(smtplib.SMTP, step, None)
            _installed.add(requests.Session)


def _watch(owner: type, name: str, read: Callable[[Any], Reply] | None) -> None:
    original = getattr(owner, name)

    def watched(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - any method
        box = _open_box.get()
        if box is None:
            return original(*args, **kwargs)
        try:
            answer = original(*args, **kwargs)
        except Exception as error:
            box.append(Failure(error))
            raise
        if read is not None:
            box.append(read(answer))
        return answer

    setattr(owner, name, watched)


def _cap_bodies(session_type: Any) -> None:  # noqa: ANN401 - requests is imported late
    """Let no peer fill our memory: what is beyond the cap is never read.

    ``requests`` reads a body to its end before it hands out the answer, unless it is
    told to stream it.
    """
    original = session_type.send

    def send(session: Any, request: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as above
        is_streamed = kwargs.get("stream")
        if _open_box.get() is None or is_streamed:
            return original(session, request, **kwargs)
        response = original(session, request, **{**kwargs, "stream": True})
        response.raw.stream = partial(_beginning, response.raw.stream)
        try:
            # Read now, as without streaming: what fails on the way fails here.
            _ = response.content
        finally:
            response.raw.close()
        return response

    session_type.send = send


def _beginning(whole: Callable[..., Iterator[bytes]], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - arguments of urllib3
    """Yield the first MiB, or a little more, of what *whole* gives."""
    left = _MOST_READ
    for chunk in whole(*args, **kwargs):
        yield chunk
        left -= len(chunk)
        if left <= 0:
            return


def _http_reply(response: Any) -> Reply:  # noqa: ANN401 - requests is imported late
    return HttpReply(
        status=response.status_code,
        retry_after=response.headers.get("Retry-After"),
        date=response.headers.get("Date"),
        body=response.content[:_MOST_BODY],
    )


def _smtp_reply(answer: tuple[int, bytes]) -> Reply:
    return SmtpReply(answer[0])
