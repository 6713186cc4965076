"""Whether an address that somebody received is the carrier's own."""

import socket
from pathlib import Path

import pytest

from tests.cli.shell import Shell

OWN = """
[carriers.travel]
title = "Travel eSIM"
domains = ["sim-travel.net"]
[carriers.bare]
"""
INSTEAD = (
    "Type the address yourself: https://www.giffgaff.com/ (or use the carrier's app)."
)
ASK_YOUR_BILL = (
    "Use the carrier's app, or type the address that is printed on your card or bill."
)
NOT_ENCRYPTED = (
    "It is not encrypted (http, not https): others can read and change the page."
)
CHINESE = """\
不是。这个地址通向xn--giffgff-6fg.com，不是giffgaff：
- 本该是拉丁字母a的地方，写的是\u0430（CYRILLIC SMALL LETTER A）。
- xn--giffgff-6fg.com只是看起来像giffgaff.com
不要打开。请自己输入网址 https://www.giffgaff.com/，或者用运营商的App。
"""  # noqa: RUF001 - Chinese punctuation


@pytest.fixture
def known(shell: Shell) -> Shell:
    """A shell that knows a carrier of its own, and one without domains."""
    shell.write(OWN)
    return shell


def test_an_official_address_is_the_carriers_own(known: Shell) -> None:
    answer = known.ok("verify-link", " https://www.giffgaff.com/top-up\n")

    assert answer.out == "Yes. www.giffgaff.com is giffgaff's own website.\n"


def test_another_address_is_refused_with_what_to_do_instead(known: Shell) -> None:
    answer = known("verify-link", "https://giffgaff.com.example.net/top-up?plan=1")

    assert (answer.status, answer.err) == (1, "")
    assert answer.lines == [
        "No. This leads to example.net, not to giffgaff:",
        "- giffgaff.com only stands in front; the end counts: example.net",
        f"Do not open it. {INSTEAD}",
    ]


def test_a_reader_of_chinese_is_answered_in_chinese(shell: Shell) -> None:
    shell.write("", language="zh_CN")

    assert shell.ok("verify-link", "https://giffgaff.com").out == (
        "是。giffgaff.com是giffgaff自己的网站。\n"
    )
    assert shell("verify-link", "https://giffg\u0430ff.com").out == CHINESE


@pytest.mark.parametrize(
    ("url", "lines"),
    [
        pytest.param(
            "http://giffgaff.com/",
            [
                "Not like this. giffgaff.com is giffgaff's own website, but:",
                f"- {NOT_ENCRYPTED}",
            ],
            id="not encrypted",
        ),
        pytest.param(
            "https://giffgaff.com@evil.example/",
            [
                "No. This leads to evil.example, not to giffgaff:",
                "- What stands before the @ is a user name, whatever it looks like.",
                "- evil.example is not one of its official domains: giffgaff.com",
            ],
            id="user",
        ),
        pytest.param(
            "https://giffgaff.com/?a=1&next=https%3A%2F%2Fevil.example",
            [
                "Not like this. giffgaff.com is giffgaff's own website, but:",
                "- It leads on to another website: evil.example",
            ],
            id="redirect",
        ),
        pytest.param(
            "https://g1ffgaff.com:80/\x1b[2J",
            [
                "No. This leads to g1ffgaff.com, not to giffgaff:",
                "- It has a character in it that does not belong there: U+001B.",
                "- It has a port number, or a colon, after the website.",
                "- g1ffgaff.com only looks like giffgaff.com",
            ],
            id="several reasons",
        ),
        pytest.param(
            "https://example.net",
            ["No. This leads to example.net, which no known carrier has."],
            id="nobody's",
        ),
        pytest.param(
            "https://10.0.0.1/",
            [
                "No. This is no address that a carrier would send.",
                "- It has a number (an IP address) in place of a website.",
            ],
            id="number",
        ),
        pytest.param(
            "https://giff\udcffgaff.com",
            [
                "No. This is no address that a carrier would send.",
                "- It has a character in it that does not belong there: U+DCFF.",
            ],
            id="half a character",
        ),
    ],
)
def test_every_reason_is_told(known: Shell, url: str, lines: list[str]) -> None:
    answer = known("verify-link", url)

    assert (answer.status, answer.lines[:-1]) == (1, lines)
    assert answer.lines[-1].startswith("Do not open it. ")


def test_the_carrier_that_is_asked_for_counts(known: Shell) -> None:
    url = "https://pay.sim-travel.net/"

    assert known.ok("verify-link", url, "--carrier", "travel").out == (
        "Yes. pay.sim-travel.net is Travel eSIM's own website.\n"
    )
    answer = known("verify-link", url, "--carrier", "giffgaff")
    assert (answer.status, answer.lines[0]) == (
        1,
        "No. This leads to Travel eSIM, not to giffgaff:",
    )


def test_nothing_belongs_to_a_carrier_without_domains(known: Shell) -> None:
    answer = known("verify-link", "https://example.org/", "--carrier", "bare")

    assert answer.status == 1
    assert answer.lines[1:] == [
        "- No official domain of bare is known.",
        f"Do not open it. {ASK_YOUR_BILL}",
    ]


def test_an_unknown_carrier_is_wrong_usage(known: Shell) -> None:
    answer = known.refused(
        "verify-link", "https://giffgaff.com", "--carrier", "gifgaff"
    )

    assert answer.status == 64
    assert answer.err == (
        "reminderd: there is no carrier 'gifgaff'; did you mean 'giffgaff'?\n"
    )


def test_a_program_gets_the_reasons_by_name(known: Shell) -> None:
    answer = known("verify-link", "http://gifgaff.com/x", "--json")

    assert answer.status == 1
    assert answer.json == {
        "official": False,
        "host": "gifgaff.com",
        "belongs_to": "gifgaff.com",
        "carriers": [],
        "reasons": [
            {
                "reason": "not-encrypted",
                "text": NOT_ENCRYPTED,
            },
            {
                "reason": "misspelt",
                "text": "gifgaff.com is spelt almost like giffgaff.com",
            },
        ],
        "instead": "https://www.giffgaff.com/",
    }


def test_a_program_gets_whose_an_official_address_is(known: Shell) -> None:
    assert known.ok("verify-link", "https://a.sim-travel.net/", "--json").json == {
        "official": True,
        "host": "a.sim-travel.net",
        "belongs_to": "sim-travel.net",
        "carriers": ["travel"],
        "reasons": [],
        "instead": None,
    }


def test_it_works_before_anything_is_set_up(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("reminderd.config.loading.SYSTEM_CONFIG", tmp_path / "none")

    assert shell.run("verify-link", "https://giffgaff.com").status == 0


def test_a_configuration_with_mistakes_is_told(shell: Shell) -> None:
    shell.write("[carriers.giffgaff]\ndomains = 3\n")

    assert shell("verify-link", "https://giffgaff.com").status == 78


def test_the_address_is_never_opened(
    known: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("something was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)

    assert known("verify-link", "https://evil.example/").status == 1
    assert known("verify-link", "https://giffgaff.com/").status == 0


def test_help_tells_the_exit_status(shell: Shell) -> None:
    assert "Exit status: 0 official, 1 not" in shell.run("verify-link", "-h").out
