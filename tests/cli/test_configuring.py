"""Setting it up, and seeing whether it is: init, config, channels."""

# ruff: noqa: RUF001 - Chinese punctuation is meant

import re
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from reminderd.config.loading import load
from tests.cli.shell import HOME, TRAVEL, Shell
from tests.sinks import HttpSink, free_port, http_sink


def web(sink: HttpSink, more: str = "") -> str:
    return f'[channels.web]\nurl = "json://{sink.address}/"\n{more}\n'


def test_init_writes_a_private_file_that_passes_every_check(shell: Shell) -> None:
    answer = shell.ok("init")

    assert answer.out == (
        f"Wrote {shell.config}. Describe your lines in it, "
        f"then run: reminderd --config {shell.config} check\n"
    )
    assert shell.config.stat().st_mode & 0o777 == 0o600
    assert shell.ok("config", "check").out == (
        f"{shell.config} is fine: 3 lines, 0 channels.\n"
    )


def test_what_init_wrote_has_something_to_remind_of(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.ok("init")
    monkeypatch.setenv("REMINDERD_STORAGE__URL", f"sqlite:///{shell.store}")

    answer = shell.ok("check")

    assert answer.lines[0].startswith("3 lines: ")
    assert "sent to terminal" in answer.out


def test_init_makes_the_directory_and_takes_a_name(shell: Shell) -> None:
    path = shell.directory / "new" / "place" / "mine.toml"

    answer = shell.run("init", str(path))

    assert (answer.status, answer.err) == (0, "")
    assert load(path, {}, now=shell.now).settings.lines.keys() >= {"home"}


def test_init_without_a_name_writes_where_it_is_looked_for(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(shell.directory / "etc"))

    answer = shell.run("init")

    assert answer.out.endswith("then run: reminderd check\n")
    assert (shell.directory / "etc" / "reminderd" / "config.toml").exists()
    assert shell.run("config", "check").status == 0


def test_init_leaves_what_is_there(shell: Shell) -> None:
    shell.write_raw("mine")

    answer = shell.refused("init")

    assert answer.status == 73
    assert answer.err == (
        f"reminderd: {shell.config} exists and is left as it is; name another file\n"
    )
    assert shell.config.read_text() == "mine"


def test_init_follows_no_link(shell: Shell) -> None:
    target = shell.directory / "target"
    shell.config.symlink_to(target)

    assert shell.refused("init").status == 73
    assert not target.exists()


@pytest.mark.parametrize("place", ["file/config.toml", "/proc/config.toml"])
def test_init_says_where_it_cannot_write(shell: Shell, place: str) -> None:
    (shell.directory / "file").touch()

    answer = shell.refused("init", str(shell.directory / place))

    assert answer.status == 73
    assert answer.err.endswith("; name another place\n")


def test_config_check_tells_warnings_and_changes_nothing(shell: Shell) -> None:
    with http_sink() as sink:
        shell.write(TRAVEL + web(sink))
    shell.config.chmod(0o644)

    answer = shell("config", "check")

    assert answer.out == f"{shell.config} is fine: 1 line, 1 channel.\n"
    assert "others can read channels.web.url" in answer.err
    assert not shell.store.exists()


def test_config_check_is_in_the_reader_s_language(shell: Shell) -> None:
    shell.write(TRAVEL, language="zh_CN")

    assert shell.ok("config", "check").out == (
        f"{shell.config} 没有问题：1张卡，0个渠道。\n"
    )


def test_config_show_masks_what_is_secret(shell: Shell) -> None:
    shell.write(
        TRAVEL + '[channels.web]\nurl = "json://MARK:MARK@host/MARK"\nquiet = "1:00"\n'
    )
    shell.config.write_text(shell.config.read_text().replace('"1:00"', '"22:00-08:00"'))

    answer = shell.ok("config", "show")

    shown = tomllib.loads(answer.out)
    assert "MARK" not in answer.out
    assert shown["channels"]["web"]["url"] == "***"
    assert shown["channels"]["web"]["quiet"] == "22:00-08:00"
    assert shown["lines"]["uk-travel"]["number"] == "+44 •••• 0987"
    assert shown["lines"]["uk-travel"]["iccid"] == "89•••• 1234"
    assert shown == shell.ok("config", "show", "--json").json


def test_config_show_has_the_defaults_that_are_in_force(shell: Shell) -> None:
    shell.write('[thresholds]\nvalidity = ["5d"]\n')

    shown = shell.ok("config", "show", "--json").json

    assert shown["thresholds"]["validity"] == ["5d"]
    assert shown["thresholds"]["data"] == ["20%", "500MB"]
    assert shown["reminders"] == {
        "at": "09:00",
        "repeat": [],
        "promotions": "14d",
    }


def test_channels_list_without_any_says_where_reminders_go(shell: Shell) -> None:
    shell.write("")

    assert shell.ok("channels", "list").out == (
        "No channel is configured: reminders appear on the terminal.\n"
    )
    assert shell.ok("channels", "list", "--json").json == []


@pytest.mark.slow
def test_channels_list_says_how_each_has_been_doing(shell: Shell) -> None:
    with http_sink() as good, http_sink(status=404) as gone:
        shell.write(
            TRAVEL
            + web(good)
            + f'[channels.gone]\nurl = "json://{gone.address}/"\nfallback = "web"\n'
            + f'[channels.dead]\nurl = "json://127.0.0.1:{free_port()}/"\n'
            + '[channels.calm]\nurl = "json://127.0.0.1:9/"\n'
            + 'min_severity = "critical"\n'
        )
        shell("check")
        table = shell.ok("channels", "list").lines
        records = shell.ok("channels", "list", "--json").json

    rows = {line.split()[0]: line for line in table[2:]}
    assert "everything" in rows["web"]
    assert "Sun 22 Nov 12:00" in rows["web"]
    assert "broken: " in rows["gone"]
    assert "failing: the connection was refused" in rows["dead"]
    assert "only what is critical" in rows["calm"]
    assert [record["channel"] for record in records] == ["web", "gone", "dead", "calm"]
    assert records[1] == {
        "channel": "gone",
        "min_severity": "info",
        "fallback": "web",
        "last_ok_at": None,
        "last_error": records[1]["last_error"],
        "last_error_at": records[1]["last_error_at"],
        "consecutive_failures": records[1]["consecutive_failures"],
        "retry_at": records[1]["retry_at"],
        "broken": records[1]["broken"],
    }
    assert "404" in records[1]["broken"]


@pytest.mark.slow
def test_channels_list_says_when_a_resting_channel_is_tried_again(
    shell: Shell,
) -> None:
    shell.write(f'[channels.web]\nurl = "json://127.0.0.1:{free_port()}/"\n')
    # Each of them is tried, and the fifth failure in a row opens the breaker.
    shell("channels", "test")
    for _ in range(4):
        shell.now += timedelta(hours=1)
        shell("check")

    assert "failing: the connection was refused; again at Sun 22 Nov" in (
        shell.ok("channels", "list").out
    )


@pytest.mark.slow
def test_channels_test_sends_through_each_channel(shell: Shell) -> None:
    with http_sink() as sink:
        shell.write(web(sink, 'quiet = "00:00-23:59"'))

        answer = shell.ok("channels", "test")

    assert re.fullmatch(r"sent to web \(accepted with 200, \d\.\d s\)\n", answer.out)
    assert b"test message" in sink.requests[0].body


@pytest.mark.slow
def test_channels_test_without_a_channel_is_the_terminal(shell: Shell) -> None:
    shell.write("")

    answer = shell.ok("channels", "test")

    assert answer.lines[0] == "reminderd: test message"
    assert answer.lines[-1].startswith("sent to terminal (printed, ")


def test_channels_test_sends_no_reminder_along(shell: Shell) -> None:
    with http_sink() as sink:
        shell.write(TRAVEL + HOME + web(sink))

        shell.ok("channels", "test", "web")

    assert len(sink.requests) == 1
    assert b"uk-travel" not in sink.requests[0].body


def test_channels_test_that_fails_says_why_and_is_3(shell: Shell) -> None:
    with http_sink(status=403) as sink:
        shell.write(web(sink))

        answer = shell("channels", "test", "web")
        later = shell("undelivered")

    assert answer.status == 3
    assert answer.out.startswith("web failed: ")
    assert "Nothing is undelivered." in later.lines
    assert later.status == 0
    assert answer.err == (
        "reminderd: channel-broken, and nobody can be told channel=web\n"
    )


@pytest.mark.slow
def test_channels_test_that_fails_is_told_through_the_channels_not_tested(
    shell: Shell,
) -> None:
    with http_sink(status=403) as sink, http_sink() as other:
        shell.write(web(sink) + web(other).replace("[channels.web]", "[channels.mail]"))

        answer = shell("channels", "test", "web")
        checked = shell("check")

    assert (answer.status, answer.err) == (3, "")
    assert "reminderd: channel web is broken (sent to mail)" in checked.lines


@pytest.mark.slow
def test_channels_test_of_a_mended_channel_uses_it_again(shell: Shell) -> None:
    with http_sink(status=403) as sink:
        shell.write(TRAVEL + web(sink))
        shell("check")
        sink.status = 200

        answer = shell.ok("channels", "test")

    assert answer.lines[0].startswith("sent to web (accepted with 200, ")
    assert shell.ok("channels", "list").lines[-1].split()[-1] == "-"


def test_channels_test_of_an_unknown_channel_names_those_there_are(
    shell: Shell,
) -> None:
    shell.write('[channels.web]\nurl = "json://127.0.0.1:9/"\n')

    answer = shell.refused("channels", "test", "mail")

    assert answer.status == 64
    assert answer.err == "reminderd: there is no channel 'mail'; there are: web\n"
    assert not shell.store.exists()


def test_channels_test_cannot_use_a_credential_of_the_service(shell: Shell) -> None:
    shell.write('[channels.phone]\nurl_credential = "phone-url"\n')

    answer = shell("channels", "test", "phone")

    assert answer.status == 69
    assert answer.err.splitlines()[-1] == (
        "reminderd: channel 'phone' can only be tested where its credential is: "
        "in the service"
    )


@pytest.mark.slow
def test_a_channel_takes_its_url_from_where_it_is_kept(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with http_sink() as sink:
        address = f"json://{sink.address}/"
        (tmp_path / "secret.url").write_text(address + "\n")
        (tmp_path / "secret.url").chmod(0o600)
        (tmp_path / "credentials").mkdir()
        (tmp_path / "credentials" / "phone-url").write_text(address)
        (tmp_path / "credentials" / "phone-url").chmod(0o600)
        monkeypatch.setenv("PHONE_URL", address)
        monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "credentials"))
        shell.write(
            '[channels.a]\nurl_file = "secret.url"\n'
            '[channels.b]\nurl_env = "PHONE_URL"\n'
            '[channels.c]\nurl_credential = "phone-url"\n'
        )

        answer = shell.ok("channels", "test")

    sent = [line.partition(" (")[0] for line in answer.lines]
    assert sent == ["sent to a", "sent to b", "sent to c"]
    assert len(sink.requests) == 3


