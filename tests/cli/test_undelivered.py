"""What has reached nobody, and another try at it."""

from datetime import timedelta

import pytest

from tests.builders import NOW
from tests.cli.shell import TRAVEL, Shell
from tests.sinks import HttpSink, http_sink

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SPAIN = "[lines.spain]\nvalid_until = 2026-11-24\n"


def web(sink: HttpSink, name: str = "web", more: str = "") -> str:
    return f'[channels.{name}]\nurl = "json://{sink.address}/"\n{more}\n'


@pytest.mark.slow
def test_all_has_arrived(shell: Shell) -> None:
    with http_sink() as sink:
        shell.write(TRAVEL + web(sink))
        shell.ok("check")

        answer = shell.ok("undelivered")
        again = shell.ok("undelivered", "--retry")

    assert answer.out == again.out == "Nothing is undelivered.\n"
    assert len(sink.requests) == 1


def test_what_a_broken_channel_holds_is_listed_with_what_to_do(shell: Shell) -> None:
    with http_sink(status=401) as sink:
        shell.write(TRAVEL + web(sink))
        shell("check")

        answer = shell("undelivered")

    assert (answer.status, answer.err) == (3, "")
    heading, _, row, last = answer.lines
    assert heading.split()[:2] == ["line", "channel"]
    for cell in (
        "uk-travel",
        "web",
        "its channel is broken: the service answered 401 Unauthorized",
        "Sun 22 Nov 12:00",
        "tried again Sun 22 Nov 12:30; sooner with: reminderd channels test web",
    ):
        assert cell in row
    assert last == (
        "No channel works, nobody can be reached. "
        "web: the service answered 401 Unauthorized. "
        "When that is mended: reminderd undelivered --retry"
    )


def test_the_list_in_json(shell: Shell) -> None:
    with http_sink(status=503) as sink:
        shell.write(TRAVEL + web(sink))
        shell("check")

        answer = shell("undelivered", "--json")

    assert answer.status == 3
    (delivery,) = answer.json["deliveries"]
    assert delivery["line"] == "uk-travel"
    assert delivery["reason"] == "the service answered 503 Service Unavailable"
    assert delivery["since"] < delivery["next_attempt_at"]
    assert answer.json["dead_channels"] == []


@pytest.mark.slow
def test_retry_after_the_captive_portal_is_gone_sends_all_of_it_now(
    shell: Shell,
) -> None:
    with http_sink(status=302) as sink:
        shell.write(TRAVEL + SPAIN + web(sink))
        shell("check")
        held = shell("undelivered")
        sink.status = 200

        answer = shell("undelivered", "--retry")
        after = shell("undelivered")

    assert (held.status, answer.status, after.status) == (3, 0, 0)
    assert "spain (sent to web)" in answer.lines
    assert "uk-travel (sent to web)" in answer.lines
    assert answer.lines[-1] == "Nothing is undelivered."
    # One message for both; then one of them alone, and the other.
    assert len(sink.requests) == 3


@pytest.mark.slow
def test_retry_that_fails_says_so_and_is_one_try(shell: Shell) -> None:
    with http_sink(status=401) as sink:
        shell.write(TRAVEL + SPAIN + web(sink))
        shell("check")

        answer = shell("undelivered", "--retry")
        shell("check")

    assert answer.status == 3
    assert "spain" in answer.out
    assert "uk-travel" in answer.out
    assert len(sink.requests) == 2


@pytest.mark.slow
def test_what_was_given_up_is_sent_once_the_service_takes_it(shell: Shell) -> None:
    with http_sink(status=413) as sink:
        shell.write(TRAVEL + web(sink))
        shell("check")
        given_up = shell("undelivered")
        sink.status = 200
        sink.requests.clear()

        answer = shell("undelivered", "--retry")

    assert "given up: the service answered 413" in given_up.out
    assert "nothing by itself; reminderd undelivered --retry" in given_up.out
    assert answer.status == 0
    assert "uk-travel (sent to web)" in answer.lines
    assert len(sink.requests) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "answered",
    [
        pytest.param(("renew", "uk-travel", "--until", "2027-06-30"), id="renewed"),
        pytest.param(("ack", "uk-travel"), id="acknowledged"),
        pytest.param(("remove", "uk-travel"), id="removed"),
    ],
)
@pytest.mark.parametrize("status", [413, 401])
def test_retry_never_says_what_does_not_hold_any_more(
    shell: Shell, status: int, answered: tuple[str, ...]
) -> None:
    with http_sink(status=status) as sink:
        shell.write(web(sink))
        shell.ok("add", "uk-travel", "valid_until=2026-12-04")
        shell("check")
        shell.now += HOUR
        shell.ok(*answered)
        sink.status = 200
        sink.requests.clear()

        shell("undelivered", "--retry")

    assert not any(b"days left" in request.body for request in sink.requests)


@pytest.mark.slow
def test_what_has_arrived_elsewhere_is_only_counted(shell: Shell) -> None:
    with http_sink(status=401) as sink, http_sink() as other:
        shell.write(TRAVEL + web(sink) + web(other, "mail"))
        shell("check")

        answer = shell.ok("undelivered")

    assert answer.lines == [
        "Nothing is undelivered.",
        "1 more waits for its channel, but has arrived through another.",
    ]


@pytest.mark.slow
def test_check_says_at_every_pass_that_no_channel_works(shell: Shell) -> None:
    with http_sink(status=401) as sink:
        shell.write(TRAVEL + web(sink))
        shell("check")
        # Nothing is left to say.
        shell.now = NOW + DAY
        shell("renew", "uk-travel", "--until", "2027-06-30")
        sink.requests.clear()

        answer = shell("check")
        rehearsed = shell("check", "--dry-run")
        record = shell("check", "--json").json["dead_channels"]

    assert (answer.status, rehearsed.status) == (3, 3)
    for each in (answer, rehearsed):
        assert "No channel works, nobody can be reached. web: the service" in each.out
    assert [each["channel"] for each in record] == ["web"]
    assert record[0]["is_broken"] is True


def test_list_in_chinese(shell: Shell) -> None:
    with http_sink(status=401) as sink:
        shell.write(TRAVEL + web(sink), language="zh_CN")
        shell("check")

        answer = shell("undelivered")

    assert "渠道故障" in answer.out
    assert "没有可用的渠道" in answer.out
