"""Seeing beforehand what will be sent."""

# ruff: noqa: RUF001 - Chinese punctuation is meant

from pathlib import Path

import pytest

from tests.cli.shell import HOME, TRAVEL, Shell
from tests.sinks import free_port

CHANNELS = f"""
[channels.phone]
url = "json://127.0.0.1:{free_port()}/"
min_severity = "critical"
quiet = "22:00-10:30"
[channels.mail]
url = "json://127.0.0.1:{free_port()}/"
"""
SPAIN = "[lines.spain]\nvalid_until = 2026-12-04\n"


@pytest.fixture
def planner(shell: Shell) -> Shell:
    """A shell with two channels and two lines that nothing has looked at yet."""
    shell.write(CHANNELS + TRAVEL + SPAIN)
    return shell


def write_other(shell: Shell, text: str) -> Path:
    """Write another configuration beside that of *shell*."""
    other = shell.directory / "new.toml"
    other.write_text(shell.config.read_text("utf-8") + text, "utf-8")
    other.chmod(0o600)
    return other


def test_the_plan_shows_when_what_goes_where(planner: Shell) -> None:
    lines = planner.ok("plan").lines

    assert [line.split("  ")[0] for line in lines[:1]] == ["when"]
    assert any(
        "Sun 22 Nov 12:00" in line and "mail" in line and "in one message" in line
        for line in lines
    )
    assert any("03 Dec" in line or "Thu 3 Dec 09:00" in line for line in lines)
    assert any("10:30" in line and "phone" in line for line in lines)
    assert lines[-1].startswith("That is all until Tue 22 Dec, if nothing changes.")


@pytest.mark.slow
def test_planning_makes_no_store_and_sends_nothing(planner: Shell) -> None:
    planner.ok("plan")

    assert planner.dump() is None


def test_the_plan_fits_80_columns(
    planner: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    table = planner.ok("plan").lines[:-1]

    assert max(len(line) for line in table) <= 80


@pytest.mark.slow
def test_the_plan_of_one_line_and_of_one_channel(planner: Shell) -> None:
    phone = planner.ok("plan", "--channel", "phone", "--json").json["messages"]
    spain = planner.ok("plan", "--line", "spain", "--json").json["messages"]

    assert {message["channel"] for message in phone} == {"phone"}
    assert {
        content["line"] for message in spain for content in message["contents"]
    } >= {"spain"}
    assert phone[0]["at"] == "2026-12-03T10:30:00Z"
    assert phone[0]["contents"][0] == {
        "line": "uk-travel",
        "notice": None,
        "severity": "critical",
        "items": ["validity"],
    }


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("--line", "spian"), "there is no line 'spian'"),
        (("--channel", "x"), "there is no channel 'x'; there are: phone, mail"),
    ],
)
def test_a_name_that_is_unknown_is_refused(
    planner: Shell, arguments: tuple[str, str], text: str
) -> None:
    planner.ok("config", "check")
    planner.write(TRAVEL + SPAIN)
    planner.ok("check")
    planner.write(CHANNELS + TRAVEL + SPAIN)

    assert text in planner.refused("plan", *arguments).err


def test_nothing_to_say_is_said(shell: Shell) -> None:
    shell.write('[lines.far]\nvalid_until = 2029-01-01\n[thresholds]\nstale = "365d"\n')

    (line,) = shell.ok("plan", "--days", "10").lines
    assert line == (
        "Nothing is sent until Wed 2 Dec, if nothing changes. "
        "(No renewal, no new figures, no edit; the service runs.)"
    )


def test_the_plan_in_chinese(planner: Shell) -> None:
    planner.write(CHANNELS + TRAVEL, language="zh_CN")

    lines = planner.ok("plan").lines

    assert "时间" in lines[0]
    assert lines[-1].startswith("若一切不变，12月22日周二之前的提醒仅此而已。")


class TestDiff:
    """What another configuration would send."""

    @pytest.mark.slow
    def test_the_same_says_so(self, planner: Shell) -> None:
        other = write_other(planner, "")

        assert planner.ok("plan", "--diff", str(other)).lines == [
            "The same messages are sent at the same times."
        ]

    @pytest.mark.slow
    def test_what_is_new_gone_and_moved_is_shown(self, planner: Shell) -> None:
        other = write_other(planner, "")
        text = other.read_text("utf-8").replace("22:00-10:30", "22:00-11:00")
        other.write_text(text.replace(SPAIN, "") + HOME, "utf-8")

        known = planner.ok("plan", "--diff", str(other), "--json").json

        changes = {(each["change"], each["line"]) for each in known}
        assert ("gone", "spain") in changes
        assert ("moved", "uk-travel") in changes
        moved = next(each for each in known if each["change"] == "moved")
        assert (moved["before"], moved["at"]) == (
            "2026-12-03T10:30:00Z",
            "2026-12-03T11:00:00Z",
        )
        assert (
            "moved from Thu 3 Dec 10:30" in planner.ok("plan", "--diff", str(other)).out
        )

    def test_a_mistake_in_it_is_named_with_its_line(self, planner: Shell) -> None:
        other = write_other(planner, "\nvalid = 3\n")

        answer = planner("plan", "--diff", str(other))

        assert answer.status == 78
        assert "new.toml:" in answer.err


@pytest.mark.slow
def test_a_channel_that_is_broken_gets_nothing_and_it_is_said(shell: Shell) -> None:
    shell.write(f'[channels.phone]\nurl = "json://127.0.0.1:{free_port()}/"\n' + TRAVEL)
    assert shell("check").status == 3
    for _ in range(5):
        shell("undelivered", "--retry")

    lines = shell.ok("plan", "--days", "6").lines

    assert lines[0].startswith("Nothing is sent until")
    assert any(line.startswith("Will not arrive: uk-travel") for line in lines)
