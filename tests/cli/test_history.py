"""Looking at what was said, done and read: history."""

# ruff: noqa: RUF001 - Chinese punctuation is meant

import re
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

import pytest
from rich.cells import cell_len

from tests.cli.shell import HOME, TRAVEL, Shell
from tests.programs import a_section, command, environment, run, write_config
from tests.sinks import free_port

EVENT = {"type", "kind", "id", "line", "at", "detail", "amount", "currency"}
SAID = {"type", "kind", "id", "line", "at", "severity", "late", "content"}
FIGURE = {"at", "remaining", "total", "unlimited", "currency", "due"}
DELIVERY = {
    "id",
    "channel",
    "state",
    "reason",
    "next_attempt_at",
    "settled_at",
    "attempts",
}


@pytest.fixture
def known(checked: Callable[[str], Shell]) -> Shell:
    """A shell whose file describes two lines that a check has seen."""
    return checked(TRAVEL + HOME)


def kinds(shell: Shell, *filters: str) -> list[str]:
    """Return the kinds of the entries that pass *filters*, the latest first."""
    return [each["kind"] for each in shell.ok("history", *filters, "--json").json]


@pytest.mark.slow
def test_it_shows_the_latest_first(known: Shell) -> None:
    known.ok("ack", "uk-travel")
    known.ok("snooze", "uk-travel", "3d")
    known.ok("renew", "uk-travel")
    known.ok("update", "home", "sms_remaining=5")
    known.ok("touch", "home")
    known.ok("add", "spain")
    known.ok("remove", "spain")

    rows = known.ok("history", "--kind", "event", "--kind", "reminder").lines[2:]

    said = [re.split(" {2,}", row)[1:3] for row in rows]
    assert said == [
        ["spain", "removed by hand"],
        ["spain", "added by hand"],
        ["home", "activity noted"],
        ["home", "figures edited"],
        ["uk-travel", "renewed by hand"],
        ["uk-travel", "snoozed (until Wed 25 Nov 09:00)"],
        ["uk-travel", "acknowledged"],
        ["uk-travel", "uk-travel: 12 days left, ends Fri 4 Dec"],
    ]
    assert "terminal has it" in rows[-1]


def test_of_one_line_and_no_more_than_asked_for(known: Shell) -> None:
    known.ok("touch", "home")

    lines = {each["line"] for each in known.ok("history", "home", "--json").json}
    assert lines == {"home"}
    assert known.ok("history", "--line", "home").out == known.ok("history", "home").out
    assert len(known.ok("history", "-n", "1").lines) == 2 + 1


def test_a_removed_line_has_its_history(known: Shell) -> None:
    known.ok("add", "spain")
    known.ok("remove", "spain")

    assert kinds(known, "spain") == ["removed", "added"]
    assert kinds(known, "spain", "--kind", "reminder") == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (("--kind", "reminder"), {"reminder"}),
        (("--kind", "acknowledged"), {"acknowledged"}),
        (("--kind", "event"), {"acknowledged"}),
        (("--kind", "delivery", "--kind", "reading"), {"delivery", "reading"}),
        (("--channel", "terminal"), {"reminder"}),
        (("--channel", "terminal", "--kind", "delivery"), {"delivery"}),
        (("--since", "2026-11-22"), {"acknowledged", "reminder", "reading"}),
        (("--since", "2026-11-22", "--until", "2026-11-22"), ...),
        (("--since", "2026-11-23"), set()),
        (("--until", "2026-11-21"), set()),
        (("--since", "2026-11-22T12:01Z"), {"acknowledged"}),
        (("--until", "2026-11-22T12:00:30"), {"reminder", "reading"}),
        (("--since", "90s"), {"acknowledged"}),
        (("--since", "1h"), ...),
        (("--until", "90s"), {"reminder", "reading"}),
        (("--until", "1d"), set()),
        (("--now", "2026-11-22T12:00:30Z"), {"reminder", "reading"}),
    ],
)
def test_it_shows_what_is_asked_for(
    known: Shell, filters: tuple[str, ...], expected: Any
) -> None:
    known.ok("ack", "uk-travel")

    if expected is ...:
        expected = {"acknowledged", "reminder", "reading"}
    assert set(kinds(known, *filters)) == expected


