"""Names that mean harm, through the whole program into what real services are sent."""

import base64
import csv
import json
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import apprise.plugins.discord
import apprise.plugins.slack
import apprise.plugins.telegram
import pytest

from reminderd.cli import main
from tests.programs import a_section, in_days, write_config
from tests.sinks import HttpSink, SmtpSink, http_sink, smtp_sink

MASKED = "[Renew now](//evil.test)"
MASS = "@everyone <!channel> <@U123> @room"
MARKUP = "<a href=//evil.test>Renew</a><img src=x>"
TEMPLATE = "{{7*7}} ${HOME} %(x)s {0.__class__} {name}"
SQL = "'); DROP TABLE line;--"
FORMULA = "=cmd|' /C calc'!A0"
PATH = "../../etc/passwd"
ARGUMENT = "-rf"
HOSTILE = (MASKED, MASS, MARKUP, TEMPLATE, SQL, FORMULA, PATH, ARGUMENT, "+1+1", "@SUM")
FILLERS = tuple(f"line-{number}" for number in range(15))
CHAT = {
    "discord": "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
    "slack": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general",
    "telegram": "tgram://123456789:abcdefg_hijklmnop/12315544/",
    "mattermost": "mmost://{address}/aaaaaaaaaaaaaaaaaaaaaaaaaa",
    "ntfy": "ntfy://{address}/topic",
    "gotify": "gotify://{address}/abcdefghijklmno",
    "json": "json://{address}",
}


@dataclass(frozen=True, slots=True)
class Heard:
    """What each service was sent, as its readers see it, and the files in it."""

    texts: dict[str, str]
    mail: EmailMessage
    table: list[list[str]]


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Heard]:
    """All lines added by command and reminded of, by one check through all channels."""
    directory = tmp_path_factory.mktemp("hostile")
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        sinks = {name: stack.enter_context(http_sink()) for name in CHAT}
        for sink in sinks.values():
            sink.body = b'{"ok": true}'
        mail = stack.enter_context(smtp_sink())
        _redirect_fixed_hosts(patch, sinks)
        config = write_config(directory, *_channels(sinks, mail))
        for name in (*HOSTILE, *FILLERS):
            # The hostile ones are the worst: those are the ones that are listed.
            days = 0 if name in HOSTILE else 3
            words = ("add", "--", name, f"valid_until={in_days(days)}")
            assert main.run(["--config", str(config), *words]) == 0
        assert main.run(["--config", str(config), "check"]) == 0
        texts = {name: _text(sink) for name, sink in sinks.items()}
        (envelope,) = mail.mails
        assert isinstance(envelope.content, bytes)
        parsed = message_from_bytes(envelope.content, policy=policy.default)
        yield Heard(texts, parsed, _table(sinks["json"]))


def _channels(sinks: dict[str, HttpSink], mail: SmtpSink) -> Iterator[str]:
    for name, url in CHAT.items():
        address = url.format(address=sinks[name].address)
        yield f'[channels.{name}]\nurl = "{address}"'
    query = "from=a@example.org&to=b@example.org&mode=insecure"
    yield f'[channels.mail]\nurl = "mailto://127.0.0.1:{mail.port}/?{query}"'


def _redirect_fixed_hosts(
    patch: pytest.MonkeyPatch, sinks: dict[str, HttpSink]
) -> None:
    plugins: dict[str, tuple[type[Any], str]] = {
        "discord": (apprise.plugins.discord.NotifyDiscord, "notify_url"),
        "slack": (apprise.plugins.slack.NotifySlack, "webhook_url"),
        "telegram": (apprise.plugins.telegram.NotifyTelegram, "notify_url"),
    }
    for name, (plugin, attribute) in plugins.items():
        path = "/bot" if name == "telegram" else ""
        patch.setattr(plugin, attribute, f"http://{sinks[name].address}{path}")


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key != "base64":
                yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _text(sink: HttpSink) -> str:
    """Return all texts in what a service was sent, but for addresses of pictures."""
    said = []
    for request in sink.requests:
        said.append(unquote_plus(request.path))
        # The table is a file of its own, and begins with this mark.
        body = request.body.partition(BOM_UTF8)[0]
        try:
            said += _strings(json.loads(body))
        except ValueError:
            said.append(body.decode(errors="replace"))
    return "\n".join(text for text in said if "apprise" not in text.lower())


