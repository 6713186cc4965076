"""Secrets and numbers are nowhere but where they belong, in whatever form."""

import base64
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from reminderd.cli import main
from tests.cli.shell import NUMBER
from tests.programs import (
    RunningDaemon,
    a_section,
    eventually,
    run,
    running_daemon,
    write_config,
)
from tests.sinks import HttpSink, free_port, http_sink

MARK = "m4rk3r/t0k en"
IN_URL = quote(MARK, safe="")
ICCID = "8944110000000007654"
COMMANDS = (
    ("check",),
    ("channels", "test"),
    ("channels", "list", "--json"),
    ("config", "check"),
    ("config", "show"),
    ("status", "--json"),
    ("history", "--json"),
)
# Each with what the program says of it: these are refused before anything is sent.
MISTAKES = {
    "typo": f'[channels.a]\nurl = "tgram:/{IN_URL}/x"',
    "unknown service": f'[channels.a]\nurl = "dingtlak://{IN_URL}"',
    "refused by Apprise": f'[channels.a]\nurl = "tgram://{IN_URL}!"',
    "list": f'[channels.a]\nurl = ["json://h/{IN_URL}"]',
    "table": f'[channels.a.url]\nx = "json://h/{IN_URL}"',
    "no text": f"[channels.a]\nurl_env = 5\nurl_file = 'json://h/{IN_URL}'",
    "wrong key": f'[channels.a]\nurls = "json://h/{IN_URL}"',
    "wrong place": f'url = "json://h/{IN_URL}"',
    "no TOML": f'[channels.a]\nurl = json://h/{IN_URL}"',
    "twice": f'[channels.a]\nurl = "json://h/{IN_URL}"\nurl = "json://h/{IN_URL}"',
    "half a section": f'[channels.a\nurl = "json://h/{IN_URL}"',
}


def forms(secret: str) -> Iterator[str]:
    """Yield how *secret* can look: as it is, escaped for a URL, in base64."""
    yield secret
    yield quote(secret, safe="")
    yield quote(secret)
    yield secret.replace(" ", "+")
    for before in range(3):
        encoded = base64.b64encode(b"x" * before + secret.encode()).decode()
        # Without the characters that depend on what stands beside.
        yield encoded[4:].rstrip("=")[:-2]


def leaks(shown: str) -> list[str]:
    """Return what of the secrets is in *shown*."""
    secrets = [*forms(MARK), NUMBER.removeprefix("+44"), ICCID[2:]]
    return [secret for secret in secrets if secret in shown]


def _channels(directory: Path, peers: dict[str, HttpSink]) -> str:
    secret_file = directory / "file.url"
    secret_file.write_text(f"json://{peers['angry'].address}/{IN_URL}")
    secret_file.chmod(0o600)
    moved = peers["moved"].address
    urls = {
        "angry": f"json://u:{IN_URL}@{peers['angry'].address}/?+X-Key={IN_URL}",
        "moved": f"json://{moved}/?+X-Key={IN_URL}&:field={IN_URL}&-token={IN_URL}",
        "notls": f"jsons://{peers['angry'].address}/{IN_URL}",
        "refused": f"json://u:{IN_URL}@127.0.0.1:{free_port()}/",
        "mail": f"mailto://u:{IN_URL}@127.0.0.1:{free_port()}/?from=a@example.org",
    }
    sections = [f'[channels.{name}]\nurl = "{url}"' for name, url in urls.items()]
    sections.append('[channels.file]\nurl_file = "file.url"')
    sections.append('[channels.env]\nurl_env = "PHONE_URL"')
    return "\n".join(sections)


def _process_facts(daemon: RunningDaemon) -> str:
    """Return the arguments of the daemon, and all there is of its children."""
    pid = daemon.process.pid
    facts = [Path(f"/proc/{pid}/cmdline").read_text()]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            facts += [
                Path(f"/proc/{child}/{name}").read_text()
                for name in ("cmdline", "environ")
            ]
    return "".join(facts)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_no_secret_is_in_any_output_log_process_or_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    echo = f"bad token {MARK} {IN_URL}".encode()
    with http_sink(status=500, body=echo) as angry, http_sink(status=302) as moved:
        angry.headers["Retry-After"] = MARK
        moved.headers["Location"] = f"http://{moved.address}/{IN_URL}"
        monkeypatch.setenv("PHONE_URL", f"json://{angry.address}/{IN_URL}")
        line = a_section(more=f'number = "{NUMBER}"\niccid = "{ICCID}"')
        channels = _channels(tmp_path, {"angry": angry, "moved": moved})
        config = write_config(tmp_path, channels, line)
        outputs = [run(config, "--debug", *words) for words in COMMANDS]
        # Another address: what rests after its failures is tried at once.
        channels = channels.replace("+X-Key=", "+X-Secret=")
        write_config(tmp_path, channels, line, a_section("esim"))
        with running_daemon(config, "--debug") as daemon:
            assert eventually(lambda: "channel=angry" in daemon.log)
            facts = _process_facts(daemon)
            assert daemon.stop() == 0

    shown = "".join(output.stdout + output.stderr for output in outputs)
    assert "the service answered 500" in shown
    assert leaks(shown + daemon.log + facts) == []
    assert any(IN_URL in str(request.path) for request in angry.requests)
    _assert_private(tmp_path / "state")


