"""An activity that keeps a line alive, or pays for it."""

# ruff: noqa: RUF001 - Chinese punctuation is meant

from collections.abc import Callable

import pytest

from tests.cli.shell import HOME, Shell

ABROAD = """
[carriers.o2-de]
timezone = "Europe/Berlin"
[carriers.o2-de.keep_alive]
every = "6mo"
resets = ["top-up"]
[carriers.3hk]
timezone = "Asia/Hong_Kong"
[carriers.3hk.credit]
every = "180d"
resets = ["top-up"]
least = "100 HKD"
[lines.berlin]
carrier = "o2-de"
last_activity = 2026-09-01
[lines.hk]
carrier = "3hk"
last_top_up = 2026-06-01
"""


@pytest.fixture
def known(checked: Callable[[str], Shell]) -> Shell:
    """A shell whose file describes lines that a check has seen."""
    return checked(HOME + ABROAD)


def done(shell: Shell, *arguments: str) -> list[str]:
    """Return what is said of an activity, but for the next reminder."""
    lines = shell.ok("touch", *arguments).lines
    return [text for text in lines if not text.startswith("Next reminder")]


@pytest.mark.slow
def test_a_carrier_that_counts_top_ups_is_not_moved_by_a_text(known: Shell) -> None:
    assert done(known, "berlin", "--kind", "sms") == [
        (
            "berlin: noted, but no date moves. 99 days left to keep it alive, until "
            "Mon 1 Mar."
        ),
        "The last day to use it stays as it is: the carrier does not count this.",
    ]
    assert done(known, "berlin", "--kind", "top-up", "--price", "10 EUR") == [
        (
            "berlin: noted. credit ends in 181 days, Sat 22 May; "
            "181 days left to keep it alive, until Sat 22 May."
        )
    ]
    history = known.ok("history", "berlin").out
    assert history.count("activity noted") == 2
    assert "activity noted (€10.00)" in history
    assert "€10.00" in known.ok("spend").out


def test_a_top_up_counts_from_an_amount_on(known: Shell) -> None:
    stays = "The end of the credit stays as it is: the carrier counts top-ups of at "
    top_up = ("hk", "--kind", "top-up")

    assert done(known, *top_up, "--price", "50 HKD") == [
        "hk: noted, but no date moves. credit ends in 6 days, Sat 28 Nov.",
        f"{stays}least HK$100.00 only.",
    ]
    assert done(known, *top_up)[1] == (
        f"{stays}least HK$100.00 only; say how much it was with --price."
    )
    assert done(known, *top_up, "--price", "100 HKD") == [
        "hk: noted. credit ends in 180 days, Fri 21 May."
    ]


def test_what_was_paid_is_noted_also_where_no_date_follows(known: Shell) -> None:
    known.ok("add", "plain", "valid_until=2027-01-31")

    said = done(known, "plain", "--kind", "top-up", "--price", "10 EUR")

    assert said == ["plain: noted, but no date moves. 70 days left, ends Sun 31 Jan."]
    assert "€10.00" in known.ok("spend").out
    assert done(known, "home", "--on", "2026-09-01", "--price", "1 GBP") == [
        (
            "home: noted, but no date moves. 109 days left to keep it alive, until "
            "Thu 11 Mar."
        )
    ]


def test_data_use_starts_a_plan_that_waits(known: Shell) -> None:
    known.ok("add", "esim", "start_by=2027-01-01")

    refused = known.refused("touch", "esim", "--kind", "data")
    known.ok("update", "esim", "renew_every=7d")

    assert refused.err == (
        "reminderd: that starts the plan, but nobody has said how long it lasts; write "
        'renew_every = "30d" in its section, or: reminderd update LINE renew_every=30d'
        "\n"
    )
    assert done(known, "esim", "--kind", "data", "--on", "2026-11-21")[0] == (
        "esim: noted. 6 days left, ends Sat 28 Nov."
    )
    assert "start" not in known.ok("status", "esim").out


@pytest.mark.slow
def test_a_top_up_of_a_removed_line_is_noted_as_a_charge(known: Shell) -> None:
    known.ok("add", "gone")
    known.ok("remove", "gone")

    said = done(known, "gone", "--kind", "top-up", "--price", "5 EUR")

    assert said == [
        (
            "gone was removed on Sun 22 Nov. The charge is noted; ask the carrier why "
            "a line that is gone was charged."
        )
    ]
    known.refused("touch", "gone")
    assert "charge noted (€5.00)" in known.ok("history", "gone").out


@pytest.mark.slow
def test_activities_are_spoken_of_in_the_reader_s_language(shell: Shell) -> None:
    shell.write(ABROAD, language="zh_CN")
    shell.ok("check")

    sms = shell.ok("touch", "berlin", "--kind", "sms").lines
    small = shell.ok("touch", "hk", "--kind", "top-up", "--price", "50 HKD").lines
    unknown = shell.ok("touch", "hk", "--kind", "top-up").lines

    assert "已记录，但各项期限不变" in sms[0]
    assert sms[-1] == "保号最晚使用日不变：运营商不把这算作有效使用。"
    assert small[-1] == "话费有效期不变：运营商只认一次充值满HK$100.00。"
    assert unknown[-1].endswith("请用 --price 写明充值金额。")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(
            ["touch", "home", "--on", "2027-01-01"],
            "--on 2027-01-01 lies in the future; today is 2026-11-22",
            id="used tomorrow",
        ),
        pytest.param(
            ["touch", "hk", "--kind", "top-ip"],
            "--kind: there is no 'top-ip'; did you mean 'top-up'?",
            id="misspelt kind",
        ),
        pytest.param(
            ["touch", "hk", "--kind", "plan"],
            "--kind: there is no 'plan'; known are: call, data, sms, top-up",
            id="a plan is renewed",
        ),
        pytest.param(
            ["touch", "hk", "--price", "x"],
            "--price: 'x' is not an amount of money; write \"15.00 GBP\"",
            id="no price",
        ),
        pytest.param(
            ["touch", "hom"],
            "there is no line 'hom'; did you mean 'home'?",
            id="misspelt line",
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


def test_touch_keeps_the_number_alive_from_today(known: Shell) -> None:
    answer = known.ok("touch", "home")

    assert (
        answer.lines[0]
        == "home: noted. 180 days left to keep it alive, until Fri 21 May."
    )
    assert "activity noted" in known.ok("history", "home").out


def test_touch_twice_is_harmless(known: Shell) -> None:
    known.ok("touch", "home")

    answer = known.ok("touch", "home", "--on", "2026-11-01")

    assert answer.lines[0] == (
        "home: nothing new, this or a later day is known. "
        "180 days left to keep it alive, until Fri 21 May."
    )
    assert known.ok("history", "home").out.count("activity noted") == 1


def test_a_line_without_any_clock_cannot_be_touched(shell: Shell) -> None:
    shell.write("")
    shell.ok("add", "spain", "valid_until=2027-01-31")
    before = shell.dump()

    answer = shell.refused("touch", "spain")

    assert answer.status == 64
    assert answer.err.startswith(
        "reminderd: spain has no keep-alive period; record one with: reminderd update"
    )
    assert shell.dump() == before
