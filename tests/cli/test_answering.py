"""Answers to a reminder: acknowledged, or not now."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.cli.shell import TRAVEL, Shell


@pytest.fixture
def reminded(checked: Callable[[str], Shell]) -> Shell:
    """A shell after a reminder that 12 days are left."""
    return checked(TRAVEL + '[reminders]\nrepeat = ["1d"]\n')


def is_reminding(shell: Shell) -> bool:
    return "sent to terminal" in shell.ok("check").out


@pytest.mark.slow
def test_without_an_answer_it_is_said_again(reminded: Shell) -> None:
    reminded.now += timedelta(days=1)

    assert is_reminding(reminded)


@pytest.mark.slow
def test_ack_is_quiet_until_it_gets_worse(reminded: Shell) -> None:
    answer = reminded.ok("ack", "uk-travel")

    assert answer.out == (
        "uk-travel: acknowledged; you hear of it again when it gets worse.\n"
    )
    reminded.now += timedelta(days=3)
    assert not is_reminding(reminded)
    reminded.now += timedelta(days=2)
    assert is_reminding(reminded)


def test_ack_of_what_was_never_said_says_so(shell: Shell) -> None:
    shell.write("")
    shell.ok("add", "spain", "valid_until=2027-06-30")

    assert shell.ok("ack", "spain").out == (
        "spain: nothing has been said of it, so nothing needs an answer.\n"
    )


@pytest.mark.slow
def test_snooze_is_quiet_for_so_long_and_says_until_when(reminded: Shell) -> None:
    answer = reminded.ok("snooze", "uk-travel", "3d")

    assert answer.out == (
        "uk-travel: quiet until Wed 25 Nov 09:00, unless a due date comes first.\n"
    )
    reminded.now += timedelta(days=2)
    table = reminded.ok("check").out
    assert "warning, snoozed until Wed 25 Nov 09:00" in table
    assert "sent to terminal" not in table
    reminded.now += timedelta(days=1)
    assert is_reminding(reminded)


@pytest.mark.slow
def test_snooze_never_goes_past_the_end(reminded: Shell) -> None:
    reminded.ok("snooze", "uk-travel", "3mo")
    reminded.now += timedelta(days=13)

    assert "uk-travel: ended yesterday" in reminded.ok("check").out


@pytest.mark.slow
def test_an_update_is_no_answer_but_a_renewal_ends_the_snooze(reminded: Shell) -> None:
    reminded.ok("snooze", "uk-travel", "3d")
    reminded.ok("update", "uk-travel", "data_remaining=4GB")
    snoozed = reminded.ok("status", "--json").json[0]["snoozed_until"]

    reminded.ok("renew", "uk-travel")

    assert snoozed == "2026-11-25T09:00:00Z"
    assert reminded.ok("status", "--json").json[0]["snoozed_until"] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ack", "uk"], "there is no line 'uk'"),
        (["snooze", "uk-travl", "3d"], "there is no line 'uk-travl'; did you mean"),
        (["snooze", "uk-travel", "3"], "'3' is not a duration; write a number"),
        (["snooze", "uk-travel", "0d"], "'0d' is no time at all; write 3d, 12h"),
        (["snooze", "uk-travel", "999y"], "a duration is at most 100 years"),
        (["snooze", "", "3d"], "the name is empty; write one"),
    ],
)
def test_a_wrong_answer_changes_nothing(
    reminded: Shell, arguments: list[str], said: str
) -> None:
    before = reminded.dump()

    answer = reminded.refused(*arguments)

    assert answer.status == 64
    assert answer.err.startswith(f"reminderd: {said}")
    assert reminded.dump() == before
