"""Lines and figures by hand: add, update, remove."""

# ruff: noqa: RUF001 - Chinese punctuation is meant

import sqlite3
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.cli.shell import HOME, TRAVEL, Shell


@pytest.fixture
def known(checked: Callable[[str], Shell]) -> Shell:
    """A shell whose file describes two lines that a check has seen."""
    return checked(TRAVEL + HOME)


def left(shell: Shell, line: str) -> list[str]:
    """Return what is said to be left on a line, and when it ends."""
    shown = shell.ok("status", "--", line).facts
    return [text for text in shown if text.startswith(("left: ", "ends: "))]


def test_add_says_what_is_known_and_when_it_is_said(shell: Shell) -> None:
    shell.write("")

    answer = shell.ok("add", "spain", "valid_until=2027-01-31", "data_remaining=3GB")

    assert answer.lines == [
        "spain: added. 70 days left, ends Sun 31 Jan; data 3 GB.",
        "Next reminder: Tue 22 Dec 09:00.",
    ]
    assert left(shell, "spain") == [
        "ends: 70 days left, ends Sun 31 Jan",
        "left: data 3 GB",
    ]


@pytest.mark.slow
def test_a_reminder_that_is_due_at_once_is_announced_and_sent(shell: Shell) -> None:
    shell.write("")

    answer = shell.ok("add", "spain", "valid_until=2026-11-24")

    assert answer.lines[1] == (
        "A reminder is due now; the next check or the daemon sends it."
    )
    assert "spain: 2 days left, ends Tue 24 Nov" in shell.ok("check").out


def test_a_line_of_which_nothing_is_known_may_be_added(shell: Shell) -> None:
    shell.write('[thresholds]\nstale = "never"\n')

    assert shell.ok("add", "spain").lines == [
        "spain: added. Nothing is known of it yet.",
        "No further reminder follows from a date.",
    ]


