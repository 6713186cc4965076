"""Wrong configurations: told in a line what to write instead, nothing changed."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.shell import TRAVEL, Shell

WEB = '[channels.web]\nurl = "json://127.0.0.1:9/"\n'
MAIL = '[channels.mail]\nurl = "json://127.0.0.1:9/"\n'

# A file with these contents, where the mistake is, and what to write instead.
TEXTS = [
    pytest.param(
        '[lines.a]\ndata_remaining = "5"\n',
        "2: lines.a.data_remaining: '5' is not a size; write \"500MB\"",
        id="size without unit",
    ),
    pytest.param(
        '[thresholds]\nvalidity = ["7m"]\n',
        "2: thresholds.validity.0: '7m' is ambiguous; write \"7mo\" for months",
        id="months or minutes",
    ),
    pytest.param(
        '[thresholds]\ndata = ["500 Mb"]\n',
        "2: thresholds.data.0: '500 Mb' has an unknown unit 'Mb'; write \"500MB\"",
        id="megabits",
    ),
    pytest.param(
        "poll_every = 5\n", '1: poll_every: 5 has no unit; write "5s"', id="bare number"
    ),
    pytest.param(
        "poll_every = inf\n",
        '1: poll_every: a bare number has no unit; write "5s"',
        id="infinite",
    ),
    pytest.param(
        'poll_every = "1h"\n',
        '1: poll_every: must be from 1 s to 30 s; write "1s" to "30s"',
        id="polled too seldom",
    ),
    pytest.param(
        "[lines.a]\nvalid_until = 2027-01-31T12:00:00\n",
        "2: lines.a.valid_until: is a time without a timezone; write a date such as",
        id="naive instant",
    ),
    pytest.param(
        '[lines.a]\nvalid_until = "31.1.2027"\n',
        "2: lines.a.valid_until: is not a date; write it without quotes: 2027-01-31",
        id="date in another order",
    ),
    pytest.param(
        "[lines.a]\nvalid_until = 2027-02-30\n",
        "2: is not valid TOML (Invalid date or datetime); there is no such date",
        id="30 February",
    ),
    pytest.param(
        '[lines.a]\ncarrier = "gifgaf"\n',
        "2: lines.a.carrier: there is no carrier 'gifgaf'; did you mean 'giffgaff'?",
        id="unknown carrier",
    ),
    pytest.param(
        "[lines.a]\n[lines.b]\n[lines.a]\n",
        "3: lines.a: is given twice; rename or remove one of the two",
        id="the same name twice",
    ),
    pytest.param(
        '[lines."a b"]\n[lines."a  b"]\n',
        "2: lines.\"a  b\": is the same name as 'a b'; rename one of the two",
        id="the same name once cleaned",
    ),
    pytest.param(
        '[lines."a\\u202Eb"]\n',
        '1: lines."a\\u202eb": the name contains the invisible character U+202E;',
        id="name that deceives",
    ),
    pytest.param(
        '[lines.a]\ndata_remaining = "-1GB"\n',
        "2: lines.a.data_remaining: cannot be negative; write what is left, or 0 of it",
        id="negative data",
    ),
    pytest.param(
        "[lines.a]\nsms_remaining = -1\n",
        "2: lines.a.sms_remaining: cannot be negative; write what is left, or 0 of it",
        id="negative texts",
    ),
    pytest.param(
        '[lines.a]\nbalance_remaining = "5"\n',
        "2: lines.a.balance_remaining: '5' is not an amount of money; write",
        id="money without currency",
    ),
    pytest.param(
        '[lines.a]\nnumber = "07700 900123"\n',
        "2: lines.a.number: is not an international number; write it like",
        id="national number",
    ),
    pytest.param(
        '[lines.a]\niccid = "1234"\n',
        "2: lines.a.iccid: is not the number of a SIM card; write the 18 to 22 digits",
        id="no card",
    ),
    pytest.param(
        "[lines.a]\nlast_activity = 2026-11-01\n",
        "2: lines.a.last_activity: needs a period to count; write keep_alive_every",
        id="activity without period",
    ),
    pytest.param(
        '[lines.a]\nchannels = ["phone"]\n' + WEB,
        "2: lines.a.channels.0: there is no channel 'phone'; ",
        id="unknown channel of a line",
    ),
    pytest.param(
        "[lines.a]\nchannels = []\n" + WEB,
        "2: lines.a.channels: lists no channel; leave the key out for all channels",
        id="no channel for a line",
    ),
    pytest.param(
        WEB + 'fallback = "mial"\n' + MAIL,
        "3: channels.web.fallback: there is no channel 'mial'; did you mean 'mail'?",
        id="unknown channel in fallback",
    ),
    pytest.param(
        WEB + 'fallback = "web"\n',
        "3: channels.web.fallback: is the channel itself; write another one, or leave",
        id="its own fallback",
    ),
    pytest.param(
        WEB + 'fallback = "mail"\n' + MAIL + 'fallback = "web"\n',
        "6: channels.mail.fallback: goes in a circle: mail -> web -> mail; leave out",
        id="a cycle of fallbacks",
    ),
    pytest.param(
        '[channels.web]\nmin_severity = "info"\n',
        "1: channels.web: has no address; write url, url_file, url_env or",
        id="channel without address",
    ),
    pytest.param(
        '[channels.web]\nurl = "dingtlak://token"\n',
        '1: channels.web: Apprise knows no service "dingtlak://"; did you mean '
        '"dingtalk://"?',
        id="a URL Apprise does not know",
    ),
    pytest.param(
        '[channels.web]\nurl_file = "absent.url"\n',
        "1: channels.web.url_file: ",
        id="a secret that is not there",
    ),
    pytest.param(
        '[channels.web]\nurl_env = "NOT_SET"\n',
        "1: channels.web.url_env: the variable NOT_SET is not set; export it",
        id="a variable that is not set",
    ),
    pytest.param(
        '[storage]\nurl = "sqlite:///relative.db"\n',
        '2: storage.url: is not a store; write "sqlite:////absolute/path.db"',
        id="relative store",
    ),
    pytest.param(
        'timezone = "Asia/Shanghia"\n',
        "1: timezone: there is no timezone 'Asia/Shanghia'; did you mean",
        id="misspelt timezone",
    ),
    pytest.param(
        'langauge = "en"\n',
        "1: langauge: unknown key; did you mean 'language'?",
        id="misspelt key",
    ),
    pytest.param(
        '[reminders]\nat = "9"\n',
        "2: reminders.at: '9' is not a time of day; write \"09:00\"",
        id="no time of day",
    ),
    pytest.param(
        "poll_every = 5s\n",
        "1: is not valid TOML (Expected newline or end of document after a statement); "
        "write one key on a line, text in double quotes",
        id="unit without quotes",
    ),
]


def _large(path: Path) -> None:
    path.write_bytes(b"# nothing\n" * 1_000_000)


def _binary(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 16)


def _latin(path: Path) -> None:
    path.write_bytes('# caf\u00e9\n[lines."caf\u00e9"]\n'.encode("latin-1"))


def _dangling(path: Path) -> None:
    path.symlink_to("nowhere")


def _nested(path: Path) -> None:
    path.write_text("x = " + "[" * 50_000)


# What is at the place of the file, and what is said of it.
FILES = [
    pytest.param(_large, "is larger than 256 KiB; keep many lines in", id="10 MB"),
    pytest.param(_binary, "is a binary file; write the configuration", id="binary"),
    pytest.param(_latin, "is not UTF-8; save the file in this encoding", id="latin-1"),
    pytest.param(Path.touch, "is empty; write one with: reminderd init", id="empty"),
    pytest.param(Path.mkdir, "is a directory; give the path", id="directory"),
    pytest.param(os.mkfifo, "is not a regular file; copy", id="pipe"),
    pytest.param(
        _dangling, "there is no such file; write one with:", id="dangling link"
    ),
    pytest.param(_nested, "nests brackets too deeply; write plain lists", id="nested"),
]


def _assert_refused(shell: Shell, said: str) -> None:
    before = shell.dump()

    answer = shell.refused("check")

    assert answer.status == 78
    assert said in answer.err
    assert shell.dump() == before


@pytest.mark.slow
@pytest.mark.parametrize(("text", "said"), TEXTS)
def test_a_mistake_is_told_with_what_to_write_and_no_store_is_touched(
    shell: Shell,
    checked: Callable[[str], Shell],
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    said: str,
) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", str(shell.store.parent))
    shell.write_raw(text)
    _assert_refused(shell, f"config.toml:{said}")
    assert not shell.store.parent.exists()

    checked(TRAVEL)
    shell.write_raw(text)
    _assert_refused(shell, f"config.toml:{said}")


@pytest.mark.parametrize("command", [["config", "check"], ["run"], ["status"]])
def test_a_mistake_is_told_by_every_command(shell: Shell, command: list[str]) -> None:
    shell.write_raw("[lines.a]\nsms_remaining = -1\n")

    answer = shell.refused(*command)

    assert answer.status == 78
    assert "config.toml:2: lines.a.sms_remaining: cannot be negative" in answer.err


@pytest.mark.parametrize(("make", "said"), FILES)
def test_what_is_no_configuration_is_refused(
    checked: Callable[[str], Shell], make: Callable[[Path], object], said: str
) -> None:
    shell = checked(TRAVEL)
    shell.config.unlink()
    make(shell.config)

    _assert_refused(shell, said)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_refused(shell: Shell) -> None:
    shell.write(TRAVEL)
    shell.config.chmod(0)

    _assert_refused(shell, "permission denied; check its owner and mode")


def test_a_missing_directory_is_told_with_how_to_get_one(shell: Shell) -> None:
    path = shell.directory / "missing" / "config.toml"

    answer = shell.run("--config", str(path), "check")

    assert answer.status == 78
    assert answer.err == (
        f"reminderd: {path}: there is no such file; "
        f"write one with: reminderd init {path}\n"
    )
    assert shell.run("init", str(path)).status == 0


def test_a_url_that_others_can_read_in_its_file_is_refused(shell: Shell) -> None:
    secret = shell.directory / "web.url"
    secret.write_text("json://127.0.0.1:9/")
    secret.chmod(0o644)
    shell.write('[channels.web]\nurl_file = "web.url"\n')

    _assert_refused(shell, f"others can read {secret}; run: chmod 600 {secret}")


def test_every_mistake_is_told_at_once(shell: Shell) -> None:
    shell.write_raw('langauge = "en"\n[lines.a]\ncarrier = "x"\ndata_total = "5"\n')

    assert len(shell("check").err.splitlines()) == 3
