"""Looking at lines: status."""

# ruff: noqa: RUF001 - Chinese punctuation is meant

from collections.abc import Callable
from datetime import timedelta

import pytest
from rich.cells import cell_len

from tests.cli.shell import HOME, TRAVEL, Shell
from tests.sinks import free_port


@pytest.fixture
def known(checked: Callable[[str], Shell]) -> Shell:
    """A shell whose file describes two lines that a check has seen."""
    return checked(TRAVEL + HOME)


@pytest.mark.slow
def test_status_is_a_table_with_the_worst_line_first(known: Shell) -> None:
    heading, _, first, second = known.ok("status").lines

    assert heading.split("  ")[0] == "line"
    for cell in ("data 4.2 GB", "12 days left", "warning", "today", "Fri 27"):
        assert cell in first
    assert second.startswith("home")
    assert "109 days left to keep it alive, until Thu 11 Mar" in second


def test_status_folds_nothing_away_in_80_columns(
    known: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    answer = known.ok("status")

    assert max(len(line) for line in answer.lines) <= 80
    assert "…" not in answer.out


@pytest.mark.parametrize("width", [80, 160])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_each_line_of_the_table_is_as_wide_as_the_terminal_at_most(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, width: int, language: str
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    shell.write(f'{TRAVEL}[lines."{"卡" * 40}"]\n', language=language)
    shell.ok("check")

    answer = shell.ok("status")

    assert max(cell_len(line) for line in answer.lines) <= width
    assert "░ 42%" in answer.out
    (travel,) = (at for at, row in enumerate(answer.lines) if row.startswith("uk-tr"))
    assert ("giffgaff" in answer.lines[travel]) == (width == 160)


def test_the_use_of_each_day_is_a_row_of_blocks(shell: Shell) -> None:
    shell.write("")
    shell.ok("add", "spain", "data_remaining=9GB", "data_total=10GB")
    for left in ("8GB", "8GB", "4GB"):
        shell.now += timedelta(days=1)
        shell.ok("update", "spain", f"data_remaining={left}")

    assert "▁▃▁█" in shell.ok("status").out


def test_use_before_a_refill_is_not_in_the_row_of_blocks(shell: Shell) -> None:
    shell.write("")
    shell.ok("add", "spain", "data_remaining=3GB", "data_total=10GB")
    for left in ("1GB", "10GB", "9GB"):
        shell.now += timedelta(days=1)
        shell.ok("update", "spain", f"data_remaining={left}")

    assert "data  ▁█" in shell.ok("status", "spain").out


def test_more_time_than_a_period_has_is_no_share_of_one(shell: Shell) -> None:
    shell.write("")
    shell.ok("add", "spain", "valid_until=2027-02-20", "renew_every=1mo")

    assert "█" not in shell.ok("status").out + shell.ok("status", "spain").out


def test_a_line_takes_two_rows_of_80_cells_and_one_of_160(
    known: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    narrow = known.ok("status").lines
    monkeypatch.setenv("COLUMNS", "160")
    wide = known.ok("status").lines

    assert (len(narrow), len(wide)) == (3 + 2 * 2, 2 + 2)


def test_the_card_tells_of_answers_and_of_what_ails_a_channel(
    shell: Shell,
) -> None:
    refused = f'[channels.web]\nurl = "json://127.0.0.1:{free_port()}/"\n'
    shell.write(TRAVEL + refused)
    shell("check")
    shell.ok("ack", "uk-travel")

    card = shell.ok("status", "uk-travel").out

    assert "answered: Sun 22 Nov 12:01" in card
    assert "channel: web: Fri 27 Nov 09:00; it has been failing since" in card


def test_below_the_table_is_which_channel_fails_and_what_to_do(shell: Shell) -> None:
    shell.write(f'{TRAVEL}[channels.web]\nurl = "json://127.0.0.1:{free_port()}/"\n')
    shell("check")

    last = shell.ok("status").lines[-1]

    assert last.startswith("channel web has trouble since Sun 22 Nov")
    assert last.endswith("the connection was refused. It is tried again by itself")


@pytest.mark.slow
def test_of_many_lines_the_worst_are_shown_and_the_others_counted(
    shell: Shell,
) -> None:
    fine = "".join(f"[lines.f{n}]\nvalid_until = 2027-11-20\n" for n in range(55))
    shell.write(TRAVEL + fine)
    shell.ok("check")

    answer = shell.ok("status")

    assert len(answer.lines) == 2 + 1 + 1
    assert answer.lines[-1] == "55 other lines are fine"
    assert len(shell.ok("status", "--all").lines) == 2 + 56


def test_watch_has_no_json(known: Shell) -> None:
    answer = known.refused("status", "--watch", "--json")

    assert answer.status == 64


def test_status_of_one_line_is_a_card(known: Shell) -> None:
    assert known.ok("status", "uk-travel").lines == [
        "line: uk-travel",
        "carrier: giffgaff",
        "number: +44 •••• 0987",
        "SIM card: 89•••• 1234",
        "plan: 1 month",
        "tags: travel",
        "state: warning",
        "ends: 12 days left, ends Fri 4 Dec  ███░░░░░ 41%",
        "left: data 4.2 GB of 10 GB  ███░░░░░ 42%",
        "as of: today",
        (
            "last reminder: Sun 22 Nov 12:00: uk-travel: 12 days left, ends Fri 4 Dec "
            "(sent to terminal)"
        ),
        "next reminder: Fri 27 Nov 09:00: 7 days left, ends Fri 4 Dec",
        "channel: terminal: Fri 27 Nov 09:00",
        "more: reminderd explain uk-travel",
    ]


def test_status_at_another_moment_changes_nothing(known: Shell) -> None:
    before = known.dump()

    answer = known.ok("status", "uk-travel", "--now", "2026-12-06T09:00Z")

    assert "ends: ended 2 days ago, Fri 4 Dec" in answer.out
    assert "as of: 14 days ago, 22 Nov" in answer.lines
    assert "next reminder: at the next check: ended 2 days ago, Fri 4 Dec" in answer.out
    assert known.dump() == before


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("tomorrow", "--now 'tomorrow' is not an instant; write 2026-12-01T09:00Z"),
        (
            "2026-12-01",
            "--now '2026-12-01' has no zone; write 2026-12-01T00:00Z for UTC",
        ),
        (
            "2026-12-01T09:30",
            "--now '2026-12-01T09:30' has no zone; write 2026-12-01T09:30Z for UTC",
        ),
        (
            "0001-01-01T00:00+14:00",
            "--now '0001-01-01T00:00+14:00': write a year from 2000 to 2199",
        ),
    ],
)
def test_a_moment_that_is_none_is_refused(known: Shell, now: str, said: str) -> None:
    answer = known.refused("status", "--now", now)

    assert (answer.status, answer.err) == (64, f"reminderd: {said}\n")


def test_what_status_suggests_for_a_moment_is_accepted(known: Shell) -> None:
    suggested = known.refused("status", "--now", "2026-12-01").err.split()[-3]

    answer = known.ok("status", "--now", suggested)

    assert "uk-travel" in answer.out


def test_status_as_json_is_what_check_shows(known: Shell) -> None:
    lines = known.ok("status", "--json").json

    assert [line["line"] for line in lines] == ["uk-travel", "home"]
    assert lines == known.ok("check", "--json").json["lines"]
    assert known.ok("status", "home", "--json").json == lines[1:]


def test_status_without_a_line_says_what_to_do(shell: Shell) -> None:
    shell.write("")
    shell.ok("check")

    assert shell.ok("status").out == (
        "There is no line yet; describe one in the configuration file.\n"
    )


@pytest.mark.slow
def test_a_line_of_which_nothing_is_known_is_unknown(shell: Shell) -> None:
    shell.write("")
    shell.ok("add", "spain", "data_total=10GB")
    shell.ok("add", "italy")

    assert "left: data unknown" in shell.ok("status", "spain").facts
    assert "state: unknown" in shell.ok("status", "italy").lines


@pytest.mark.slow
def test_status_is_in_the_reader_s_language(shell: Shell) -> None:
    shell.write(TRAVEL, language="zh_CN")
    shell.ok("check")
    shell.ok("snooze", "uk-travel", "3d")

    table = shell.ok("status").lines
    card = shell.ok("status", "uk-travel").facts

    assert table[0].split() == ["卡", "运营商", "状态", "数据截至", "到期"]
    assert "警告，推迟到11月25日周三 09:00" in table[2]
    assert "剩余: 流量 4.2 GB，共 10 GB" in card


def test_status_shows_the_zone_of_the_reader(shell: Shell) -> None:
    shell.write(TRAVEL, timezone="Asia/Shanghai")
    shell.ok("check")

    shell.now += timedelta(hours=12)
    assert "as of: yesterday, 22 Nov" in shell.ok("status", "uk-travel").lines
