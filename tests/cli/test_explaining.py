"""explain: advice about one line, as a friend would give it."""

import re
from pathlib import Path

import pytest

from tests.cli.shell import Shell

LINES = (Path(__file__).parent / "explained.toml").read_text("utf-8")
_HEADING = re.compile(r"^=== (.+)\n", re.MULTILINE)


def expected(language: str) -> dict[str, str]:
    """Return the texts of one file by the name of their line."""
    path = Path(__file__).with_name(f"explained_{language}.txt")
    _, *parts = _HEADING.split(path.read_text("utf-8"))
    texts = (part.strip() + "\n" for part in parts[1::2])
    return dict(zip(parts[::2], texts, strict=True))


def explained(shell: Shell, line: str, language: str = "en") -> str:
    """Return what is explained of *line* two minutes after its figures were read."""
    shell.write(LINES, language=language)
    shell("check")
    for day, left in ((17, "6.2GB"), (20, "5GB"), (22, "4.2GB")):
        figures = (f"data_remaining={left}", f"observed_on=2026-11-{day}")
        shell.ok("update", "uk-travel", *figures)
    return shell.ok("explain", line).out


@pytest.mark.slow
@pytest.mark.parametrize("line", expected("en"))
def test_in_english_it_is_advice(shell: Shell, line: str) -> None:
    assert explained(shell, line) == expected("en")[line]


@pytest.mark.slow
@pytest.mark.parametrize("line", expected("zh_CN"))
def test_in_chinese_it_is_advice(shell: Shell, line: str) -> None:
    assert explained(shell, line, "zh_CN") == expected("zh_CN")[line]


def test_as_json_it_has_stable_keys(shell: Shell) -> None:
    shell.write(LINES)
    shell("check")

    known = shell.ok("explain", "oz", "--json").json

    assert known["line"] == "oz"
    assert known["stage"] == "receive-only"
    assert known["headline"]["item"] == "grace/validity+10d"
    assert known["renewed_until"] == "2026-12-22"
    assert (known["renewals_paid"], known["uses"], known["promotions"]) == (
        None,
        [],
        [],
    )
    assert known["plan"] == {
        "period": "30d",
        "price": None,
        "way": None,
        "from": "old-end",
        "leftover": "add",
        "renews_itself": False,
    }
    (losing,) = known["losses"]
    assert losing.keys() == {"item", "stage", "lost", "back", "ahead"}
    assert losing["lost"] == ["plan", "outgoing"]
    assert [lost["after"] for lost in losing["ahead"]] == ["2026-11-28", "2026-12-18"]
    assert [lost["is_final"] for lost in losing["ahead"]] == [False, True]
    assert known["guide"][-1] == "Tell reminderd: reminderd renew oz"


@pytest.mark.slow
def test_at_another_moment_it_tells_the_stage_of_then(shell: Shell) -> None:
    shell.write(LINES)
    shell("check")

    later = shell.ok("explain", "oz", "--now", "2026-12-30T09:00Z").lines

    assert later[0].startswith("oz: ended 42 days ago")
    assert "Now: the number is lost." in later


@pytest.mark.slow
def test_a_plan_that_waits_for_its_turn_is_told_with_its_day(shell: Shell) -> None:
    shell.write(LINES)
    shell("check")

    shell.ok("renew", "uk-travel")

    lines = shell.ok("explain", "uk-travel").lines
    assert "Full again on Sat 5 Dec." in lines
    assert "Plan: 43 days left, ends Mon 4 Jan" in lines


def test_nothing_is_explained_of_a_line_that_does_not_exist(shell: Shell) -> None:
    shell.write(LINES)
    shell("check")

    answer = shell.refused("explain", "japn")

    assert "there is no line 'japn'; did you mean 'japan'?" in answer.err


@pytest.mark.slow
def test_of_an_unknown_carrier_it_says_what_is_usual(shell: Shell) -> None:
    shell.write("")
    shell.ok("add", "spain", "data_remaining=2GB", "data_throttled=true")

    assert "left: full-speed data 2 GB" in shell.ok("status", "spain").facts
    lines = shell.ok("explain", "spain").lines

    assert lines[0] == "spain: no date is known on which anything ends"
    assert lines[-1].startswith("Nothing is known of its carrier")


@pytest.mark.slow
def test_status_shows_what_is_known_of_lines_of_all_kinds(shell: Shell) -> None:
    shell.write(LINES)
    shell("check")

    card = shell.ok("status", "oz").facts
    assert "stage: it can only receive" in card
    assert card[: card.index("left: data 1 GB")][-3:] == [
        "ends: ended 4 days ago, Wed 18 Nov",
        "ends: 6 days of grace left, until Sat 28 Nov",
        "ends: 26 days left to keep the number, until Fri 18 Dec",
    ]
    mum = shell.ok("status", "mum").facts
    assert "plan: 30 days, £15.00, renews by itself" in mum
    japan = shell.ok("status", "japan").facts
    assert {"plan: 30 days, $30.00, app", "sizes: 1 GB = 1024 MB"} <= set(japan)
    table = shell.ok("status").out
    assert "6 days of grace left" in table
    assert "1 GB = 1024 MB" in table


@pytest.mark.slow
def test_status_shows_how_fast_data_goes_and_when_it_runs_out(shell: Shell) -> None:
    explained(shell, "uk-travel")

    assert "use: data 399 MB a day" in shell.ok("status", "uk-travel").facts
    (known,) = shell.ok("status", "uk-travel", "--json").json
    assert known["headline"] == {
        "item": "runs_out/data",
        "kind": "runs_out",
        "due": "2026-12-03",
        "due_at": "2026-12-04T00:00:00Z",
    }
    (data,) = [each for each in known["allowances"] if each["kind"] == "data"]
    assert (data["runs_out_on"], data["size_base"]) == ("2026-12-03", 1000)
    assert data["per_day"] > 0
    assert "data will run out in 11 days" in shell.ok("status").out