def test_every_key_of_the_file_can_be_recorded(shell: Shell) -> None:
    shell.write('[channels.phone]\nurl = "json://127.0.0.1:9/"\n')

    shell.ok(
        "add",
        "all",
        "carrier=giffgaff",
        "number=+447700900987",
        "iccid=8944110000000001234",
        "timezone=Europe/Paris",
        "tags=a, b",
        "channels=phone",
        "valid-until=2027-01-31",
        "credit_until=2027-02-28",
        "number_until=2027-03-31",
        "start_by=2027-04-30T12:00Z",
        "last_activity=2026-11-01",
        "keep_alive_every=6mo",
        "data_remaining=unlimited",
        "voice_remaining=30min",
        "voice_total=60min",
        "sms_remaining=5",
        "balance_remaining=5 GBP",
        "balance_total=10 GBP",
        "observed_on=2026-11-20",
    )

    (line,) = shell.ok("status", "--json").json
    assert line["timezone"] == "Europe/Paris"
    assert line["tags"] == ["a", "b"]
    assert line["origin"] == "cli"
    assert line["observed_at"] == "2026-11-20T11:00:00Z"
    assert {known["kind"] for known in line["allowances"]} == {
        "data",
        "voice",
        "sms",
        "balance",
    }
    assert {known["kind"] for known in line["deadlines"]} == {
        "validity",
        "credit",
        "number",
        "start_by",
        "keep_alive",
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", ["旅行", 'the "best", it\'s {0} 100%', "-x"])
def test_any_name_goes_through_every_command(shell: Shell, name: str) -> None:
    shell.write("")
    shell.ok("add", "--", name, "valid_until=2026-12-04")

    assert f"{name}: 12 days left" in shell.ok("check").out
    assert shell.ok("status", "--", name).lines[0] == f"line: {name}"
    for command in (
        ["update", "--", name, "data_remaining=1GB"],
        ["renew", "--period", "30d", "--", name],
        ["ack", "--", name],
        ["snooze", "--", name, "3d"],
        ["remove", "--", name],
    ):
        assert shell.ok(*command).out.startswith(f"{name}: ")
    assert name in shell.ok("history", "--", name).out


@pytest.mark.slow
def test_a_name_is_the_same_however_it_is_typed(shell: Shell) -> None:
    shell.write("")
    shell.ok("add", "  my   SIM  ")

    assert shell.ok("update", "my SIM", "sms_remaining=5").out.startswith("my SIM: ")
    assert shell.ok("status", " my  SIM").lines[0] == "line: my SIM"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(
            ["add", "valid_until=2027-01-31"],
            "the line needs a name: reminderd add NAME valid_until=2027-01-31",
            id="no name",
        ),
        pytest.param(["add", " "], "the name is empty; write one", id="empty name"),
        pytest.param(
            ["add", "a\u202eb"], "the name contains the invisible", id="deceiving name"
        ),
        pytest.param(
            ["add", "n" * 65], "the name has 65 characters; write at most 64", id="long"
        ),
        pytest.param(
            ["add", "home"],
            "there is a line home already; see: reminderd update --help",
            id="name taken",
        ),
        pytest.param(
            ["add", "x", "foo"],
            "'foo' is no KEY=VALUE; write data_remaining=1.2GB",
            id="no value",
        ),
        pytest.param(
            ["add", "x", "data_remaning=1GB"],
            "data_remaning: unknown key; did you mean 'data_remaining'?",
            id="misspelt key",
        ),
        pytest.param(["add", "x", "fo="], "fo: unknown key", id="unknown key"),
        pytest.param(["update", "home", "tags="], "tags: write a value", id="no tags"),
        pytest.param(
            ["add", "x", "thresholds=7d"],
            "thresholds can only be set in the configuration file",
            id="only in the file",
        ),
        pytest.param(
            ["add", "x", "data_remaining=-1GB"],
            "data_remaining: cannot be negative; write what is left, or 0 of it",
            id="negative data",
        ),
        pytest.param(
            ["add", "x", "data_remaining=5"],
            "data_remaining: '5' is not a size; write \"500MB\" or",
            id="size without unit",
        ),
        pytest.param(
            ["add", "x", "data_remaining=5GB", "data_remaining=6GB"],
            "data_remaining: is given twice; keep one of the two",
            id="given twice",
        ),
        pytest.param(
            ["add", "x", "balance_remaining=5"],
            "balance_remaining: '5' is not an amount of money; write \"15.00 GBP\"",
            id="money without currency",
        ),
        pytest.param(
            ["add", "x", "valid_until=31.1.2027"],
            "valid_until: '31.1.2027' is not a date; write 2027-01-31",
            id="date in another order",
        ),
        pytest.param(
            ["add", "x", "valid_until=2027-01-31T12:00"],
            "valid_until: is a time without a timezone; write a date",
            id="naive instant",
        ),
        pytest.param(
            ["add", "x", "carrier=gifgaf"],
            "carrier: there is no carrier 'gifgaf'; did you mean 'giffgaff'?",
            id="unknown carrier",
        ),
        pytest.param(
            ["add", "x", "channels=phone"],
            "channels.0: there is no channel 'phone'; add a section",
            id="unknown channel",
        ),
        pytest.param(
            ["add", "x", "last_activity=2026-11-01"],
            "last_activity: needs a period to count; write keep_alive_every",
            id="activity without period",
        ),
        pytest.param(
            ["update", "home"],
            "say what is left, such as data_remaining=0.9GB",
            id="nothing to update",
        ),
        pytest.param(
            ["update", "home", "observed_on=2026-11-20"],
            "observed_on: write what was read on that day too",
            id="a day without figures",
        ),
        pytest.param(
            ["update", "hom", "sms_remaining=5"],
            "there is no line 'hom'; did you mean 'home'?",
            id="misspelt line",
        ),
        pytest.param(
            ["update", "zzz", "sms_remaining=5"],
            "there is no line 'zzz'; see: reminderd status",
            id="unknown line",
        ),
        pytest.param(
            ["update", "home", "tags=a"],
            "home is described in the configuration file; change tags of it there",
            id="described in the file",
        ),
        pytest.param(
            ["remove", "home"],
            "home is described in the configuration file; change its section there",
            id="removed by command",
        ),
        pytest.param(
            ["update", "uk-travel", "data_remaining=", "data_total=5GB"],
            "data_total: data_remaining= forgets it too; write a value for "
            "data_remaining, or leave out one of the two",
            id="a total of what is forgotten",
        ),
        pytest.param(
            ["update", "home", "last_activity=", "keep_alive_every=6mo"],
            "keep_alive_every: last_activity= forgets it too; write a value for",
            id="a period of what is forgotten",
        ),
    ],
)
def test_a_mistake_is_told_with_what_to_write_and_changes_nothing(
    known: Shell, arguments: list[str], said: str
) -> None:
    before = known.dump()

    answer = known.refused(*arguments)

    assert answer.status == 64
    assert answer.err.startswith(f"reminderd: {said}")
    assert known.dump() == before