def _assert_private(state: Path) -> None:
    """Check that no address is in the store, and each number once, in its line."""
    for path in state.rglob("*"):
        kept = path.read_bytes().decode("latin-1") if path.is_file() else ""
        assert [secret for secret in forms(MARK) if secret in kept] == []
    with closing(sqlite3.connect(state / "reminderd.db")) as store:
        rows = [row for row in store.iterdump() if NUMBER in row or ICCID in row]
    assert [row.split("(")[0] for row in rows] == ['INSERT INTO "line" VALUES']


@pytest.mark.parametrize("what", MISTAKES)
@pytest.mark.parametrize("words", [("check",), ("--debug", "config", "check")])
def test_no_mistake_shows_the_secret_that_it_is_made_with(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    what: str,
    words: tuple[str, ...],
) -> None:
    config = write_config(tmp_path, MISTAKES[what])

    assert main.run(["--config", str(config), *words]) == 78

    out, err = capsys.readouterr()
    assert "config.toml" in err
    assert leaks(out + err) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://u:{}@127.0.0.1:1/x",
        "postgresql+psycopg://u:{}@127.0.0.1:1/x?password={}&nonsense={}",
        "postgresql+psycopg://u:{}:{}@h:{}/x",
        "postgresql+psycopg://u:a/{}@h/x",
        "postgres://u:{}@h/x",
    ],
)
def test_no_password_of_the_store_is_shown(tmp_path: Path, url: str) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'[storage]\nurl = "{url.replace("{}", IN_URL)}"\n[lines.a]\n')
    config.chmod(0o600)

    outputs = [
        run(config, "--debug", *words) for words in (("check",), ("config", "show"))
    ]

    assert outputs[0].returncode in (69, 78)
    assert leaks("".join(each.stdout + each.stderr for each in outputs)) == []


Capture = pytest.CaptureFixture[str]


def answer(capsys: Capture, config: Path) -> tuple[int, str]:
    """Return the status of a check of *config* in this process, and its complaints."""
    status = main.run(["--config", str(config), "config", "check"])
    return status, capsys.readouterr().err


@pytest.mark.parametrize("kind", ["fifo", "directory", "device", "link", "dangling"])
@pytest.mark.parametrize("place", ["config.toml", "file.url"])
def test_what_lies_in_the_place_of_a_file_hangs_nobody(
    tmp_path: Path, capsys: Capture, kind: str, place: str
) -> None:
    config = write_config(tmp_path, '[channels.a]\nurl_file = "file.url"')
    secret = tmp_path / "file.url"
    secret.write_text("json://127.0.0.1:9/")
    secret.chmod(0o600)
    _put(tmp_path / place, kind)
    started = time.monotonic()

    status, err = answer(capsys, config)

    assert time.monotonic() - started < 60
    if kind == "link":
        assert status == 0, err
    else:
        assert status == 78
        assert err.count("\n") == 1
        assert str(tmp_path / place) in err


def _put(path: Path, kind: str) -> None:
    """Put something of *kind* in the place of the file at *path*."""
    kept = path.with_suffix(".kept")
    path.rename(kept)
    match kind:
        case "fifo":
            os.mkfifo(path)
        case "directory":
            path.mkdir()
        case "device":
            path.symlink_to("/dev/zero")
        case "link":
            path.symlink_to(kept)
        case _:
            path.symlink_to("nowhere")


@pytest.mark.parametrize(
    ("mode", "status", "said"),
    [
        (0o600, 0, ""),
        (0o640, 78, "others can read"),
        (0o604, 78, "others can read"),
        (0o602, 78, "others can read"),
    ],
)
def test_secret_file_that_others_can_read_is_refused(
    tmp_path: Path, capsys: Capture, mode: int, status: int, said: str
) -> None:
    config = write_config(tmp_path, '[channels.a]\nurl_file = "file.url"')
    secret = tmp_path / "file.url"
    secret.write_text("json://127.0.0.1:9/")
    secret.chmod(mode)

    returned, err = answer(capsys, config)

    assert returned == status
    assert said in err


def test_configuration_with_a_secret_that_all_can_read_is_warned_of(
    tmp_path: Path, capsys: Capture
) -> None:
    config = write_config(tmp_path, '[channels.a]\nurl = "json://127.0.0.1:9/"')
    config.chmod(0o644)

    status, err = answer(capsys, config)

    assert status == 0
    assert f"others can read channels.a.url in it; run: chmod 600 {config}" in (err)


@pytest.mark.parametrize(
    "service",
    ["file:///etc/passwd", "exec://ls", "script:///bin/ls", "python:///tmp/x.py"],
)
def test_channel_that_would_act_on_this_machine_is_refused(
    tmp_path: Path, capsys: Capture, service: str
) -> None:
    (tmp_path / "x.py").write_text("raise SystemExit('executed')\n")
    config = write_config(tmp_path, f'[channels.a]\nurl = "{service}"')

    status, err = answer(capsys, config)

    assert status == 78
    assert "Apprise knows no service" in err
    assert "executed" not in err


@pytest.mark.slow
def test_file_named_in_an_address_is_not_sent(tmp_path: Path) -> None:
    private = tmp_path / "private.txt"
    private.write_text(MARK)
    with http_sink() as phone:
        query = "&".join(
            f"{key}=file://{private}" for key in ("attach", "template", "include")
        )
        config = write_config(
            tmp_path,
            f'[channels.a]\nurl = "json://{phone.address}/?{query}"',
            a_section(days=3),
        )

        assert run(config, "check").returncode == 0

        assert phone.requests
        for request in phone.requests:
            assert leaks(request.body.decode()) == []
