import smtplib
import ssl
from datetime import timedelta

import pytest

from reminderd.delivery.response_box import Failure, HttpReply, Reply, SmtpReply
from reminderd.delivery.verdicts import judge, retry_after
from reminderd.domain.deliveries import Outcome

NOON = "Sun, 22 Nov 2026 12:00:00 GMT"
OK = HttpReply(status=200, retry_after=None, date=None, body=b"")
BUSY = HttpReply(status=503, retry_after=None, date=None, body=b"")


@pytest.mark.parametrize(
    ("text", "date", "wait"),
    [
        (None, NOON, None),
        ("17", None, timedelta(seconds=17)),
        ("0", None, timedelta(0)),
        ("1800", None, timedelta(minutes=30)),
        ("315360000", None, timedelta(minutes=30)),
        ("Sun, 22 Nov 2026 12:01:00 GMT", NOON, timedelta(minutes=1)),
        ("Sun, 22 Nov 2026 11:00:00 GMT", NOON, timedelta(0)),
        ("Fri, 22 Nov 2199 12:01:00 GMT", NOON, timedelta(minutes=30)),
        ("Sun, 22 Nov 2026 12:01:00 GMT", None, None),
        ("soon", NOON, None),
        ("-5", NOON, None),
        ("9" * 5000, NOON, None),
    ],
)
def test_retry_after_is_seconds_or_an_instant_of_the_peer(
    text: str | None, date: str | None, wait: timedelta | None
) -> None:
    assert retry_after(text, date) == wait


@pytest.mark.parametrize(
    ("replies", "outcome"),
    [
        pytest.param([], Outcome.TRANSIENT, id="nothing learnt"),
        pytest.param([OK], Outcome.TRANSIENT, id="refused by the plugin itself"),
        pytest.param([BUSY, OK], Outcome.TRANSIENT, id="one piece of two"),
        pytest.param([SmtpReply(250), SmtpReply(421)], Outcome.TRANSIENT, id="421"),
        pytest.param([SmtpReply(554)], Outcome.CHANNEL_PERMANENT, id="greeted by 554"),
        pytest.param(
            [SmtpReply(354), Failure(smtplib.SMTPServerDisconnected("x"))],
            Outcome.UNKNOWN,
            id="mail lost after DATA",
        ),
        pytest.param(
            [SmtpReply(250), Failure(smtplib.SMTPServerDisconnected("x"))],
            Outcome.TRANSIENT,
            id="mail server gone before DATA",
        ),
        pytest.param([Failure(TimeoutError())], Outcome.TRANSIENT, id="no connection"),
        pytest.param([Failure(OSError())], Outcome.TRANSIENT, id="no route"),
        pytest.param(
            [Failure(ssl.SSLCertVerificationError())],
            Outcome.CHANNEL_PERMANENT,
            id="wrong certificate",
        ),
        pytest.param([Failure(ssl.SSLEOFError())], Outcome.TRANSIENT, id="TLS hiccup"),
    ],
)
def test_failed_send_is_judged_by_what_was_learnt(
    replies: list[Reply], outcome: Outcome
) -> None:
    assert judge("json", replies, accepted=False).outcome is outcome


def test_log_in_that_needs_a_second_try_is_no_failure() -> None:
    refused = HttpReply(status=401, retry_after=None, date=None, body=b"")

    verdict = judge("json", [refused, OK], accepted=True)

    assert verdict.outcome is Outcome.SENT


def test_code_that_is_no_number_is_not_repeated() -> None:
    reply = HttpReply(
        status=200, retry_after=None, date=None, body=b'{"code": "my-s3cr3t"}'
    )

    verdict = judge("bark", [reply], accepted=True)

    assert "s3cr3t" not in verdict.reason
