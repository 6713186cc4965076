"""Apprise against real peers on loopback: the verdict must be the truth."""

import json
import logging
import socket
from datetime import timedelta

import pytest

from reminderd.delivery.apprise_channel import AppriseChannel, load_plugin, shorten
from reminderd.delivery.refusals import RULES
from reminderd.domain.deliveries import Outcome, Verdict
from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import Message
from tests.sinks import free_port, http_sink, smtp_sink

MESSAGE = Message(
    title="uk-travel: 3 days left", body="Data: 300 MB\n", severity=Severity.WARNING
)
SECRET = "s3cr3t-t0ken"


def send(url: str, message: Message = MESSAGE) -> Verdict:
    return AppriseChannel("phone", url).send(message)


@pytest.mark.parametrize("status", [200, 204])
def test_accepted_message_is_sent_as_plain_text(status: int) -> None:
    with http_sink(status=status) as sink:
        verdict = send(f"json://{sink.address}/")

    assert verdict.outcome is Outcome.SENT
    payload = json.loads(sink.requests[0].body)
    assert payload["title"] == "uk-travel: 3 days left"
    assert payload["message"].strip() == "Data: 300 MB"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (400, Outcome.MESSAGE_PERMANENT),
        (413, Outcome.MESSAGE_PERMANENT),
        (422, Outcome.MESSAGE_PERMANENT),
        (401, Outcome.CHANNEL_PERMANENT),
        (403, Outcome.CHANNEL_PERMANENT),
        (404, Outcome.CHANNEL_PERMANENT),
        (410, Outcome.CHANNEL_PERMANENT),
        (408, Outcome.TRANSIENT),
        (425, Outcome.TRANSIENT),
        (429, Outcome.TRANSIENT),
        (500, Outcome.TRANSIENT),
        (503, Outcome.TRANSIENT),
    ],
)
def test_verdict_follows_the_status(status: int, outcome: Outcome) -> None:
    with http_sink(status=status) as sink:
        verdict = send(f"json://{sink.address}/{SECRET}")

    assert verdict.outcome is outcome
    assert str(status) in verdict.reason
    assert SECRET not in verdict.reason


def test_wait_that_the_service_asks_for_is_known() -> None:
    with http_sink(status=429, headers={"Retry-After": "17"}) as sink:
        verdict = send(f"json://{sink.address}/")

    assert verdict.retry_after == timedelta(seconds=17)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_a_failure_and_the_other_host_hears_nothing(status: int) -> None:
    with http_sink() as other, http_sink(status=status) as sink:
        sink.headers["Location"] = f"http://{other.address}/stolen"

        verdict = send(f"json://{sink.address}/?+X-Key={SECRET}&redirect=yes")

    assert verdict.outcome is Outcome.CHANNEL_PERMANENT
    assert [request.headers["X-Key"] for request in sink.requests] == [SECRET]
    assert other.requests == []


def test_refused_connection_is_transient() -> None:
    verdict = send(f"json://127.0.0.1:{free_port()}/")

    assert verdict == Verdict(
        outcome=Outcome.TRANSIENT, reason="the connection was refused"
    )


def test_peer_that_never_answers_leaves_the_outcome_unknown() -> None:
    with http_sink(mute=True) as sink:
        verdict = send(f"json://{sink.address}/?rto=0.1")

    assert verdict.outcome is Outcome.UNKNOWN


def test_peer_that_hangs_up_without_an_answer_leaves_the_outcome_unknown() -> None:
    with http_sink(mute=True) as sink:
        sink.closing.set()

        verdict = send(f"json://{sink.address}/")

    assert verdict.outcome is Outcome.UNKNOWN


def test_peer_without_tls_is_a_fault_of_the_channel() -> None:
    with http_sink() as sink:
        verdict = send(f"jsons://{sink.address}/")

    assert verdict.outcome is Outcome.CHANNEL_PERMANENT
    assert "TLS" in verdict.reason


def test_url_that_apprise_refuses_is_a_fault_of_the_channel() -> None:
    verdict = send(f"tgram:/{SECRET}/x")

    assert verdict == Verdict(
        outcome=Outcome.CHANNEL_PERMANENT,
        reason="the URL of the channel cannot be used",
    )


