"""The verdict on a send, from everything that was learnt of it.

Reasons are made here from fixed words and numbers: what a peer or a library says may
hold the token, the address or the message itself.
"""

import re
import smtplib
import ssl
from collections.abc import Sequence
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from reminderd.delivery.refusals import RULES, body_code
from reminderd.delivery.response_box import Failure, HttpReply, Reply, SmtpReply
from reminderd.domain.deliveries import LONGEST_GAP, Outcome, Verdict
from reminderd.domain.texts import Text

_TRANSIENT_STATUS = frozenset({408, 409, 425, 429})
_MESSAGE_STATUS = frozenset({400, 413, 414, 415, 422, 431})
# RFC 5321 section 4.2: too much data; the transaction failed.
_MESSAGE_SMTP = frozenset({552, 554})
_SMTP_GO_AHEAD = 354
_TLS_HICCUPS = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)

# Names of exceptions of requests and urllib3, which are not imported here for their
# weight. After these the peer may have taken the message.
_UNANSWERED = frozenset(
    {
        "ReadTimeout",
        "ChunkedEncodingError",
        "ContentDecodingError",
        "ProtocolError",
        "RemoteDisconnected",
        "ConnectionResetError",
        "BrokenPipeError",
    }
)
_UNUSABLE = frozenset(
    {"InvalidURL", "MissingSchema", "InvalidSchema", "InvalidHeader", "InvalidProxyURL"}
)
_NOT_FOUND = frozenset({"NameResolutionError", "gaierror"})


def judge(service: str, replies: Sequence[Reply], *, accepted: bool) -> Verdict:
    """Return the verdict on one message of several requests, or none.

    Args:
        service: The schema of the channel's URL, such as "bark".
        replies: What the peers answered, in order.
        accepted: Whether Apprise takes the message for delivered.
    """
    if accepted:
        return _doubt(service, replies)
    for position in range(len(replies) - 1, -1, -1):
        verdict = _of_reply(service, replies[: position + 1])
        if verdict.outcome is not Outcome.SENT:
            return verdict
    return Verdict(
        outcome=Outcome.TRANSIENT, reason=Text("the service did not accept it")
    )


def retry_after(text: str | None, date: str | None) -> timedelta | None:
    """Return the wait that a ``Retry-After`` header asks for, or None.

    It is seconds, or an instant; that is compared with the peer's own *date*, since
    its clock need not agree with ours. More than we ever wait is cut to that.
    """
    if text is None:
        return None
    if re.fullmatch(r"\s*\d{1,9}\s*", text, re.ASCII):
        return min(timedelta(seconds=int(text)), LONGEST_GAP)
    try:
        wait = parsedate_to_datetime(text) - parsedate_to_datetime(date or "")
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(wait, timedelta(0)), LONGEST_GAP)


def _doubt(service: str, replies: Sequence[Reply]) -> Verdict:
    """Look behind an acceptance: at refusals in the body, and at redirects."""
    for position, reply in enumerate(replies):
        if isinstance(reply, HttpReply) and reply.status < HTTPStatus.BAD_REQUEST:
            verdict = _of_reply(service, replies[: position + 1])
            if verdict.outcome is not Outcome.SENT:
                return verdict
    return _acceptance(service, replies)


def _acceptance(service: str, replies: Sequence[Reply]) -> Verdict:
    """Return that the message was accepted, with the answer that says so."""
    for position in range(len(replies) - 1, -1, -1):
        is_taken = replies[position - 1 : position] == [SmtpReply(_SMTP_GO_AHEAD)]
        if is_taken or isinstance(replies[position], HttpReply):
            verdict = _of_reply(service, replies[: position + 1])
            if verdict.outcome is Outcome.SENT:
                return verdict
    return Verdict(outcome=Outcome.SENT, reason=Text("accepted"))


def _of_reply(service: str, replies: Sequence[Reply]) -> Verdict:
    """Return the verdict on the last of *replies*."""
    match replies[-1]:
        case HttpReply() as reply:
            return _of_http(service, reply)
        case SmtpReply(code):
            return _of_smtp(code, is_greeting=len(replies) == 1)
        case Failure(error):
            return _of_error(error, replies[:-1])