def test_a_day_of_history_is_one_of_the_reader(known: Shell) -> None:
    known.write(TRAVEL + HOME, timezone="Pacific/Auckland")

    # There, it is one o'clock in the morning of the next day.
    assert kinds(known, "--until", "2026-11-22") == []
    assert kinds(known, "--since", "2026-11-23", "--kind", "reminder") == ["reminder"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("uk-travl",), "there is no line 'uk-travl'; did you mean 'uk-travel'?"),
        (
            ("--line", "hme", "--kind", "reading", "--since", "1h"),
            "there is no line 'hme'; did you mean 'home'?",
        ),
        (
            ("--kind", "renewal", "--kind", "delivry"),
            "there is no kind 'delivry'; did you mean 'delivery'?",
        ),
        (
            ("home", "--channel", "termnal"),
            "there is no channel 'termnal'; did you mean 'terminal'?",
        ),
        (("home", "--line", "uk-travel"), "name one line: as LINE, or with --line"),
        (
            ("--channel", "terminal", "--kind", "renewal"),
            (
                "only reminders and deliveries have a channel: leave out --channel, or "
                "write --kind delivery"
            ),
        ),
        (
            ("--since", "2026-11-22", "--until", "2026-11-21"),
            "--until is not after --since: swap them",
        ),
        (
            ("--since", "monday"),
            (
                "'monday' is no time; write a day, an instant or a duration: "
                "2026-11-22, 2026-11-22T09:00Z or 7d"
            ),
        ),
        (
            ("--until", "7x"),
            (
                "'7x' is not a duration; write a number and a unit such as \"7d\" "
                "(s, min, h, d, w, mo, y)"
            ),
        ),
        (("--until", "9999-12-31"), "'9999-12-31': write a year from 2000 to 2199"),
        (
            ("--follow", "--until", "2026-12-01"),
            "--follow shows what comes: leave out --until and --now",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(
    known: Shell, arguments: tuple[str, ...], said: str
) -> None:
    answer = known.refused("history", *arguments)

    assert (answer.status, answer.err) == (64, f"reminderd: {said}\n")


def test_a_channel_that_was_taken_out_has_its_history(shell: Shell) -> None:
    web = f'[channels.web]\nurl = "json://127.0.0.1:{free_port()}/"\n'
    shell.write(TRAVEL + web)
    shell("check")
    shell.write(TRAVEL)

    assert kinds(shell, "--channel", "web") == ["reminder"]


@pytest.mark.slow
def test_it_says_what_failed_how_often_and_why(shell: Shell) -> None:
    web = f'[channels.web]\nurl = "json://127.0.0.1:{free_port()}/"\n'
    shell.write(TRAVEL + web)
    shell("check")

    once = shell.ok("history").out
    shell("check")
    twice = shell.ok("history").out
    shell.write(TRAVEL + web, language="zh_CN")
    delivery = shell.ok("history", "--kind", "delivery").out

    assert "web is waiting (the connection was refused)" in once
    assert "(the connection was refused; 2 attempts, the last one Sun 22" in twice
    assert "web 等待中（连接被拒绝；尝试 2 次，最近一次 11月22日周日 12:0" in delivery
    assert "用时不到 1 秒）" in delivery


def test_a_delivery_of_its_own_has_what_the_service_answered(known: Shell) -> None:
    (row,) = known.ok("history", "--kind", "delivery").lines[2:]

    assert "uk-travel: 12 days left, ends Fri 4 Dec" in row
    assert "terminal has it (printed; 1 attempt, Sun 22 Nov 12:00" in row


@pytest.mark.slow
def test_a_reading_says_what_it_was_before(shell: Shell) -> None:
    shell.write(TRAVEL)
    shell.ok("check")
    shell.ok("update", "uk-travel", "data_remaining=3GB", "sms_remaining=unlimited")
    shell.ok(
        "update", "uk-travel", "valid_until=2027-01-04", "balance_remaining=2.00 GBP"
    )

    rows = shell.ok("history", "--kind", "reading").lines[2:]

    said = [re.split(" {2,}", row)[2] for row in rows]
    assert said == [
        "The end of the plan: Fri 4 Dec → Mon 4 Jan",
        "balance: £2.00",
        "text messages: unlimited",
        "data: 4.2 GB of 10 GB → 3 GB of 10 GB",
        "The end of the plan: Fri 4 Dec (from the file)",
        "data: 4.2 GB of 10 GB (from the file)",
    ]


def test_a_reading_counts_sizes_as_its_line_does(shell: Shell) -> None:
    shell.write("")
    shell.ok("add", "own", "data_base=1024", "data_remaining=2GB")

    assert "data: 2 GB" in shell.ok("history", "own").out


def test_a_renewal_has_its_price_its_way_and_its_receipt(known: Shell) -> None:
    paid = ("--price", "15.00 GBP", "--via", "app", "--receipt", "A 1")
    known.ok("renew", "uk-travel", *paid)

    (renewal,) = known.ok("history", "--kind", "renewal", "--json").json

    assert (renewal["amount"], renewal["currency"]) == (1500, "GBP")
    assert (renewal["detail"]["way"], renewal["detail"]["receipt"]) == ("app", "A 1")
    past = known.ok("history", "--kind", "renewal").out
    assert "renewed by hand (£15.00, app, receipt A 1)" in past


def test_as_json_it_has_stable_keys(known: Shell) -> None:
    known.ok("ack", "uk-travel")

    every = ("reading", "reminder", "event", "delivery")
    asked = [word for kind in every for word in ("--kind", kind)]
    past = known.ok("history", "uk-travel", *asked, "--json").json

    keys = {each["type"]: set(each) for each in past}
    assert keys == {
        "event": EVENT,
        "delivery": SAID | DELIVERY | {"reminder_id"},
        "reminder": SAID | {"deliveries"},
        "reading": {"type", "kind", "id", "line", "item", "source", "before"} | FIGURE,
    }
    (delivery,) = next(each for each in past if each["type"] == "reminder")[
        "deliveries"
    ]
    assert set(delivery) == DELIVERY
    assert delivery["attempts"][0]["outcome"] == "sent"


@pytest.mark.slow
@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE event SET detail = '[]', currency = '?', amount = 5",
        "UPDATE reading SET remaining = 'x', due = 'never', item = 'x/y'",
        "UPDATE reading SET unlimited = 7, source = '', currency = 'x'",
        "UPDATE attempt SET reason = NULL, outcome = 'x'",
    ],
)
def test_what_cannot_be_read_hides_nothing_else(known: Shell, damage: str) -> None:
    known.ok("ack", "uk-travel")
    with closing(sqlite3.connect(known.store)) as store:
        store.execute(damage)
        store.commit()

    assert "acknowledged" in known.ok("history").out
    assert "acknowledged" in kinds(known)
    assert "terminal has it" in known.ok("history", "--kind", "delivery").out


