"""The way in: usage, errors, the environment, and what --debug adds."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest

from tests.cli.shell import ICCID, NUMBER, TRAVEL, Shell
from tests.sinks import free_port, http_sink

SECRETS = ("MARKuser", "MARKpass", "MARKpath", "MARKtoken", NUMBER, ICCID)
COMMANDS = [
    ("config", "check"),
    ("config", "show"),
    ("config", "show", "--json"),
    ("check", "--dry-run"),
    ("check",),
    ("check", "--json", "--exit-code"),
    ("status",),
    ("status", "uk-travel"),
    ("status", "--json"),
    ("update", "uk-travel", "data_remaining=1GB"),
    ("touch", "uk-travel"),
    ("renew", "uk-travel"),
    ("ack", "uk-travel"),
    ("snooze", "uk-travel", "3d"),
    ("channels", "list"),
    ("channels", "list", "--json"),
    ("channels", "test"),
    ("history",),
    ("history", "--json"),
    ("update", "uk-travel", f"number={NUMBER}0000000"),
    ("add", "x", "iccid=MARKtoken"),
]
SENDING = [("check",), ("channels", "test"), ("history", "--json")]


def secret_channel(address: str) -> str:
    return (
        '[channels.web]\nurl = "json://MARKuser:MARKpass@'
        f'{address}/MARKpath?+X-Token=MARKtoken"\n'
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("status", "commands"), [(403, COMMANDS), (200, SENDING), (500, SENDING)]
)
def test_no_secret_is_in_any_output_at_any_log_level(
    shell: Shell,
    caplog: pytest.LogCaptureFixture,
    status: int,
    commands: list[tuple[str, ...]],
) -> None:
    caplog.set_level(1)
    with http_sink(status=status, body=b"MARKtoken") as sink:
        shell.write(TRAVEL + secret_channel(sink.address))

        answers = [shell("--debug", *command) for command in commands]

    assert len(sink.requests) > 0
    said = "".join(answer.out + answer.err for answer in answers) + caplog.text
    assert {secret for secret in SECRETS if secret in said} == set()


@pytest.mark.slow
@pytest.mark.parametrize(
    "mistake",
    [
        "MARKuser",
        "nosuch://MARKtoken",
        "tgram://MARKtoken",
        "json://MARKuser:MARKpass@127.0.0.1:99999/",
        "mailto://MARKuser:MARKpass@",
    ],
)
def test_no_secret_is_in_the_error_about_its_url(shell: Shell, mistake: str) -> None:
    shell.write(f'[channels.web]\nurl = "{mistake}"\n')

    for command in ("check", "run"):
        answer = shell("--debug", command)

        assert answer.status == 78
        assert "MARK" not in answer.out + answer.err


def test_no_password_of_the_store_is_shown(shell: Shell) -> None:
    url = f"postgresql+psycopg://reminderd:MARKpass@127.0.0.1:{free_port()}/x"
    shell.write_raw(f'[storage]\nurl = "{url}"\n')

    failed = shell("--debug", "check")
    shown = shell("config", "show")

    assert (failed.status, shown.status) == (69, 0), failed.err
    assert "reminderd:***@127.0.0.1" in failed.err
    assert "reminderd:***@127.0.0.1" in shown.out
    assert "MARK" not in failed.err + failed.out + shown.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chek"], "No such command 'chek'. Did you mean 'check'?"),
        (["check", "--drj"], "No such option: --drj; see --help"),
        (
            ["add", "-x"],
            "No such option: -x; write -- before a name that begins with a dash",
        ),
        (
            ["check", "--config", "x"],
            "No such option: --config; write --config before the command",
        ),
        (["check", "-c"], "No such option: -c; write -c before the command"),
        (["check", "--debug"], "No such option: --debug; write --debug before the"),
        (["-c"], "Option '-c' requires an argument."),
        (["add"], "Missing argument 'LINE'."),
        (["snooze", "home"], "Missing argument 'PERIOD'."),
        (["history", "-n", "0"], "Invalid value for '--limit' / '-n'"),
        (["history", "-n", "few"], "Invalid value for '--limit' / '-n'"),
    ],
)
def test_wrong_usage_is_one_line_and_64(
    shell: Shell, arguments: list[str], said: str
) -> None:
    answer = shell.run(*arguments)

    assert answer.status == 64
    assert answer.out == ""
    assert answer.err.startswith(f"reminderd: {said}")
    assert answer.err.count("\n") == 1


def test_version(shell: Shell) -> None:
    assert shell.run("--version").out == "reminderd 0.1.0\n"


def test_without_a_file_it_says_how_to_get_one(shell: Shell) -> None:
    answer = shell.run("check")

    assert answer.status == 78
    assert answer.err == (
        "reminderd: no configuration file found; write one with: reminderd init\n"
    )


def test_the_file_is_found_by_the_environment(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.write(TRAVEL)
    monkeypatch.setenv("REMINDERD_CONFIG", str(shell.config))

    assert shell.run("config", "check").status == 0


def test_the_environment_wins_over_the_file(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.write("", language="en")
    monkeypatch.setenv("REMINDERD_LANGUAGE", "zh_CN")

    assert shell("config", "show", "--json").json["language"] == "zh_CN"


def test_a_variable_that_means_nothing_is_refused(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.write("")
    monkeypatch.setenv("REMINDERD_LANGAUGE", "zh_CN")

    answer = shell.refused("check")

    assert answer.status == 78
    assert "did you mean" in answer.err


def test_a_traceback_is_shown_only_with_debug(shell: Shell) -> None:
    shell.write_raw("x = 1")

    plain = shell("check")
    debugged = shell("--debug", "check")

    assert (
        plain.err
        == "reminderd: config.toml:1: x: unknown key; "
        + (plain.err.partition("unknown key; ")[2])
    )
    assert debugged.err.startswith("Traceback (most recent call last):")
    assert debugged.err.endswith(plain.err)
    assert (plain.status, debugged.status) == (78, 78)


def test_every_problem_has_a_line_of_its_own(shell: Shell) -> None:
    shell.write_raw("x = 1\ny = 2\n")

    answer = shell("check")

    assert [line[:26] for line in answer.err.splitlines()] == [
        "reminderd: config.toml:1: ",
        "reminderd: config.toml:2: ",
    ]


def test_a_store_of_another_program_is_left_alone(shell: Shell) -> None:
    shell.write(TRAVEL)
    shell.store.parent.mkdir(mode=0o700)
    shell.store.write_bytes(b"not a database" * 1000)
    before = shell.store.read_bytes()

    answer = shell.refused("check")

    assert answer.status == 69
    assert str(shell.store) in answer.err
    assert shell.store.read_bytes() == before


@pytest.mark.parametrize(
    "command",
    ["status", "history", "ack a", "touch a", "renew a", "remove a", "snooze a 1d"],
)
def test_a_command_that_only_looks_makes_no_store(shell: Shell, command: str) -> None:
    shell.write(TRAVEL)

    answer = shell.refused(*command.split())

    assert answer.status == 69
    assert answer.err == (
        f"reminderd: no store yet at {shell.store}; run: reminderd check\n"
    )
    assert not shell.store.parent.exists()


def test_a_store_that_cannot_be_made_is_69(shell: Shell) -> None:
    shell.store.parent.write_text("a file, not a directory")
    shell.write(TRAVEL)

    assert shell.refused("check").status == 69


@pytest.mark.slow
def test_a_fault_of_ours_is_told_without_a_traceback(
    checked: Callable[[str], Shell],
) -> None:
    shell = checked(TRAVEL)
    with sqlite3.connect(shell.store) as database:
        database.execute("UPDATE reminder SET created_at = 'nonsense'")

    answer = shell.refused("history")

    assert answer.status == 70
    assert "internal error" in answer.err
    assert "--debug" in answer.err
    assert "Traceback" in shell("--debug", "history").err


def started(home: Path, stdout: int | IO[bytes]) -> subprocess.Popen[bytes]:
    """Start a command with much to say, by a user with no configuration."""
    return subprocess.Popen(
        [sys.executable, "-m", "reminderd", "carriers", "list", "--json"],
        env={"HOME": str(home), "PATH": os.environ["PATH"]},
        stdout=stdout,
        stderr=subprocess.PIPE,
    )


@pytest.mark.slow
def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "config.toml").touch()
    with started(tmp_path, subprocess.PIPE) as busy:
        assert busy.stdout is not None
        # Nobody reads what it is going to write.
        busy.stdout.close()
        _, err = busy.communicate(timeout=60)

    assert (busy.returncode, err) == (0, b"")


@pytest.mark.slow
def test_an_answer_for_which_there_is_no_room_is_an_error(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full, started(tmp_path, full) as busy:
        _, err = busy.communicate(timeout=60)

    assert (busy.returncode, err.decode()) == (
        73,
        "reminderd: the answer cannot be written: No space left on device\n",
    )