@pytest.mark.parametrize(
    ("section", "said"),
    [
        pytest.param('every = "1h"', "heartbeat: has no address; write url", id="no"),
        pytest.param('url = "bark://SECRET"', "is no web address; write", id="scheme"),
        pytest.param('url = "https://"', "heartbeat.url: is no web address", id="host"),
        pytest.param('url_file = "beat"', "heartbeat: holds no web address", id="file"),
        pytest.param('url_env = "BEAT"', "heartbeat.url_env: the variable", id="env"),
        pytest.param(
            'url = "https://a.test"\nevery = "30s"', "from a minute to a week", id="s"
        ),
        pytest.param(
            'url = "https://a.test"\nevery = "1mo"', "from a minute to a week", id="mo"
        ),
    ],
)
def test_mistake_in_the_heartbeat_is_named_without_its_url(
    shell: Shell, section: str, said: str
) -> None:
    secret = shell.directory / "beat"
    secret.write_text("bark://SECRET")
    secret.chmod(0o600)
    shell.write(f"[heartbeat]\n{section}\n")

    answer = shell.refused("config", "check")

    assert answer.status == 78
    assert "config.toml:" in answer.err
    assert said in answer.err
    assert "SECRET" not in answer.err


def test_config_show_hides_the_address_of_the_monitor(shell: Shell) -> None:
    shell.write('[heartbeat]\nurl = "https://hc-ping.com/SECRET"\nevery = "1d"\n')

    heartbeat = shell.ok("config", "show", "--json").json["heartbeat"]

    assert heartbeat == {"url": "***", "every": "86400s", "fail": True}


def test_heartbeat_over_an_open_network_is_warned_of(shell: Shell) -> None:
    shell.write('[heartbeat]\nurl = "http://monitor.example/SECRET"\n')

    assert "heartbeat: http shows its URL" in shell("config", "check").err


@pytest.mark.parametrize("proof", ["12h", "367d", "9999y", "0d"])
def test_proof_of_life_comes_in_days_up_to_a_year(shell: Shell, proof: str) -> None:
    shell.write(f'[reminders]\nproof = "{proof}"\n')

    assert "config.toml:5: reminders.proof: " in shell.refused("config", "check").err
