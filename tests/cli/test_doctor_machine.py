"""The doctor looks at the machine, and asks for a connection to each channel."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from socket import create_server
from threading import Thread
from zoneinfo import ZoneInfo

import pytest

from reminderd.cli import machine_checks
from reminderd.cli.facts import ConfigFacts, Facts, Finding, StoreFacts
from reminderd.cli.machine import units_in
from reminderd.delivery.reachability import Endpoint, endpoint_of, unreachable
from reminderd.errors import ExitStatus
from reminderd.messages.wording import Reader, Wording
from tests.builders import NOW
from tests.cli.shell import TRAVEL, Shell
from tests.sinks import free_port, http_sink, smtp_sink

WORDS = Wording(Reader(language="en", zone=ZoneInfo("Asia/Shanghai")), NOW)
FACTS = Facts(
    now=NOW,
    program="reminderd",
    config=ConfigFacts(path=None),
    channels=(),
    store=StoreFacts(place="store"),
)


def said(findings: Iterator[Finding]) -> list[str]:
    return [
        "; ".join(filter(None, (each.status.name, each.text, each.advice)))
        for each in findings
    ]


def shown(**units: str) -> str:
    """Return what ``systemctl show`` prints of units, "enabled active" for one."""
    names = {
        "service": "reminderd.service",
        "timer": "reminderd-check.timer",
        "check": "reminderd-check.service",
    }
    blocks = []
    for key, name in names.items():
        words = units.get(key, "").split()
        loaded = "loaded" if words else "not-found"
        enabled, active = words or ("", "inactive")
        blocks.append(
            f"Id={name}\nLoadState={loaded}\nActiveState={active}\n"
            f"UnitFileState={enabled}\n"
        )
    return "\n".join(blocks)


@pytest.mark.parametrize(
    ("units", "text"),
    [
        pytest.param(
            {"service": "enabled active"},
            ["OK; systemd: reminderd.service is enabled and runs"],
            id="all is well",
        ),
        pytest.param(
            {"timer": "enabled active", "check": "static inactive"},
            ["OK; systemd: reminderd-check.timer is enabled and runs"],
            id="the timer",
        ),
        pytest.param(
            {"service": "enabled active", "timer": "enabled active"},
            [
                (
                    "WARNING; systemd: the service and the timer are enabled, one is "
                    "enough; keep the service: systemctl disable --now "
                    "reminderd-check.timer"
                )
            ],
            id="both at once",
        ),
        pytest.param(
            {"service": "enabled inactive"},
            [
                (
                    "WARNING; systemd: reminderd.service is enabled, but does not run; "
                    "start it: systemctl start reminderd.service"
                )
            ],
            id="stopped by hand",
        ),
        pytest.param(
            {"service": "disabled inactive", "timer": "disabled inactive"},
            [
                (
                    "WARNING; systemd: reminderd is installed, but not enabled; let it "
                    "run by itself: systemctl enable --now reminderd.service"
                )
            ],
            id="not after a reboot",
        ),
        pytest.param(
            {"service": "enabled failed"},
            [
                (
                    "CRITICAL; systemd: reminderd.service has failed; see why: "
                    "journalctl -u reminderd.service -n 50"
                )
            ],
            id="failed",
        ),
        pytest.param(
            {"timer": "enabled active", "check": "static failed"},
            [
                (
                    "CRITICAL; systemd: reminderd-check.service has failed; see why: "
                    "journalctl -u reminderd-check.service -n 50"
                ),
                "OK; systemd: reminderd-check.timer is enabled and runs",
            ],
            id="a check failed",
        ),
        pytest.param({}, [], id="not installed"),
    ],
)
def test_units_are_as_they_should_be_or_it_says_what_to_do(
    units: dict[str, str], text: list[str]
) -> None:
    facts = replace(FACTS, units=units_in(shown(**units)))

    assert said(machine_checks.units(facts, WORDS)) == text


def test_without_systemd_there_is_nothing_to_say_of_units() -> None:
    assert said(machine_checks.units(FACTS, WORDS)) == []


def test_a_clock_that_nobody_sets_is_told() -> None:
    facts = replace(FACTS, is_synchronised=False)

    assert said(machine_checks.synchronisation(facts, WORDS)) == [
        (
            "WARNING; clock: no time server sets it; let one set it: "
            "timedatectl set-ntp true"
        )
    ]
    for known in (True, None):
        facts = replace(FACTS, is_synchronised=known)
        assert said(machine_checks.synchronisation(facts, WORDS)) == []


@pytest.mark.parametrize(
    ("year", "text"),
    [
        pytest.param(2025, "OK; time zone: Asia/Shanghai", id="of last year"),
        pytest.param(None, "OK; time zone: Asia/Shanghai", id="unknown"),
        pytest.param(
            2024,
            "WARNING; time zone: Asia/Shanghai, by rules of 2024; update the package "
            "tzdata",
            id="too old",
        ),
    ],
)
def test_old_rules_of_time_zones_are_told(year: int | None, text: str) -> None:
    facts = replace(FACTS, zones_year=year)

    assert said(machine_checks.time_zone(facts, WORDS)) == [text]


@contextmanager
def greeting(answer: bytes) -> Iterator[int]:
    """Give the port of a server that says *answer* to whoever connects."""
    with create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            peer, _ = server.accept()
            with peer:
                peer.recv(1)
                peer.sendall(answer)

        Thread(target=greet, daemon=True).start()
        yield server.getsockname()[1]


def test_a_server_that_takes_a_connection_is_reachable() -> None:
    with http_sink() as sink:
        endpoint = endpoint_of(f"json://{sink.address}/")
        assert endpoint is not None
        assert unreachable({"web": endpoint}) == {"web": None}
        assert sink.requests == []


def test_a_mail_server_is_reached_where_mail_goes() -> None:
    with smtp_sink() as sink:
        url = f"mailto://127.0.0.1:{sink.port}?from=a@example.org&to=b@example.org"
        endpoint = endpoint_of(url)
        assert endpoint is not None
        assert unreachable({"mail": endpoint}) == {"mail": None}


def test_why_a_server_cannot_be_reached_is_told_without_its_address() -> None:
    with greeting(b"HTTP/1.0 400 no TLS here\r\n\r\n") as port:
        tried = unreachable(
            {
                "closed": Endpoint("127.0.0.1", free_port(), False, True),
                "plain": Endpoint("127.0.0.1", port, True, True),
                "nameless": Endpoint("no-such-name.invalid", 80, False, True),
            }
        )

    assert tried["closed"] == "the connection was refused"
    assert tried["plain"] == "the encrypted connection was refused (TLS)"
    assert tried["nameless"] is not None
    texts = "; ".join(str(text) for text in tried.values())
    assert "127.0.0.1" not in texts
    assert "invalid" not in texts


@pytest.mark.parametrize(
    ("url", "host", "port", "is_encrypted"),
    [
        pytest.param("jsons://h/", "h", 443, True, id="an own server"),
        pytest.param("json://h:81/", "h", 81, False, id="with a port"),
        pytest.param("ntfys://h/topic", "h", 443, True, id="an own ntfy"),
        pytest.param(
            "tgram://123456789:AAFabcdefghijklmnopqrstuvwxyz123456a/123",
            "api.telegram.org",
            443,
            True,
            id="a service for everybody",
        ),
        pytest.param(
            "mailto://u:p@gmail.com", "smtp.gmail.com", 587, False, id="STARTTLS"
        ),
    ],
)
def test_it_connects_where_the_channel_does(
    url: str, host: str, port: int, is_encrypted: bool
) -> None:
    endpoint = endpoint_of(url)

    assert endpoint == Endpoint(host, port, is_encrypted, True)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("syslog://", id="no network"),
        pytest.param("ntfy://topic", id="nobody knows the host"),
        pytest.param("no url", id="no URL"),
    ],
)
def test_what_nobody_can_tell_is_not_tried(url: str) -> None:
    assert endpoint_of(url) is None


def test_through_a_proxy_nothing_can_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9/")

    assert endpoint_of("jsons://h/") is None


def test_a_server_without_a_certificate_of_anybody_is_accepted_where_told_so() -> None:
    endpoint = endpoint_of("jsons://h/?verify=no")

    assert endpoint is not None
    assert not endpoint.is_verified


def test_the_doctor_warns_of_a_channel_that_cannot_be_reached(shell: Shell) -> None:
    port = free_port()
    shell.write(TRAVEL + f'[channels.web]\nurl = "json://127.0.0.1:{port}/secret"\n')

    answer = shell("doctor")

    assert any(
        line.startswith(
            "warning  channel web cannot be reached: the connection was refused; "
            "try it: "
        )
        for line in answer.lines
    )
    assert str(port) not in answer.out
    assert answer.status == ExitStatus.WARNING


def test_the_doctor_asks_for_a_proof_that_is_not_old(shell: Shell) -> None:
    with http_sink() as sink:
        shell.write(f'[channels.web]\nurl = "json://{sink.address}/"\n')
        shell.ok("channels", "test")
        shell.now = shell.now.replace(year=2027, month=1, day=22)
        answer = shell("doctor")

    (line,) = [each for each in answer.lines if "channel web" in each]
    assert line.startswith(
        "ok       channel web works, last used Sun 22 Nov 12:00; its server answers; "
        "that is 61 days ago; prove it: reminderd"
    )


def test_a_configuration_that_others_can_write_is_told(shell: Shell) -> None:
    shell.write(TRAVEL)
    shell.config.chmod(0o666)

    answer = shell("doctor")

    assert (
        f"warning  configuration: others can write into {shell.config}, and turn "
        f"reminders elsewhere; chmod go-w {shell.config}"
    ) in answer.lines
    assert Path(shell.config).stat().st_mode & 0o777 == 0o666


def test_the_help_leads_to_explain(shell: Shell) -> None:
    overview = shell.run("--help").out

    assert "Why did a line send nothing? reminderd explain LINE" in overview
    assert "why it sent nothing" in shell.run("explain", "--help").out
