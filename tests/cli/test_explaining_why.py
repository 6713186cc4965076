"""explain: why a line sent nothing, where its limits are set, who gets what."""

import sqlite3
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.cli.shell import Shell
from tests.sinks import free_port, http_sink

DAY = timedelta(days=1)
LINE = """
[lines.uk]
carrier = "giffgaff"
valid_until = 2026-12-14
data_remaining = "9GB"
data_total = "10GB"
"""


def web(address: str, name: str = "web", more: str = "") -> str:
    return f'[channels.{name}]\nurl = "json://{address}/"\n{more}\n'


def whys(shell: Shell, *options: str) -> list[str]:
    """Return the reasons as programs read them."""
    known = shell.ok("explain", "uk", *options, "--json").json
    return [reason["why"] for reason in known["reasons"]]


def why(shell: Shell, *options: str) -> list[str]:
    """Return the paragraph that answers the question, after the two first lines."""
    paragraphs = shell.ok("explain", "uk", *options).out.split("\n\n")
    return paragraphs[1].splitlines()


def by_item(shell: Shell) -> dict[str, dict[str, Any]]:
    limits = shell.ok("explain", "uk", "--json").json["limits"]
    return {limit["item"]: limit for limit in limits}


def test_nothing_was_sent_since_no_limit_is_reached(shell: Shell) -> None:
    shell.write(LINE.replace("2026-12-14", "2027-03-14"))
    shell.ok("check")

    assert why(shell) == [
        "In the last 7 days, nothing was sent. This is why:",
        "- No limit is reached.",
        "Next reminder: Tue 22 Dec 09:00: not checked for 30 days, since 22 Nov.",
    ]


def test_what_was_sent_is_not_repeated(shell: Shell) -> None:
    with http_sink() as sink:
        shell.write(LINE + web(sink.address))
        shell.ok("check")

    assert why(shell) == [
        (
            "In the last 7 days, 1 message was sent, Sun 22 Nov 12:00 to web. "
            "Nothing more, since:"
        ),
        "- What is reached was said Sun 22 Nov 12:00, and is not repeated.",
        "Next reminder: Mon 7 Dec 09:00: 7 days left, ends Mon 14 Dec.",
    ]


def test_of_a_repeat_it_says_when(shell: Shell) -> None:
    shell.write(LINE + '[reminders]\nrepeat = ["2d"]\n')
    shell.ok("check")

    assert why(shell)[1:] == [
        (
            "- What is reached was said Sun 22 Nov 12:00, and is said again Tue 24 "
            "Nov 09:00."
        ),
        "Next reminder: Tue 24 Nov 09:00: 20 days left, ends Mon 14 Dec.",
    ]


@pytest.mark.slow
def test_a_week_later_it_says_when_the_last_one_was_sent(shell: Shell) -> None:
    shell.write(LINE)
    shell.ok("check")
    shell.now += 8 * DAY
    shell.ok("check")

    assert why(shell)[0] == (
        "In the last 7 days, nothing was sent. The last was sent Sun 22 Nov 12:00 to "
        "terminal. This is why:"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(
            ("snooze", "uk", "3d"),
            "- You asked for quiet until Wed 25 Nov 09:00.",
            id="snoozed",
        ),
        pytest.param(
            ("ack", "uk"),
            "- You answered Sun 22 Nov 12:01 that you know: it is silent until it gets "
            "worse.",
            id="acknowledged",
        ),
    ],
)
def test_an_answer_is_a_reason(
    shell: Shell, answer: tuple[str, ...], reason: str
) -> None:
    shell.write(LINE)
    shell.ok("check")

    shell.ok(*answer)

    assert why(shell)[1] == reason


@pytest.mark.slow
def test_nobody_looks_at_the_lines_any_more(shell: Shell) -> None:
    shell.write(LINE)
    shell.ok("check")
    shell.now += 3 * DAY

    assert why(shell)[1] == (
        "- No pass has looked at it since Sun 22 Nov 12:00: reminderd does not run; "
        "look now: reminderd check; by itself: systemctl enable --now reminderd"
    )
    assert whys(shell)[0] == "not_looked"


def test_an_hour_too_late_for_its_limit_it_says_that_nobody_looked(
    shell: Shell,
) -> None:
    shell.write(LINE.replace("2026-12-14", "2026-12-23"))
    shell.ok("check")
    shell.now += timedelta(hours=22)

    assert whys(shell) == ["not_looked", "due_now"]
    assert why(shell)[-1] == "It says: 30 days left, ends Wed 23 Dec."


