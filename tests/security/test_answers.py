"""What peers answer: any bytes, too much of them, or a promise to come in ten years."""

import gzip
import json
import resource
import socket
from datetime import timedelta
from threading import Thread

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reminderd.delivery.apprise_channel import AppriseChannel
from reminderd.delivery.refusals import RULES, body_code
from reminderd.delivery.response_box import HttpReply, SmtpReply
from reminderd.delivery.verdicts import judge, retry_after
from reminderd.domain.deliveries import LONGEST_GAP, Outcome, Verdict
from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import Message
from tests.security.fuzzing import FUZZ, JSON
from tests.sinks import http_sink

MESSAGE = Message(title="title", body="body", severity=Severity.WARNING)
SECRET = "m4rk3r"
MUCH = 400 * 1024 * 1024
BODIES = st.one_of(
    st.binary(max_size=200),
    JSON.map(lambda value: json.dumps(value).encode()),
    st.builds(
        lambda field, value: json.dumps({field: value}).encode(),
        st.sampled_from(["code", "errcode"]),
        JSON,
    ),
)
HEADERS = st.one_of(
    st.none(),
    st.text(max_size=40),
    st.text(alphabet="MonJa 0123456789:+-,GMT", max_size=45),
)


def sent_to(address: str) -> Verdict:
    return AppriseChannel("phone", f"json://{address}/").send(MESSAGE)


@pytest.mark.slow
@pytest.mark.parametrize("service", ["json", *RULES])
@FUZZ
@given(status=st.integers(0, 999), body=BODIES, header=HEADERS, date=HEADERS)
@example(status=200, body=b"[" * 10_000, header=None, date=None)
@example(status=200, body=b'{"code":' * 10_000, header=None, date=None)
@example(status=200, body=b'{"code": ' + b"9" * 9999 + b"}", header=None, date=None)
@example(status=429, body=b"", header="Mon, 1 Jan " + "9" * 20 + " 0:0:0 GMT", date="")
def test_fuzzed_answer_has_a_verdict_and_no_word_of_it_is_repeated(
    service: str, status: int, body: bytes, header: str | None, date: str | None
) -> None:
    marked = body + SECRET.encode()
    for content in (body, marked):
        reply = HttpReply(status=status, retry_after=header, date=date, body=content)
        for accepted in (True, False):
            verdict = judge(service, [reply, SmtpReply(status)], accepted=accepted)
            assert SECRET not in verdict.reason
            assert len(verdict.reason) < 100
    assert isinstance(body_code(service, body), int | None)


@FUZZ
@given(header=HEADERS, date=HEADERS)
@example(header="Mon, 01 Jan 99999999999999999999 00:00:00 GMT", date=None)
@example(header="Mon, 01 Jan 2026 00:00:00 +9999999999999", date=None)
@example(header="Mon, 99999999999 Jan 2026 00:00:00 GMT", date=None)
def test_fuzzed_wait_is_never_longer_than_we_wait(
    header: str | None, date: str | None
) -> None:
    wait = retry_after(header, date)

    assert wait is None or timedelta(0) <= wait <= LONGEST_GAP


def test_wait_that_no_clock_can_hold_is_an_ordinary_refusal() -> None:
    header = "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"
    with http_sink(status=503, headers={"Retry-After": header}) as sink:
        verdict = sent_to(sink.address)

    assert verdict == Verdict(
        outcome=Outcome.TRANSIENT,
        reason="the service answered 503 Service Unavailable",
    )


@pytest.mark.slow
@pytest.mark.parametrize("coding", ["", "gzip"])
def test_answer_of_400_megabytes_fills_no_memory(coding: str) -> None:
    body = b"\0" * MUCH
    headers = {"Content-Encoding": coding} if coding else {}
    with http_sink(body=gzip.compress(body, 1) if coding else body) as sink:
        sink.headers.update(headers)
        sent_to(sink.address)  # what is imported for it stays in memory
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

        verdict = sent_to(sink.address)

        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert verdict.outcome is Outcome.SENT
    assert grown < 50 * 1024


def test_answer_without_an_end_is_cut_and_still_tells_the_truth() -> None:
    with http_sink(status=500, body=b"x" * 5_000_000) as sink:
        verdict = sent_to(sink.address)

    assert verdict.outcome is Outcome.TRANSIENT
    assert "500" in verdict.reason


def test_answer_that_breaks_off_leaves_the_outcome_unknown() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        Thread(target=_answer_half, args=(server,), daemon=True).start()

        verdict = sent_to(f"127.0.0.1:{server.getsockname()[1]}")

    assert verdict.outcome is Outcome.UNKNOWN


def _answer_half(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")


def test_answer_that_is_not_in_its_coding_leaves_the_outcome_unknown() -> None:
    with http_sink(body=b"no gzip") as sink:
        sink.headers["Content-Encoding"] = "gzip"

        verdict = sent_to(sink.address)

    assert verdict.outcome is Outcome.UNKNOWN