@pytest.mark.slow
def test_of_nothing_it_says_so_and_what_to_do(shell: Shell) -> None:
    shell.write("[lines.a]\n")
    shell.ok("check")

    assert shell.ok("history").out == "Nothing has been said or done yet.\n"
    assert shell.ok("history", "a").out == "Nothing has been said or done yet.\n"
    assert shell.ok("history", "--json").json == []
    assert "look further back" in shell.ok("history", "--since", "1d").out
    assert "leave out a filter" in shell.ok("history", "--kind", "reading").out


@pytest.mark.slow
def test_it_is_in_the_reader_s_language(shell: Shell) -> None:
    shell.write(TRAVEL, language="zh_CN")
    shell.ok("check")
    shell.ok("snooze", "uk-travel", "3d")

    past = shell.ok("history").lines

    assert past[0].split() == ["时间", "卡", "情况", "去向"]
    assert "已推迟（到11月25日周三 09:00）" in past[2]
    assert "terminal 已送达" in past[3]
    assert "套餐到期日：12月4日周五（来自配置文件）" in past[4]


@pytest.mark.slow
@pytest.mark.parametrize("width", [80, 140])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_each_line_is_as_wide_as_the_terminal_at_most(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, width: int, language: str
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    shell.write(
        TRAVEL.replace("uk-travel", '"' + "旅行卡" * 10 + '"'), language=language
    )
    shell.ok("check")

    answer = shell.ok("history", "--kind", "delivery", "--kind", "reading")

    assert len(answer.lines) > 4
    assert max(cell_len(line) for line in answer.lines) <= width
    assert "…" not in answer.out


def test_it_shows_the_zone_of_the_reader(shell: Shell) -> None:
    shell.write(TRAVEL, timezone="Asia/Shanghai")
    shell.ok("check")

    assert "Sun 22 Nov 20:00" in shell.ok("history").out


class Follower:
    """A process that follows the history, and the lines that it has printed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._lines: Queue[str] = Queue()
        Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def wait_for(self, text: str) -> str:
        """Wait for a line with *text* in it."""
        while text not in (line := self._lines.get(timeout=20)):
            pass
        return line

    def end(self, number: signal.Signals) -> tuple[int, str]:
        """Send a signal; return the exit status, and what is on stderr."""
        self.process.send_signal(number)
        assert self.process.stderr is not None
        return self.process.wait(timeout=20), self.process.stderr.read()


@contextmanager
def following(config: Path, *options: str) -> Iterator[Follower]:
    process = subprocess.Popen(
        command(config, "history", "--follow", *options),
        env=environment({"COLUMNS": "80", "LANGUAGE": "en"}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield Follower(process)
        finally:
            process.kill()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_another_process_writes_is_shown_at_once(
    tmp_path: Path, number: signal.Signals
) -> None:
    config = write_config(tmp_path, a_section())
    run(config, "check")

    with following(config) as table, following(config, "--json", "-n", "1") as lines:
        table.wait_for("has it")
        lines.wait_for('"type"')
        run(config, "snooze", "uk-travel", "3d")

        assert "uk-travel" in table.wait_for("snoozed")
        assert '"line": "uk-travel"' in lines.wait_for('"kind": "snoozed"')
        assert table.end(number) == (0, "")
        assert lines.end(number) == (0, "")


@pytest.mark.slow
def test_a_delivery_is_shown_again_when_it_has_failed(tmp_path: Path) -> None:
    web = f'[channels.web]\nurl = "json://127.0.0.1:{free_port()}/"\n'
    config = write_config(tmp_path, a_section(), web)
    run(config, "check", "--dry-run")
    run(config, "add", "spain")

    with following(config, "--kind", "delivery", "--kind", "added", "--json") as lines:
        lines.wait_for('"added"')
        run(config, "check")

        assert "the connection was refused" in lines.wait_for('"delivery"')
