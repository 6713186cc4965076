"""A plan that is bought again, and a renewal that is taken back."""

# ruff: noqa: RUF001 - Chinese punctuation is meant

import sqlite3
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.cli.shell import HOME, TRAVEL, Shell


@pytest.fixture
def known(checked: Callable[[str], Shell]) -> Shell:
    """A shell whose file describes lines that a check has seen."""
    return checked(TRAVEL + HOME)


def left(shell: Shell, line: str) -> list[str]:
    """Return what is said to be left on a line, and when it ends."""
    shown = shell.ok("status", "--", line).facts
    return [text for text in shown if text.startswith(("left: ", "ends: "))]


def events(shell: Shell, line: str) -> list[str]:
    """Return what was done with a line, the latest first."""
    past = shell.ok("history", line).lines[2:]
    return [text.split(line, 1)[1].rsplit(" -", 1)[0].strip() for text in past]


def test_every_option_of_a_renewal_counts_and_is_remembered(known: Shell) -> None:
    answer = known.ok(
        *("renew", "uk-travel", "--period", "1y", "--from", "today"),
        *("--leftover", "cap:1GB", "--price", "15.00 GBP", "--via", "shop"),
        *("--receipt", "A 17", "--data", "20GB", "--on", "2026-11-20"),
    )

    assert answer.lines[0] == (
        "uk-travel: renewed. 179 days left to keep it alive, until Thu 20 May; "
        "362 days left, ends Fri 19 Nov 2027; data 21 GB of 20 GB."
    )
    assert events(known, "uk-travel")[0] == (
        "renewed by hand (£15.00, shop, receipt A 17)"
    )
    (event, *_) = known.ok("history", "uk-travel", "--json").json
    assert (event["amount"], event["currency"]) == (1500, "GBP")
    expected = {
        "on": "2026-11-20",
        "until": "2027-11-19",
        "before_until": "2026-12-04",
        "period": "12mo",
        "start": "today",
        "way": "shop",
        "receipt": "A 17",
    }
    assert expected.items() <= event["detail"].items()
    assert "£15.00" in known.ok("spend").out


@pytest.mark.parametrize(
    ("options", "ends"),
    [
        pytest.param(["--period", "3mo"], "ends Thu 4 Mar", id="from the old end"),
        pytest.param(
            ["--period", "1mo", "--from", "today"], "ends Mon 21 Dec", id="from today"
        ),
        pytest.param(
            ["--period", "7d", "--from", "later"], "ends Fri 4 Dec", id="the later"
        ),
    ],
)
def test_from_where_a_renewal_counts(
    known: Shell, options: list[str], ends: str
) -> None:
    assert ends in known.ok("renew", "uk-travel", *options).lines[0]


@pytest.mark.parametrize(
    ("leftover", "data"),
    [
        pytest.param("drop", ["data 10 GB of 10 GB"], id="drop"),
        pytest.param("add", ["data 14.2 GB of 10 GB"], id="add"),
        pytest.param("cap:2GB", ["data 12 GB of 10 GB"], id="cap"),
        pytest.param(
            "keep",
            ["data 4.2 GB of 10 GB (2026-12-04)", "data 10 GB of 10 GB"],
            id="keep",
        ),
    ],
)
def test_what_becomes_of_what_is_left(
    known: Shell, leftover: str, data: list[str]
) -> None:
    known.ok("renew", "uk-travel", "--from", "old-end", "--leftover", leftover)

    assert [text for text in left(known, "uk-travel") if "left: data" in text] == [
        f"left: {text}" for text in data
    ]


@pytest.mark.slow
def test_a_queued_plan_waits_and_its_data_comes_with_it(known: Shell) -> None:
    answer = known.ok("renew", "uk-travel", "--from", "queue")

    assert answer.lines[-1] == "The new plan waits for the end of the present one."
    assert "data 4.2 GB of 10 GB" in answer.lines[0]
    known.now += timedelta(days=12)
    known.ok("update", "uk-travel", "data_remaining=1GB")
    assert "left: data 1 GB of 10 GB" in left(known, "uk-travel")
    known.now += timedelta(days=1)
    again = known.ok(*("renew", "uk-travel", "--from", "old-end", "--leftover", "add"))
    assert "data 20 GB of 10 GB" in again.lines[0]


