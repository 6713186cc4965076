"""Plans, buckets and days that dates are counted from: typed, and in the file."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.cli.shell import TRAVEL, Shell

OWN = (
    *("add", "own", "data_remaining=1GB", "data_total=5GB", "data_base=1024"),
    *("buckets.night.data_remaining=2GB", "buckets.night.data_total=3GB"),
    *("buckets.night.until=2026-12-01", "buckets.night.daily=true"),
    *("renew_every=30d", "renew_from=today", "renew_leftover=cap:5GB"),
    *("renew_price=9 EUR", "renew_via=app", "auto_renew=false"),
)
GIB = 1024**3


@pytest.fixture
def own(checked: Callable[[str], Shell]) -> Shell:
    """A shell with an empty file, and a line that was added by command."""
    shell = checked("")
    shell.ok(*OWN)
    return shell


def figures(shell: Shell, line: str = "own") -> dict[str, tuple[Any, Any]]:
    """Return what is left of each allowance of a line, and of how much."""
    (row,) = shell.ok("status", line, "--json").json
    return {
        f"{known['kind']}/{known['bucket']}": (known["remaining"], known["total"])
        for known in row["allowances"]
    }


def ends(shell: Shell, line: str) -> list[str]:
    shown = shell.ok("status", line).facts
    return [text.removeprefix("ends: ") for text in shown if text.startswith("ends: ")]


def test_buckets_and_units_of_1024_are_recorded(own: Shell) -> None:
    assert figures(own) == {
        "data/general": (GIB, 5 * GIB),
        "data/night": (2 * GIB, 3 * GIB),
    }


@pytest.mark.slow
def test_how_a_line_is_renewed_is_recorded_and_forgotten(own: Shell) -> None:
    own.ok("update", "own", "valid_until=2026-12-04")

    assert "ends Tue 22 Dec; data 6 GB" in own.ok("renew", "own").lines[0]
    assert "€9.00, app" in own.ok("history", "own").out

    own.ok("update", "own", "renew_every=", "renew_price=")

    assert "how long the plan lasts" in own.refused("renew", "own").err
    assert own.ok("renew", "own", "--period", "1d").status == 0
    assert own.ok("history", "own").out.count("€9.00") == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "night"),
    [
        pytest.param(["data_remaining=1GB"], (GIB, 3 * GIB), id="what is left"),
        pytest.param(["data_used=1GB"], (2 * GIB, 3 * GIB), id="what was used"),
        pytest.param(["data_total=4GB"], (2 * GIB, 4 * GIB), id="the total"),
        pytest.param(["until=2026-12-09"], (2 * GIB, 3 * GIB), id="the end"),
        pytest.param(["daily=false"], (2 * GIB, 3 * GIB), id="the kind"),
        pytest.param(["data_remaining="], None, id="forgotten"),
    ],
)
def test_an_update_of_a_bucket_keeps_the_rest_of_it(
    own: Shell, words: list[str], night: tuple[int, int] | None
) -> None:
    own.ok("update", "own", *(f"buckets.night.{word}" for word in words))

    expected = {"data/general": (GIB, 5 * GIB)}
    assert figures(own) == expected | ({"data/night": night} if night else {})


def test_the_end_of_a_bucket_stays_with_it(own: Shell) -> None:
    kept = own.ok("update", "own", "buckets.night.data_remaining=1GB")
    moved = own.ok("update", "own", "buckets.night.until=2026-12-09")

    assert kept.lines[-1] == "Next reminder: Tue 24 Nov 09:00."
    assert moved.lines[-1] == "Next reminder: Wed 2 Dec 09:00."


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "left"),
    [
        pytest.param(["data_used=2GB"], 3 * GIB, id="of a known total"),
        pytest.param(
            ["data_used=2GB", "data_total=2TB"], 2046 * GIB, id="of a new one"
        ),
        pytest.param(["data_used=6GB"], -GIB, id="more than there was"),
    ],
)
def test_what_was_used_says_what_is_left(
    own: Shell, words: list[str], left: int
) -> None:
    own.ok("update", "own", *words)

    assert figures(own)["data/general"][0] == left
    # What is below zero, or a long number, stays as it is beside something else.
    own.ok("update", "own", "data_throttled=true")
    assert figures(own)["data/general"][0] == left


@pytest.mark.slow
@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("data_base=1000", "data_base: write what is left too, such as"),
        ("buckets=5", "'buckets': write buckets.NAME.data_remaining=2GB"),
        ("buckets.night=5", "'buckets.night': write buckets.NAME.data_remaining=2GB"),
        ("lines.night.x=5", "'lines.night.x': write buckets.NAME.data_remaining=2GB"),
        ("buckets.a\u202eb.until=", "buckets: the name contains the invisible"),
        ("buckets.day.until=2026-12-09", "buckets.day: has nothing in it; write"),
        ("buckets.day.until=soon", "buckets.day.until: 'soon' is not a date; write"),
        ("buckets.night.data_remaning=1GB", "buckets.night.data_remaning: unknown key"),
        ("buckets.night.foo=", "buckets.night.foo: unknown key"),
        ("buckets.night.data_total=", "buckets.night.data_total: write a value"),
        ("thresholds.data=5GB", "thresholds can only be set in the configuration file"),
        ("renew_from=quee", "renew_from: there is no 'quee'; did you mean 'queue'?"),
        ("renew_leftover=ad", "renew_leftover: there is no 'ad'; did you mean 'add'?"),
        ("renew_via=web", "renew_via: there is no 'web'; did you mean 'website'?"),
        ("auto_renew=yes", "auto_renew: "),
        ("bought_on=2026-11-20", "bought_on: leads to no date, since nobody says how"),
        ("last_top_up=2026-11-20", "last_top_up: leads to no date, since nobody says"),
    ],
)
def test_a_mistake_is_told_with_what_to_write_and_changes_nothing(
    own: Shell, word: str, said: str
) -> None:
    before = own.dump()

    answer = own.refused("update", "own", word)

    assert answer.status == 64
    assert answer.err.startswith(f"reminderd: {said}")
    assert own.dump() == before


def test_a_plan_of_a_line_in_the_file_is_changed_there(
    checked: Callable[[str], Shell],
) -> None:
    answer = checked(TRAVEL).refused("update", "uk-travel", "renew_every=3d")

    assert answer.err.endswith("change renew_every of it there\n")


def test_a_renewal_that_is_updated_counts_by_the_period_of_the_line(own: Shell) -> None:
    own.ok("update", "own", "renewed_on=2026-11-20")

    assert ends(own, "own") == [
        "9 days left to use 2 GB data (night), until Tue 1 Dec",
        "28 days left, ends Sun 20 Dec",
    ]


def test_a_top_up_that_is_updated_keeps_the_number_by_the_period_of_the_line(
    own: Shell,
) -> None:
    own.ok("update", "own", "last_activity=2026-09-01", "keep_alive_every=90d")

    own.ok("update", "own", "last_top_up=2026-11-20")

    assert ends(own, "own") == [
        "9 days left to use 2 GB data (night), until Tue 1 Dec",
        "88 days left to keep it alive, until Thu 18 Feb",
    ]


IN_FILE = """
[carriers.foo]
plan.period = "30d"
credit.every = "90d"
keep_alive.every = "6mo"
start_by.every = "1y"
[lines.a]
carrier = "foo"
data_base = 1024
data_used = "1GB"
data_total = "5GB"
renewed_on = 2026-11-10
last_top_up = 2026-11-15
buckets.night.data_remaining = "2GB"
buckets.night.until = 2026-12-01
[lines.esim]
carrier = "foo"
bought_on = 2026-11-01
"""


class TestFile:
    @pytest.mark.slow
    def test_dates_follow_from_what_was_done(
        self, checked: Callable[[str], Shell]
    ) -> None:
        shell = checked(IN_FILE)

        assert ends(shell, "a") == [
            "9 days left to use 2 GB data (night), until Tue 1 Dec",
            "18 days left, ends Thu 10 Dec",
            "credit ends in 83 days, Sat 13 Feb",
            "174 days left to keep it alive, until Sat 15 May",
        ]
        assert ends(shell, "esim") == [
            "344 days left to start it, until Mon 1 Nov 2027"
        ]
        assert figures(shell, "a") == {
            "data/general": (4 * GIB, 5 * GIB),
            "data/night": (2 * GIB, None),
        }

    @pytest.mark.slow
    def test_an_edit_of_the_day_renews_the_line(
        self, checked: Callable[[str], Shell]
    ) -> None:
        shell = checked(IN_FILE)

        shell.write(
            IN_FILE.replace("renewed_on = 2026-11-10", "renewed_on = 2026-11-21")
        )
        shell.ok("check")

        assert "29 days left, ends Mon 21 Dec" in ends(shell, "a")

    @pytest.mark.slow
    def test_a_plan_that_has_ended_since_is_ended_and_no_mistake(
        self, checked: Callable[[str], Shell]
    ) -> None:
        shell = checked(IN_FILE)
        shell.now += timedelta(days=40)

        answer = shell("check")

        assert answer.status == 0
        assert "a: " in answer.out
        assert any("ended" in text for text in ends(shell, "a"))