def test_update_records_what_is_left_and_keeps_the_total(known: Shell) -> None:
    answer = known.ok("update", "uk-travel", "data_remaining=0.9GB")

    assert answer.lines == [
        "uk-travel: updated. 12 days left, ends Fri 4 Dec; data 900 MB of 10 GB.",
        "A reminder is due now; the next check or the daemon sends it.",
        "Next reminder: Fri 27 Nov 09:00.",
    ]


def test_update_of_a_total_keeps_what_is_left(known: Shell) -> None:
    known.ok("update", "uk-travel", "data_total=20GB")

    assert left(known, "uk-travel")[-1] == "left: data 4.2 GB of 20 GB"


@pytest.mark.slow
def test_update_of_a_total_does_not_make_what_is_left_look_fresh(
    known: Shell,
) -> None:
    def observed_at() -> list[str]:
        allowances = known.ok("status", "uk-travel", "--json").json[0]["allowances"]
        return [allowance["observed_at"] for allowance in allowances]

    before = observed_at()
    known.now += timedelta(days=20)
    known.ok("update", "uk-travel", "data_total=20GB")

    assert observed_at() == before
    known.ok("update", "uk-travel", "data_remaining=4GB", "data_total=20GB")
    assert observed_at() > before


def test_a_line_outlives_the_description_of_its_carrier(shell: Shell) -> None:
    shell.write('[carriers.foo]\ntimezone = "Asia/Tokyo"\nkeep_alive.every = "6mo"\n')
    shell.ok("add", "japan", "carrier=foo", "last_activity=2026-11-01")
    shell.write("")

    shell.ok("update", "japan", "data_remaining=1GB")
    shell.ok("update", "japan", "last_activity=2026-11-20")

    (line,) = shell.ok("status", "--json").json
    assert (line["carrier"], line["timezone"]) == ("foo", "Asia/Tokyo")
    assert line["deadlines"][0]["due"] == "2027-05-20"


def test_what_is_recorded_of_a_line_that_cannot_be_reviewed_is_recorded(
    checked: Callable[[str], Shell],
) -> None:
    shell = checked(TRAVEL + '[reminders]\nrepeat = ["1d"]\n')
    with sqlite3.connect(shell.store) as database:
        database.execute("UPDATE told SET said_at = '9999-12-31 23:59:59'")

    answer = shell("update", "uk-travel", "data_remaining=3GB")

    assert answer.status == 0
    assert "data 3 GB of 10 GB" in answer.out


def test_a_line_whose_row_is_unreadable_is_not_called_unknown(known: Shell) -> None:
    with sqlite3.connect(known.store) as database:
        database.execute("UPDATE line SET timezone = 'Nowhere' WHERE name = 'home'")

    answer = known("update", "home", "data_remaining=3GB")

    assert answer.status == 69
    assert answer.err.splitlines()[-1] == (
        "reminderd: home cannot be looked at: its row cannot be read "
        "(ZoneInfoNotFoundError); remove it and add it again"
    )