SERVICES = [
    # url, attribute with the address, path, refusal, acceptance
    pytest.param("wecombot://botkey1234567890", "api_url", "errcode", 0, id="wecombot"),
    pytest.param(
        "dingtalk://abcdefghijklmnopqrst", "notify_url", "errcode", 0, id="dingtalk"
    ),
    pytest.param("feishu://abcdef1234567890", "notify_url", "code", 0, id="feishu"),
    pytest.param("lark://abcdef-1234567890", "webhook_url", "code", 0, id="lark"),
    pytest.param("schan://12345678", "notify_url", "code", 0, id="serverchan"),
    pytest.param("pushdeer://{address}/pushKey", None, "code", 0, id="pushdeer"),
    pytest.param("bark://{address}/devicekey", None, "code", 200, id="bark"),
    pytest.param(
        "spugpush://abc123def456ghi789jkl012mno345pq",
        "webhook_url",
        "code",
        200,
        id="spugpush",
    ),
    pytest.param(
        "vonage://abc123de:gh12gh34@447700900123",
        "notify_url",
        "messages.*.status",
        0,
        id="vonage",
    ),
]
ONE_SIGNAL = (
    "onesignal://11111111-2222-3333-4444-555555555555@apikey/"
    "66666666-7777-8888-9999-000000000000"
)


def answer(field: str, code: object) -> bytes:
    """Return the body of an answer with *code* in a field, such as "messages.*.id"."""
    body = code
    for name in reversed(field.split(".")):
        body = [body] if name == "*" else {name: body, "msg": SECRET}
    return json.dumps(body).encode()


def test_every_rule_has_its_service_in_the_tests_here() -> None:
    tested = {str(param.values[0]).partition(":")[0] for param in SERVICES}
    other_names = {"barks": "bark", "pushdeers": "pushdeer", "nexmo": "vonage"}

    assert {other_names.get(name, name) for name in RULES} == {*tested, "onesignal"}


def test_every_rule_names_the_page_it_comes_from() -> None:
    assert all(rule.page.startswith("https://") for rule in RULES.values())


def _send_to(
    sink_address: str, url: str, attribute: str | None, message: Message = MESSAGE
) -> Verdict:
    """Send through the real plugin, with the fixed host of its service replaced."""
    channel = AppriseChannel("phone", url.format(address=sink_address))
    if attribute is not None:
        plugin = load_plugin(url)
        setattr(plugin, attribute, f"http://{sink_address}/")
        channel._of_thread.plugin = plugin  # noqa: SLF001 - its host is fixed
    return channel.send(message)


@pytest.mark.parametrize(("url", "attribute", "field", "good"), SERVICES)
@pytest.mark.parametrize("code", [80501, "80501", -1, 400])
def test_refusal_with_status_200_is_no_success(
    url: str, attribute: str | None, field: str, good: int, code: int | str
) -> None:
    with http_sink(body=answer(field, code)) as sink:
        verdict = _send_to(sink.address, url, attribute)

    assert len(sink.requests) == 1
    assert verdict.outcome is Outcome.TRANSIENT
    assert verdict.reason == f"the service refused it with code {code}"


@pytest.mark.parametrize(("url", "attribute", "field", "good"), SERVICES)
def test_good_code_is_a_success(
    url: str, attribute: str | None, field: str, good: int
) -> None:
    with http_sink(body=answer(field, good)) as sink:
        verdict = _send_to(sink.address, url, attribute)

    assert verdict.outcome is Outcome.SENT


@pytest.mark.parametrize(
    ("url", "attribute", "answered"),
    [
        ("wecombot://botkey1234567890", "api_url", {"errcode": 93000}),
        ("dingtalk://abcdefghijklmnopqrst", "notify_url", {"errcode": 310000}),
        ("feishu://abcdef1234567890", "notify_url", {"code": 19024}),
        ("lark://abcdef-1234567890", "webhook_url", {"code": 19021}),
        (
            "nexmo://abc123de:gh12gh34@447700900123",
            "notify_url",
            {"messages": [{"status": "0"}, {"status": "4", "error-text": SECRET}]},
        ),
        (ONE_SIGNAL, "notify_url", {"id": "", "errors": [SECRET]}),
    ],
)
def test_refusal_of_the_address_is_a_fault_of_the_channel(
    url: str, attribute: str, answered: object
) -> None:
    with http_sink(body=json.dumps(answered).encode()) as sink:
        verdict = _send_to(sink.address, url, attribute)

    assert verdict.outcome is Outcome.CHANNEL_PERMANENT


def test_identifier_of_what_was_sent_is_a_success() -> None:
    with http_sink(body=b'{"id": "458dcec4-cf53-11e3"}') as sink:
        verdict = _send_to(sink.address, ONE_SIGNAL, "notify_url")

    assert verdict == Verdict(outcome=Outcome.SENT, reason="accepted")


def test_refusal_at_the_end_of_a_long_answer_is_seen() -> None:
    body = b'{"log": "%s", "code": 500}' % (b"x" * 9000)
    with http_sink(body=body) as sink:
        verdict = _send_to(sink.address, "bark://{address}/devicekey", None)

    assert verdict.outcome is Outcome.TRANSIENT


def test_refusal_of_the_text_is_a_fault_of_the_message() -> None:
    with http_sink(body=b'{"errcode": 40058}') as sink:
        verdict = _send_to(sink.address, "wecombot://botkey1234567890", "api_url")

    assert verdict.outcome is Outcome.MESSAGE_PERMANENT


