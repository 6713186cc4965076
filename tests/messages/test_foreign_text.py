"""A name can neither link, nor mention, nor compute, nor break a line."""

# ruff: noqa: RUF001 - Chinese punctuation is meant

import pytest

from reminderd.messages.foreign_text import command, defuse, plain, table_cell
from tests.messages.contents import TONIGHT, a_date, a_reminder, composed

HOSTILE_NAMES = [
    "[Renew now](https://evil.test)",
    "@everyone <!channel> <@U123> @room",
    "https://evil.test/renew",
    "<a href=//evil.test>Renew</a><img>",
    "{{7*7}} ${HOME} %(x)s {0.__class__} {name}",
    "=cmd|' /C calc'!A0",
    "'); DROP TABLE line;--",
    "$(reboot); `reboot`",
    "-rf",
]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_is_shown_but_does_nothing(name: str) -> None:
    message = composed(a_reminder(a_date(TONIGHT.date()), name=name))

    text = message.title + message.body.replace("https://www.giffgaff.com/", "")
    assert "](" not in text
    assert "<!" not in text
    assert "<@" not in text
    assert "://" not in text
    assert "@everyone" not in text
    assert message.title.replace("\u200b", "") == f"{name}: ends today, Sun 22 Nov"


def test_line_breaks_in_foreign_text_are_blanks() -> None:
    assert defuse("SIM\r\nBcc: v\u2028x") == "SIM Bcc: v x"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        pytest.param("uk-travel", "reminderd renew uk-travel", id="plain"),
        pytest.param("my sim", "reminderd renew 'my sim'", id="with a blank"),
        pytest.param("旅行卡", "reminderd renew '旅行卡'", id="Chinese"),
        pytest.param("$(reboot)", "reminderd renew '$(reboot)'", id="substitution"),
        pytest.param("-rf", "reminderd renew -- -rf", id="looks like an option"),
    ],
)
def test_a_command_can_be_pasted_into_a_shell(name: str, typed: str) -> None:
    assert command("renew", name) == typed


@pytest.mark.parametrize("text", ["=1+1", "+44", "-1", "@SUM(A1)", " =1", "\t=1"])
def test_a_table_cell_is_never_a_formula(text: str) -> None:
    assert table_cell(text) == f"'{text}"


def test_an_ordinary_table_cell_stays_as_it_is() -> None:
    assert table_cell("uk-travel") == "uk-travel"


def test_plain_text_has_only_punctuation_that_every_phone_shows() -> None:
    assert plain("卡，还剩3天（周六）。a\u200b@b…") == "卡,还剩3天(周六).a @b..."
