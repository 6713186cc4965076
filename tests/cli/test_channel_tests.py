"""channels test: what the service answers, and what a real reminder looks like."""

# ruff: noqa: RUF001 - Chinese punctuation is meant

import json
import re

import pytest

from tests.cli.shell import Shell
from tests.sinks import HttpSink, free_port, http_sink, smtp_sink

LINE = """
[lines.uk]
carrier = "giffgaff"
number = "+447700900987"
valid_until = 2026-12-14
"""
TITLE = "Test: uk: 7 days left, ends Mon 14 Dec"


def web(sink: HttpSink, name: str = "web", more: str = "") -> str:
    return f'[channels.{name}]\nurl = "json://{sink.address}/"\n{more}\n'


def told(shell: Shell) -> list[str]:
    dump = shell.dump() or []
    return [row for row in dump if row.startswith('INSERT INTO "told"')]


def sent(sink: HttpSink, number: int = -1) -> dict[str, str]:
    body: dict[str, str] = json.loads(sink.requests[number].body)
    return body


def test_it_says_the_status_of_the_answer_and_the_time_taken(shell: Shell) -> None:
    with http_sink(status=201) as sink:
        shell.write(web(sink))
        answer = shell.ok("channels", "test", "web")

    assert re.fullmatch(r"sent to web \(accepted with 201, \d\.\d s\)\n", answer.out)


def test_it_says_the_code_in_the_body_of_a_refusal(shell: Shell) -> None:
    with http_sink(body=b'{"code": 400, "message": "no such key"}') as sink:
        shell.write(f'[channels.web]\nurl = "bark://{sink.address}/a-device-key"\n')
        answer = shell("channels", "test", "web")

    assert answer.status == 3
    assert "code 400" in answer.out
    assert "a-device-key" not in answer.out + answer.err


def test_it_says_what_the_mail_server_answered(shell: Shell) -> None:
    with smtp_sink() as sink:
        shell.write(
            f'[channels.mail]\nurl = "mailto://127.0.0.1:{sink.port}'
            '?from=a@example.org&to=b@example.org&mode=insecure"\n'
        )
        answer = shell.ok("channels", "test", "mail")

    assert "sent to mail (the mail server answered 250, " in answer.out


def test_programs_get_the_answer_as_json(shell: Shell) -> None:
    with http_sink(status=404) as sink:
        shell.write(web(sink))
        answer = shell("channels", "test", "--json")

    (known,) = answer.json
    assert answer.status == 3
    assert known["channel"] == "web"
    assert known["answer"] == "the service answered 404 Not Found"
    assert known["milliseconds"] >= 0


def test_as_a_line_it_sends_what_that_line_says_next(shell: Shell) -> None:
    with http_sink() as sink:
        shell.write(LINE + web(sink))
        shell.ok("check")
        before = told(shell)
        answer = shell.ok("channels", "test", "web", "--as", "uk")

    assert answer.out.startswith("sent to web (accepted with 200, ")
    assert sent(sink)["title"] == TITLE
    assert sent(sink)["message"].startswith(
        "This is a test; reminderd says this Mon 7 Dec 09:00:"
    )
    assert "+44 •••• 0987" in sent(sink)["message"]
    assert (
        "Tell reminderd" in sent(sink)["message"]
        or "renew uk" in (sent(sink)["message"])
    )
    assert told(shell) == before


@pytest.mark.slow
def test_as_a_line_it_looks_like_the_real_one_but_for_the_mark(shell: Shell) -> None:
    with http_sink() as sink:
        shell.write(LINE + web(sink))
        shell.ok("check")
        shell.ok("channels", "test", "--as", "uk")
        shell.now = shell.now.replace(month=12, day=7, hour=9, minute=0, second=1)
        shell.ok("check")

    example, real = sent(sink, -2), sent(sink, -1)
    assert example["title"] == f"Test: {real['title']}"
    assert example["message"].partition("\n\n")[2] == real["message"]
    assert example["type"] == real["type"]


def test_a_test_as_a_line_changes_nothing_that_is_due(shell: Shell) -> None:
    with http_sink() as sink:
        shell.write(web(sink))
        shell.ok("add", "uk", "valid_until=2026-12-14")
        shell.ok("channels", "test", "--as", "uk")
        assert sent(sink)["message"].startswith(
            "This is a test; the next check says this:"
        )

        shell.ok("check")

    assert sent(sink)["title"] == "uk: 22 days left, ends Mon 14 Dec"


def test_a_test_as_a_line_that_fails_goes_nowhere_else(shell: Shell) -> None:
    with http_sink() as sink, http_sink() as other:
        fallback = web(other, "mail", 'min_severity = "critical"')
        shell.write(LINE + web(sink, more='fallback = "mail"') + fallback)
        shell.ok("check")
        sink.status = 403
        answer = shell("channels", "test", "web", "--as", "uk")
        shell("check")

    assert answer.status == 3
    assert not any(TITLE in request.body.decode() for request in other.requests)


def test_without_a_name_it_goes_where_the_real_one_goes(shell: Shell) -> None:
    with http_sink() as sink, http_sink() as other:
        strict = web(other, "pager", 'min_severity = "critical"')
        shell.write(LINE + web(sink) + strict)
        shell.ok("check")
        shell.ok("channels", "test", "--as", "uk")
        assert other.requests == []

        named = shell("channels", "test", "pager", "--as", "uk")

    assert named.err == "reminderd: the real one does not go to pager\n"
    assert sent(other)["title"] == TITLE


def test_a_dry_run_shows_it_and_sends_nothing(shell: Shell) -> None:
    shell.write(LINE + f'[channels.web]\nurl = "json://127.0.0.1:{free_port()}/"\n')
    shell("check")
    before = shell.dump()

    answer = shell.ok("channels", "test", "--as", "uk", "--dry-run")
    known = shell.ok("channels", "test", "--as", "uk", "--dry-run", "--json").json

    assert answer.lines[:3] == ["To web:", "", TITLE]
    assert answer.lines[-1] == "Nothing was sent."
    assert shell.dump() == before
    assert [(each["channel"], each["title"]) for each in known] == [("web", TITLE)]


def test_it_is_worded_for_the_reader(shell: Shell) -> None:
    shell.write(LINE, language="zh_CN")
    shell.ok("check")

    lines = shell.ok("channels", "test", "--as", "uk", "--dry-run").lines

    assert lines[0] == "发往terminal："
    assert lines[2] == "测试：uk：还剩7天，12月14日周一到期"
    assert lines[-1] == "没有发送任何内容。"


def test_a_line_that_never_says_anything_has_no_example(shell: Shell) -> None:
    shell.write('[thresholds]\nstale = "never"\n')
    shell.ok("add", "uk")
    shell.ok("check")

    answer = shell.refused("channels", "test", "--as", "uk")

    assert answer.status == 64
    assert "see: reminderd explain uk" in answer.err