@pytest.mark.parametrize("body", [b"", b"ok", b"[1]", b'{"msg": "ok"}', b"[" * 9999])
def test_body_without_a_code_is_no_refusal(body: bytes) -> None:
    with http_sink(body=body) as sink:
        verdict = _send_to(sink.address, "bark://{address}/devicekey", None)

    assert verdict.outcome is Outcome.SENT


def test_wecom_counts_bytes() -> None:
    long = Message(
        title="流量不足", body="剩余流量很少\n" * 400, severity=Severity.WARNING
    )
    with http_sink(body=b'{"errcode": 0}') as sink:
        _send_to(sink.address, "wecombot://botkey1234567890", "api_url", long)

    (request,) = sink.requests
    text = json.loads(request.body)["text"]["content"]
    assert len(text.encode()) <= 2048
    assert text.endswith("…")


def test_text_is_cut_at_the_end_of_a_line() -> None:
    assert shorten("abc\ndefgh", 8) == "abc\n…"
    assert shorten("流量流量", 8) == "流…"
    assert shorten("abc", 3) == "abc"
    assert shorten("abcd", 3) == "…"


def test_table_is_attached_where_the_service_takes_files() -> None:
    message = Message(
        title="30 lines", body="...", severity=Severity.INFO, table="name\nuk-travel\n"
    )
    with http_sink() as sink:
        send(f"json://{sink.address}/", message)

    (attached,) = json.loads(sink.requests[0].body)["attachments"]
    assert attached["filename"] == "lines.csv"
    assert attached["mimetype"] == "text/csv"


def test_mail_is_sent() -> None:
    with smtp_sink() as sink:
        verdict = send(_mail(sink.port))

    assert verdict.outcome is Outcome.SENT
    assert sink.mails[0].rcpt_tos == ["me@example.org"]


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("451 try later", Outcome.TRANSIENT),
        ("530 log in first", Outcome.CHANNEL_PERMANENT),
        ("552 too big", Outcome.MESSAGE_PERMANENT),
        ("554 looks like spam", Outcome.MESSAGE_PERMANENT),
    ],
)
def test_verdict_follows_the_mail_servers_reply(reply: str, outcome: Outcome) -> None:
    with smtp_sink(data_reply=reply) as sink:
        verdict = send(_mail(sink.port))

    assert verdict == Verdict(
        outcome=outcome, reason=f"the mail server answered {reply[:3]}"
    )


def test_unknown_recipient_is_a_fault_of_the_channel() -> None:
    with smtp_sink(rcpt_reply="550 no such user") as sink:
        verdict = send(_mail(sink.port))

    assert verdict.outcome is Outcome.CHANNEL_PERMANENT


def test_mail_server_that_is_down_is_transient() -> None:
    verdict = send(_mail(free_port()))

    assert verdict.reason == "the connection was refused"
    assert verdict.outcome is Outcome.TRANSIENT


def test_mail_server_that_never_greets_is_transient() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        server.listen(0)
        channel = AppriseChannel("mail", _mail(server.getsockname()[1], "&cto=0.1"))

        verdict = channel.send(MESSAGE)

    assert verdict.outcome is Outcome.TRANSIENT


def test_mail_server_without_encryption_is_a_fault_of_the_channel() -> None:
    with smtp_sink() as sink:
        verdict = send(_mail(sink.port).replace("insecure", "starttls"))

    assert verdict.reason == "the mail server offers no encryption (STARTTLS)"
    assert verdict.outcome is Outcome.CHANNEL_PERMANENT


def test_no_library_writes_a_secret_to_our_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG), http_sink(status=500) as sink:
        verdict = send(f"json://user:{SECRET}@{sink.address}/{SECRET}?+X={SECRET}")
        send(f"tgram:/{SECRET}/x")

    assert SECRET not in caplog.text
    assert SECRET not in verdict.reason
    assert SECRET not in repr(AppriseChannel("phone", f"json://h/{SECRET}"))


def test_own_timeouts_hold_unless_the_url_has_some() -> None:
    plugin = load_plugin("json://127.0.0.1/")
    patient = load_plugin("json://127.0.0.1/?rto=7&cto=3&overflow=truncate")

    assert plugin is not None
    assert patient is not None
    assert plugin.request_timeout == (10, 30)
    assert patient.request_timeout == (3, 7)
    assert plugin.request_rate_per_sec == 0
    assert plugin.overflow_mode.value == "split"
    assert patient.overflow_mode.value == "truncate"


def _mail(port: int, more: str = "") -> str:
    return (
        f"mailto://127.0.0.1:{port}?from=reminderd@example.org&to=me@example.org"
        f"&mode=insecure{more}"
    )