def _of_http(service: str, reply: HttpReply) -> Verdict:
    status = reply.status
    if status >= HTTPStatus.MULTIPLE_CHOICES:
        return Verdict(
            outcome=_outcome_of_status(status),
            reason=Text("the service answered {status}", status=_named(status)),
            retry_after=retry_after(reply.retry_after, reply.date),
        )
    code = body_code(service, reply.body)
    if code is None:
        return Verdict(
            outcome=Outcome.SENT, reason=Text("accepted with {status}", status=status)
        )
    rule = RULES[service]
    outcome = rule.outcome_of(code)
    said = Text("the service refused it")
    if outcome is Outcome.SENT:
        said = Text("accepted")
    if rule.is_identifier:
        return Verdict(outcome=outcome, reason=said)
    reason = Text("{said} with code {code}", said=said, code=code)
    return Verdict(outcome=outcome, reason=reason)


def _outcome_of_status(status: int) -> Outcome:
    if status in _TRANSIENT_STATUS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Outcome.TRANSIENT
    if status in _MESSAGE_STATUS:
        return Outcome.MESSAGE_PERMANENT
    return Outcome.CHANNEL_PERMANENT


def _named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _of_smtp(code: int, *, is_greeting: bool = False) -> Verdict:
    reason = Text("the mail server answered {code}", code=code)
    if code in _MESSAGE_SMTP and not is_greeting:
        return Verdict(outcome=Outcome.MESSAGE_PERMANENT, reason=reason)
    if code >= 500:  # noqa: PLR2004 - RFC 5321: a permanent refusal
        return Verdict(outcome=Outcome.CHANNEL_PERMANENT, reason=reason)
    if code >= 400:  # noqa: PLR2004 - RFC 5321: a temporary one
        return Verdict(outcome=Outcome.TRANSIENT, reason=reason)
    if code == _SMTP_GO_AHEAD:
        return _unknown(Text("the mail server did not say whether it took the message"))
    return Verdict(outcome=Outcome.SENT, reason=reason)


def _of_error(error: Exception, before: Sequence[Reply]) -> Verdict:
    chain = _causes(error)
    names = {type(known).__name__ for known in chain}
    unusable = _unusable(chain, names)
    if unusable is not None:
        return _broken(unusable)
    if isinstance(error, smtplib.SMTPException):
        return _of_lost_mail_server(before)
    if "ConnectTimeout" in names:
        return _transient(Text("no connection in time"))
    if names & _UNANSWERED:
        return _unknown(Text("the service did not answer"))
    return _of_no_connection(chain, names)


def _unusable(chain: Sequence[BaseException], names: set[str]) -> str | None:
    """Return why no attempt can succeed as the channel is configured, or None."""
    if names & _UNUSABLE:
        return Text("the URL of the channel cannot be used")
    if any(isinstance(known, smtplib.SMTPNotSupportedError) for known in chain):
        return Text("the mail server offers no encryption (STARTTLS)")
    tls = [known for known in chain if isinstance(known, ssl.SSLError)]
    if tls and not isinstance(tls[-1], _TLS_HICCUPS) and "ReadTimeout" not in names:
        return Text("the encrypted connection was refused (TLS)")
    return None


def _of_lost_mail_server(before: Sequence[Reply]) -> Verdict:
    if before and before[-1] == SmtpReply(_SMTP_GO_AHEAD):
        return _of_smtp(_SMTP_GO_AHEAD)
    return _transient(Text("the mail server closed the connection"))


def _of_no_connection(chain: Sequence[BaseException], names: set[str]) -> Verdict:
    if any(isinstance(known, ConnectionRefusedError) for known in chain):
        return _transient(Text("the connection was refused"))
    if names & _NOT_FOUND:
        return _transient(Text("the name of the server was not found"))
    if any(isinstance(known, TimeoutError) for known in chain):
        return _transient(Text("no connection in time"))
    return _transient(Text("there is no connection to the service"))


def _causes(error: BaseException) -> list[BaseException]:
    """Return *error* and what it was made from: causes, contexts, wrapped reasons."""
    chain: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        known = waiting.pop(0)
        if isinstance(known, BaseException) and known not in chain:
            chain.append(known)
            wrapped = (getattr(known, "reason", None), *known.args)
            waiting += [known.__cause__, known.__context__, *wrapped]
    return chain


def _transient(reason: str) -> Verdict:
    return Verdict(outcome=Outcome.TRANSIENT, reason=reason)


def _unknown(reason: str) -> Verdict:
    return Verdict(outcome=Outcome.UNKNOWN, reason=reason)


def _broken(reason: str) -> Verdict:
    return Verdict(outcome=Outcome.CHANNEL_PERMANENT, reason=reason)