def _table(sink: HttpSink) -> list[list[str]]:
    (attached,) = json.loads(sink.requests[0].body)["attachments"]
    content = base64.b64decode(attached["base64"]).decode("utf-8-sig")
    return list(csv.reader(StringIO(content)))


@pytest.mark.slow
def test_mail_has_one_subject_no_other_recipient_and_a_plain_text(heard: Heard) -> None:
    assert len(heard.mail.get_all("Subject", [])) == 1
    assert heard.mail.get_all("Bcc") is heard.mail.get_all("Cc") is None
    assert heard.mail["To"].addresses[0].addr_spec == "b@example.org"
    plain = heard.mail.get_body(("plain",))
    assert plain is not None
    _assert_harmless(plain.get_content())


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        self.found.append(tag)


@pytest.mark.slow
def test_names_make_no_markup_where_html_is_sent(heard: Heard) -> None:
    html = heard.mail.get_body(("html",))
    for text in (heard.texts["telegram"], html.get_content() if html else ""):
        tags = _Tags()
        tags.feed(text)
        assert not {"a", "img", "script", "iframe"} & set(tags.found), text


@pytest.mark.slow
@pytest.mark.parametrize("service", CHAT)
def test_names_make_no_link_and_call_nobody_in_a_chat(
    heard: Heard, service: str
) -> None:
    text = heard.texts[service]

    assert "Renew now" in text
    _assert_harmless(text)


def _assert_harmless(text: str) -> None:
    assert "](" not in text
    assert not re.search(r"@(everyone|room|here|channel|all|U123)", text)
    assert not re.search(r"<[!@]|&lt;[!@]", text)
    assert "://evil" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize("service", CHAT)
def test_names_are_no_templates(heard: Heard, service: str) -> None:
    text = heard.texts[service].replace("\\", "")

    assert "{{7*7}} ${HOME} %(x)s" in text
    assert "<class" not in text


def test_no_cell_of_the_table_is_a_formula(heard: Heard) -> None:
    cells = [cell for row in heard.table for cell in row]

    assert len(heard.table) == 1 + len(HOSTILE) + len(FILLERS)
    assert [cell for cell in cells if cell.startswith(tuple("=+-@\t\r"))] == []
    assert f"'{FORMULA}" in cells


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        pytest.param("SIM\r\nBcc: v@evil.test", id="header"),
        pytest.param("a\0b", id="NUL"),
        pytest.param("a\u202eb", id="turned"),
        pytest.param("a\u2066b", id="isolated"),
        pytest.param("a\u200bb", id="invisible"),
        pytest.param("a\x1b[2Jb", id="terminal"),
        pytest.param("[Renew](https://evil.test)", id="address"),
        pytest.param("\N{ANTENNA WITH BARS}" * 65, id="too long"),
        pytest.param("x" * 1_000_000, id="a megabyte"),
        pytest.param("\udcff", id="no text"),
        pytest.param("", id="empty"),
    ],
)
@pytest.mark.parametrize(
    "words",
    [("add", "--"), ("status", "--"), ("remove", "--")],
    ids=("add", "status", "remove"),
)
def test_name_that_could_deceive_is_refused_in_one_short_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    words: tuple[str, ...],
) -> None:
    config = write_config(tmp_path, a_section())
    assert main.run(["--config", str(config), "check"]) == 0
    capsys.readouterr()

    assert main.run(["--config", str(config), *words, name]) == 64

    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert len(err) < 300
    assert "\x1b" not in err


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_name_is_stored_as_it_is_and_leads_nowhere_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    config = write_config(tmp_path, a_section())
    run: Callable[..., int] = lambda *words: main.run(["--config", str(config), *words])  # noqa: E731 - the same file each time
    assert run("check") == 0
    before = sorted(path.name for path in tmp_path.rglob("*"))

    assert run("add", "--", name, "sms_remaining=5") == 0
    for verb in ("touch", "ack", "renew"):
        run(verb, "--", name)
    capsys.readouterr()
    assert run("status", "--json") == 0

    lines = [line["line"] for line in json.loads(capsys.readouterr().out)]
    assert sorted(lines) == sorted(["uk-travel", name])
    assert sorted(path.name for path in tmp_path.rglob("*")) == before
    assert run("remove", "--", name) == 0


def test_names_of_carriers_are_cleaned_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = write_config(tmp_path, '[carriers."a\\u001b[2J"]\ntitle = "a\\nb"')

    assert main.run(["--config", str(config), "check"]) == 78

    err = capsys.readouterr().err
    assert err.count("contains the invisible character") == 2
    assert "\x1b" not in err