def test_a_plan_that_has_ended_is_not_said_to_wait(known: Shell) -> None:
    known.now += timedelta(days=30)

    answer = known.ok("renew", "uk-travel", "--from", "queue")

    assert "waits" not in answer.out
    assert "ends Thu 21 Jan" in answer.lines[0]


def test_the_price_that_is_usual_is_what_was_paid(
    checked: Callable[[str], Shell],
) -> None:
    shell = checked(TRAVEL + 'renew_price = "10.00 GBP"\nrenew_via = "app"\n')

    shell.ok("renew", "uk-travel")

    assert events(shell, "uk-travel")[0] == "renewed by hand (£10.00, app)"


class TestUndo:
    @pytest.mark.slow
    @pytest.mark.parametrize(
        "options",
        [
            pytest.param([], id="as usual"),
            pytest.param(["--from", "queue"], id="queued"),
            pytest.param(["--leftover", "keep"], id="kept apart"),
            pytest.param(
                ["--until", "2027-06-01", "--data", "3GB", "--on", "2026-11-01"],
                id="until a date, a while ago",
            ),
        ],
    )
    def test_it_gives_back_exactly_what_was_there(
        self, known: Shell, options: list[str]
    ) -> None:
        (before,) = known.ok("status", "uk-travel", "--json").json
        known.ok("renew", "uk-travel", *options)

        answer = known.ok("renew", "uk-travel", "--undo")

        assert answer.lines == [
            (
                "uk-travel: the renewal is taken back. 12 days left, ends Fri 4 Dec; "
                "data 4.2 GB of 10 GB."
            ),
            "Next reminder: Fri 27 Nov 09:00.",
        ]
        assert known.ok("status", "uk-travel", "--json").json == [before]

    @pytest.mark.slow
    def test_one_after_the_other_is_taken_back(self, known: Shell) -> None:
        (before,) = known.ok("status", "uk-travel", "--json").json
        known.ok("renew", "uk-travel", "--price", "1 GBP")
        (between,) = known.ok("status", "uk-travel", "--json").json
        known.ok("renew", "uk-travel", "--from", "queue", "--price", "2 GBP")

        known.ok("renew", "uk-travel", "--undo")
        assert known.ok("status", "uk-travel", "--json").json == [between]
        assert "£1.00" in known.ok("spend").out
        known.ok("renew", "uk-travel", "--undo")
        assert known.ok("status", "uk-travel", "--json").json == [before]
        assert "No payment has been recorded yet." in known.ok("spend").out
        known.refused("renew", "uk-travel", "--undo")
        assert events(known, "uk-travel")[:4] == [
            "renewal taken back",
            "renewal taken back",
            "renewed by hand (£2.00)",
            "renewed by hand (£1.00)",
        ]

    def test_what_was_learnt_since_then_stays(self, known: Shell) -> None:
        known.ok("renew", "uk-travel")
        known.ok("update", "uk-travel", "data_remaining=9GB", "observed_on=2026-11-21")

        answer = known.ok("renew", "uk-travel", "--undo")

        assert answer.lines[-1] == (
            "Left as it is, since something newer is known: data"
        )
        assert left(known, "uk-travel") == [
            "ends: 12 days left, ends Fri 4 Dec",
            "left: data 9 GB of 10 GB, as of yesterday, 21 Nov",
        ]

    @pytest.mark.slow
    def test_what_was_said_of_the_old_end_is_not_said_again(self, known: Shell) -> None:
        known.ok("renew", "uk-travel")
        known.ok("renew", "uk-travel", "--undo")
        assert "uk-travel: " not in known.ok("check").out

        known.ok("renew", "uk-travel")
        assert "renewed until Mon 4 Jan" in known.ok("check").out
        known.ok("renew", "uk-travel", "--undo")
        assert "uk-travel: 12 days left, ends Fri 4 Dec" in known.ok("check").out

    def test_a_renewal_of_an_older_release_cannot_be_taken_back(
        self, known: Shell
    ) -> None:
        known.ok("renew", "uk-travel")
        with sqlite3.connect(known.store) as database:
            database.execute('UPDATE event SET detail = \'{"items": ["validity"]}\'')

        answer = known.refused("renew", "uk-travel", "--undo")

        assert "has no renewal that could be taken back" in answer.err