def test_looking_at_a_later_moment_does_not_blame_the_machine(shell: Shell) -> None:
    shell.write(LINE)
    shell.ok("check")

    assert whys(shell, "--now", "2026-12-03T12:00Z") == ["already_said"]


@pytest.mark.slow
def test_a_broken_channel_holds_it(shell: Shell) -> None:
    with http_sink(status=403) as sink:
        shell.write(LINE + web(sink.address))
        shell("check")

    (broken,) = [line for line in why(shell) if line.startswith("- ")]
    assert broken == (
        "- The reminder of Sun 22 Nov 12:00 has not arrived: web is broken: the "
        "service answered 403 Forbidden; held until that is mended."
    )
    assert (
        "- web: Mon 7 Dec 09:00; it is broken since Sun 22 Nov 12:00: the service "
        "answered 403 Forbidden; what is for it waits"
    ) in shell.ok("explain", "uk").lines


@pytest.mark.slow
def test_quiet_hours_hold_it(shell: Shell) -> None:
    more = 'quiet = "11:00-15:00"'
    shell.write(LINE + web(f"127.0.0.1:{free_port()}", more=more))
    shell.ok("check")

    assert why(shell)[1] == (
        "- The reminder of Sun 22 Nov 12:00 has not arrived: web waits for quiet hours "
        "until 15:00."
    )
    assert "- web: Mon 7 Dec 09:00; quiet hours until Sun 22 Nov 15:00" in (
        shell.ok("explain", "uk").lines
    )


def test_no_channel_takes_it(shell: Shell) -> None:
    port = free_port()
    shell.write(
        LINE.replace("data_rem", 'channels = ["web"]\ndata_rem')
        + web(f"127.0.0.1:{port}", more='min_severity = "critical"')
        + web(f"127.0.0.1:{port}", "mail")
    )
    shell.ok("check")
    text = shell.config.read_text().splitlines()

    lines = shell.ok("explain", "uk").lines
    assert (
        "- The reminder of Sun 22 Nov 12:00 went to no channel: none of them takes it, "
        "see below."
    ) in lines
    severity = 1 + text.index('min_severity = "critical"')
    own = 1 + text.index('channels = ["web"]')
    assert f"- not web: it gets only what is critical (config.toml:{severity})" in lines
    assert (
        f"- not mail: this line has channels of its own: web (config.toml:{own})"
    ) in lines
    assert any(line.startswith("No channel gets that one: ") for line in lines)
    assert (
        "- Sun 22 Nov 12:00: uk: 22 days left, ends Mon 14 Dec (no channel takes it)"
    ) in lines


def test_a_line_of_which_nothing_is_known_says_so(shell: Shell) -> None:
    shell.write("")
    shell.ok("add", "uk")
    shell.ok("check")

    assert why(shell)[1] == (
        "- No date and no figure is known of it; say one: reminderd update uk "
        "valid_until=DATE"
    )


@pytest.mark.slow
def test_an_ended_plan_silences_what_is_left_of_it(shell: Shell) -> None:
    shell.write(LINE.replace("9GB", "100MB").replace("2026-12-14", "2026-11-20"))
    shell.ok("check")

    assert whys(shell) == ["already_said", "plan_ended"]
    known = by_item(shell)
    assert known["data"]["mute"] == "plan_ended"
    assert known["data"]["told"] is None
    assert known["validity"]["reached"] == "expired"


@pytest.mark.slow
def test_a_clock_that_was_moved_keeps_everything_back(shell: Shell) -> None:
    shell.write(LINE)
    shell.ok("check")
    shell.now -= timedelta(days=2)
    shell.unseen += timedelta(days=2)
    shell("check")

    assert "clock_moved" in whys(shell)


def test_a_removed_line_is_told_to_be_removed(shell: Shell) -> None:
    shell.write(LINE)
    shell.ok("check")
    shell.write("")
    shell.ok("check")

    answer = shell.refused("explain", "uk")

    assert answer.err.startswith(
        "reminderd: uk was removed Sun 22 Nov 12:01: nothing is said of it."
    )


def test_a_line_that_no_pass_has_taken_up_is_told_so(shell: Shell) -> None:
    shell.write("")
    shell.ok("check")
    shell.write(LINE)

    answer = shell.refused("explain", "uk")

    assert "no pass has taken it up yet" in answer.err