def test_a_line_whose_row_is_unreadable_can_be_removed_and_added_again(
    known: Shell,
) -> None:
    known.ok("add", "odd", "valid_until=2027-01-31")
    with sqlite3.connect(known.store) as database:
        database.execute("UPDATE line SET tags = '{' WHERE name = 'odd'")

    removed = known("remove", "odd")
    added = known.ok("add", "odd", "valid_until=2027-01-31")

    assert removed.status == 0
    assert removed.out.startswith("odd: removed.")
    assert added.out.startswith("odd: added.")
    assert "odd" in known.ok("status").out


@pytest.mark.slow
def test_update_of_a_balance_does_not_mix_currencies(known: Shell) -> None:
    known.ok("update", "home", "balance_remaining=5 GBP", "balance_total=10 GBP")

    refused = known.refused("update", "home", "balance_total=9 EUR")
    known.ok("update", "home", "balance_remaining=4 EUR")

    assert refused.err == (
        "reminderd: balance_total: is in EUR, but what is left in GBP; "
        "write balance_remaining too\n"
    )
    assert left(known, "home")[-1] == "left: balance €4.00"


def test_update_without_a_value_forgets_an_item(known: Shell) -> None:
    known.ok("update", "uk-travel", "data_remaining=")

    assert left(known, "uk-travel") == ["ends: 12 days left, ends Fri 4 Dec"]


@pytest.mark.slow
def test_update_moves_a_rolling_deadline(known: Shell) -> None:
    known.ok("update", "home", "last_activity=2026-11-20")

    assert left(known, "home") == [
        "ends: 178 days left to keep it alive, until Wed 19 May",
    ]
    known.ok("update", "home", "keep_alive_every=1mo")
    assert left(known, "home") == [
        "ends: 28 days left to keep it alive, until Sun 20 Dec"
    ]


@pytest.mark.slow
def test_the_columns_of_an_own_line_can_be_updated(shell: Shell) -> None:
    shell.write("")
    shell.ok("add", "spain", "valid_until=2027-01-31")

    shell.ok("update", "spain", "carrier=giffgaff", "tags=x")
    shell.ok("update", "spain", "timezone=Asia/Shanghai")

    (line,) = shell.ok("status", "--json").json
    assert (line["carrier"], line["tags"]) == ("giffgaff", ["x"])
    assert line["timezone"] == "Asia/Shanghai"


@pytest.mark.slow
def test_a_removed_line_is_silent_and_can_be_added_again(shell: Shell) -> None:
    shell.write("")
    shell.ok("add", "spain", "valid_until=2026-11-24")

    answer = shell.ok("remove", "spain")

    assert answer.out == (
        "spain: removed. Nothing more is said of it; its history is kept.\n"
    )
    assert "spain" not in shell.ok("check").out
    assert "spain: added. Nothing is known" in shell.ok("add", "spain").out


@pytest.mark.slow
def test_the_answers_are_in_the_reader_s_language(shell: Shell) -> None:
    shell.write(HOME, language="zh_CN")

    answers = [
        shell.ok("add", "旅行", "valid_until=2027-01-31", "sms_remaining=5"),
        shell.ok("update", "旅行", "sms_remaining=4"),
        shell.ok("renew", "旅行", "--period", "30d"),
        shell.ok("snooze", "旅行", "3d"),
        shell.ok("ack", "旅行"),
        shell.ok("remove", "旅行"),
    ]

    assert answers[0].lines == [
        "旅行：已添加。还剩70天，1月31日周日到期；短信 5 条。",
        "下次提醒：12月22日周二 09:00。",
    ]
    for answer, done in zip(
        answers, ["添加", "更新", "续期", "不再提醒", "不需要确认", "移除"], strict=True
    ):
        assert done in answer.lines[0]