@pytest.mark.slow
def test_a_charge_for_a_removed_line_is_noted_and_asked_about(shell: Shell) -> None:
    shell.write("")
    shell.ok("add", 'the "old" one')
    shell.ok("remove", 'the "old" one')

    answer = shell.ok("renew", ' the  "old" one', "--price", "5 EUR", "--receipt", "z")

    assert answer.lines == [
        (
            'the "old" one was removed on Sun 22 Nov. The charge is noted; ask the '
            "carrier why a line that is gone was charged."
        )
    ]
    assert "charge noted (€5.00, receipt z)" in shell.ok("history").out
    assert "check the bill" in shell.ok("check").out
    shell.refused("renew", 'the "old" one', "--undo")


def test_sizes_are_those_of_the_carrier_also_where_no_data_was_known(
    shell: Shell,
) -> None:
    shell.write('[carriers.foo]\ndata_base = 1024\n[lines.a]\ncarrier = "foo"\n')
    shell.ok("check")

    shell.ok("renew", "a", "--until", "2027-01-31", "--data", "1GB")

    ((data,),) = [row["allowances"] for row in shell.ok("status", "--json").json]
    assert data["remaining"] == 1024**3


@pytest.mark.slow
def test_renewals_are_spoken_of_in_the_reader_s_language(shell: Shell) -> None:
    shell.write(TRAVEL, language="zh_CN", timezone="Asia/Shanghai")
    shell.ok("check")

    queued = shell.ok(
        *("renew", "uk-travel", "--from", "queue", "--price", "15 GBP"),
        *("--via", "website", "--receipt", "7"),
    )
    shell.ok("update", "uk-travel", "valid_until=2027-02-01")
    undone = shell.ok("renew", "uk-travel", "--undo")

    assert queued.lines[-1] == "新套餐会排队，等当前套餐到期后生效。"
    assert undone.lines[0].startswith("uk-travel：已撤销上次续期。")
    assert undone.lines[-1] == "以下项目已有更新的记录，保持不变：套餐到期日"
    history = shell.ok("history").out
    assert "手动续期（£15.00，网站，收据 7）" in history
    assert "已撤销续期" in history


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(
            ["renew", "home"],
            "nobody has said how long the plan lasts; write --until DATE, or a period "
            "such as --period 30d or 1mo",
            id="no period",
        ),
        pytest.param(
            ["renew", "home", "--until", "2026-01-01"],
            "the new end 2026-01-01 lies before the renewal on 2026-11-22",
            id="renewed into the past",
        ),
        pytest.param(
            ["renew", "home", "--until", "soon"],
            "'soon' is not a date; write 2027-01-31",
            id="until no date",
        ),
        pytest.param(
            ["renew", "home", "--until", "2027-01-01", "--period", "30d"],
            "--until and --period: give one of the two",
            id="two ends",
        ),
        pytest.param(
            ["renew", "home", "--period", "30"],
            "'30' is not a duration; write a number and a unit such as",
            id="period without unit",
        ),
        pytest.param(
            ["renew", "home", "--period", "0d"],
            "'0d' is no time at all; write 3d, 12h or 1mo",
            id="no time at all",
        ),
        pytest.param(
            ["renew", "home", "--period", "12h"],
            "nobody has said how long the plan lasts; write --until DATE, or a period "
            "such as --period 30d or 1mo",
            id="hours",
        ),
        pytest.param(
            ["renew", "home", "--period", "30d", "--data", "10"],
            '--data: \'10\' is not a size; write "500MB" or "1.2GB"',
            id="data without unit",
        ),
        pytest.param(
            ["renew", "home", "--period", "30d", "--data", "9999999999GB"],
            '--data: is too much; write an amount such as "500MB"',
            id="more data than there is",
        ),
        pytest.param(
            ["renew", "home", "--period", "30d", "--data", "0GB"],
            "--data: is nothing; write the new data, such as 10GB",
            id="renewed with nothing",
        ),
        pytest.param(
            ["renew", "home", "--period", "30d", "--on", "2026-11-23"],
            "--on 2026-11-23 lies in the future; today is 2026-11-22",
            id="renewed tomorrow",
        ),
        pytest.param(
            ["renew", "home", "--from", "old", "--period", "30d"],
            "--from: there is no 'old'; did you mean 'old-end'?",
            id="misspelt start",
        ),
        pytest.param(
            ["renew", "home", "--leftover", "cup", "--period", "30d"],
            "--leftover: there is no 'cup'; known are: add, cap:5GB, drop, keep",
            id="misspelt leftover",
        ),
        pytest.param(
            ["renew", "home", "--leftover", "cap:0GB", "--period", "30d"],
            '--leftover: is nothing; write "drop", or a size: "cap:5GB"',
            id="a cap of nothing",
        ),
        pytest.param(
            ["renew", "home", "--leftover", "cap:5", "--period", "30d"],
            "--leftover: '5' is not a size; write",
            id="a cap without a unit",
        ),
        pytest.param(
            ["renew", "home", "--via", "web", "--period", "30d"],
            "--via: there is no 'web'; did you mean 'website'?",
            id="misspelt way",
        ),
        pytest.param(
            ["renew", "home", "--price", "15", "--period", "30d"],
            "--price: '15' is not an amount of money; write \"15.00 GBP\"",
            id="price without currency",
        ),
        pytest.param(
            ["renew", "home", "--price", "0 GBP", "--period", "30d"],
            '--price: is nothing; write an amount such as "15.00 GBP"',
            id="free",
        ),
        pytest.param(
            ["renew", "home", "--receipt", "\u202e1", "--period", "30d"],
            "--receipt: the name contains the invisible character U+202E; remove it",
            id="deceiving receipt",
        ),
        pytest.param(
            ["renew", "home", "--period", "30d", "--on", "2026-01-01"],
            "counted from 2026-01-01 the plan has ended on 2026-01-31 already; "
            "if that is right, write --until with that date",
            id="left ended unasked",
        ),
        pytest.param(
            ["renew", "home", "--until", "2026-11-01", "--on", "2026-11-02"],
            "the new end 2026-11-01 lies before the renewal on 2026-11-02",
            id="until before on",
        ),
        pytest.param(
            ["renew", "uk-travel", "--undo"],
            "uk-travel has no renewal that could be taken back; see: reminderd history",
            id="nothing to take back",
        ),
        pytest.param(
            ["renew", "uk-travel", "--undo", "--period", "30d"],
            "--undo takes no other option",
            id="undo with more",
        ),
        pytest.param(
            ["renew", "nobody", "--price", "5 GBP"],
            "there is no line 'nobody'; see: reminderd status",
            id="paid for an unknown line",
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


def test_renew_takes_the_usual_period_from_the_file(known: Shell) -> None:
    answer = known.ok("renew", "uk-travel")

    assert answer.lines == [
        (
            "uk-travel: renewed. 43 days left, ends Mon 4 Jan; 181 days left to keep "
            "it alive, until Sat 22 May; data 4.2 GB of 10 GB."
        ),
        "Next reminder: Sat 5 Dec 09:00.",
        "The new plan waits for the end of the present one.",
    ]


@pytest.mark.slow
def test_renew_confirms_once_with_the_next_date_and_arms_the_ladder(
    known: Shell,
) -> None:
    known.ok("renew", "uk-travel", "--until", "2027-01-31", "--data", "20GB")

    confirmed = known.ok("check")
    again = known.ok("check")
    known.now += timedelta(days=63)
    armed = known.ok("check")

    assert "renewed until Sun 31 Jan; next reminder Fri 1 Jan 09:00" in confirmed.out
    assert "renewed" not in again.out
    assert "uk-travel: 7 days left, ends Sun 31 Jan" in armed.out


def test_renew_counts_from_the_day_of_renewal_once_the_plan_has_ended(
    known: Shell,
) -> None:
    known.now += timedelta(days=30)

    answer = known.ok("renew", "uk-travel", "--period", "30d", "--on", "2026-12-20")

    assert "ends Mon 18 Jan" in answer.lines[0]