@pytest.mark.slow
def test_a_line_left_aside_says_why_and_until_when(shell: Shell) -> None:
    shell.write(LINE)
    shell.ok("check")
    with sqlite3.connect(shell.store) as store:
        store.execute("UPDATE line SET fault = 'a total of less than nothing'")

    (first, *_) = shell.ok("explain", "uk", "--json").json["reasons"]

    assert (first["why"], first["fault"]) == (
        "left_aside",
        "a total of less than nothing",
    )


def test_an_offer_says_once_what_renewing_now_would_do(shell: Shell) -> None:
    shell.write(
        """
[carriers.gg]
domains = ["giffgaff.com"]
[carriers.gg.plan]
period = "1mo"
from = "old-end"
[[carriers.gg.promotions]]
title = "Double data"
from = 2026-11-20
until = 2026-12-24
url = "https://www.giffgaff.com/offer"
[lines.uk]
carrier = "gg"
valid_until = 2026-12-14
"""
    )
    shell.ok("check")

    out = shell.ok("explain", "uk").out

    assert "offer: Double data" in out.replace("Offer", "offer")
    assert out.count("Renewed now, the plan ends") == 1


EVERY_PLACE = """\
[thresholds]
validity = ["20d"]
data = ["50%"]
credit = ["21d"]
stale = "40d"
[carriers.giffgaff.thresholds]
data = ["40%"]
keep_alive = ["22d"]
credit = ["23d"]
[carriers.giffgaff.plan]
period = "1mo"
[lines.uk]
carrier = "giffgaff"
valid_until = 2026-12-14
credit_until = 2027-01-14
number_until = 2027-02-14
last_activity = 2026-11-02
data_remaining = "9GB"
data_total = "10GB"
balance_remaining = "5.00 GBP"
[lines.uk.thresholds]
credit = [
  "24d",
  "2d",
]
balance = ["3.00 GBP"]
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("item", "layer", "limits"),
    [
        pytest.param("validity", "global", ["20d"], id="the widest place of the file"),
        pytest.param("data", "carrier", ["40%"], id="a carrier wins over it"),
        pytest.param("keep_alive", "carrier", ["22d"], id="a carrier's alone"),
        pytest.param("credit", "line", ["24d", "2d"], id="a line wins over both"),
        pytest.param("balance", "line", ["300 GBP"], id="a line's alone"),
        pytest.param("stale", "global", ["40d"], id="no news"),
    ],
)
def test_a_limit_names_the_line_of_the_file_that_sets_it(
    shell: Shell, item: str, layer: str, limits: list[str]
) -> None:
    shell.write(EVERY_PLACE)
    shell.ok("check")

    known = by_item(shell)[item]

    assert known["set_in"] == layer
    assert [limit["limit"] for limit in known["limits"]] == limits
    file, _, number = known["place"].partition(":")
    assert file == "config.toml"
    assert (
        shell.config.read_text().splitlines()[int(number) - 1].startswith(f"{item} = ")
    )


def test_a_limit_that_the_file_does_not_name_is_built_in(shell: Shell) -> None:
    shell.write(EVERY_PLACE)
    shell.ok("check")

    known = by_item(shell)["number"]

    assert (known["set_in"], known["place"]) == ("built-in", None)


def test_a_limit_from_the_environment_names_its_variable(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REMINDERD_THRESHOLDS__VALIDITY", '["9d"]')
    shell.write(EVERY_PLACE)
    shell.ok("check")

    known = by_item(shell)["validity"]

    assert known["place"] == "REMINDERD_THRESHOLDS__VALIDITY"
    assert [limit["limit"] for limit in known["limits"]] == ["9d"]


@pytest.mark.slow
@pytest.mark.parametrize("item", ["validity", "credit", "keep_alive", "number"])
def test_each_explained_limit_is_the_one_at_which_a_pass_speaks(
    shell: Shell, item: str
) -> None:
    shell.write(EVERY_PLACE)
    shell.ok("check")
    ahead = [
        limit["at"]
        for limit in by_item(shell)[item]["limits"]
        if datetime.fromisoformat(limit["at"]) > shell.now
    ]
    assert ahead

    for at in ahead:
        shell.now = datetime.fromisoformat(at) - timedelta(minutes=2)
        shell.ok("check")
        before = by_item(shell)[item]["told"]
        shell.now = datetime.fromisoformat(at)
        shell.ok("check")
        after = by_item(shell)[item]["told"]
        assert after != before
        assert datetime.fromisoformat(after["said_at"]) >= datetime.fromisoformat(at)
