"""Doubts about a bill, as they are said."""

import pytest

from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import Message
from reminderd.messages.wording import Reader
from tests.messages.contents import CHINESE, ENGLISH, a_notice, composed


def a_bill(reader: Reader = ENGLISH, **details: str) -> Message:
    notice = a_notice("check-bill", severity=Severity.INFO, **details)
    return composed(notice, reader=reader)


def test_what_is_missing_does_not_keep_it_from_being_said() -> None:
    first, where, *_ = a_bill(why="twice", line="uk").body.splitlines()

    assert first == "Charged ? on ?, although the ? paid on ? last until ?."
    assert where == "Look at the receipt of ?."


def test_reason_of_another_version_is_shown_as_it_is() -> None:
    assert a_bill(why="moon", line="uk").body == "why: moon\nline: uk"


@pytest.mark.parametrize("key", ["line", "carrier", "receipt", "way", "amount", "on"])
def test_nothing_that_somebody_wrote_is_a_template_a_link_or_a_mention(
    key: str,
) -> None:
    hostile = "{0.__class__} {line} [x](//evil.test) @everyone <!here>"
    details = {"why": "dearer", "before_on": "2026-11-01", key: hostile}

    message = a_bill(ENGLISH, **details)

    text = message.title + message.body
    assert "{0.__class__} {line}" in text
    assert "](" not in text
    assert "@everyone" not in text
    assert "<!" not in text


def test_way_that_is_none_of_ours_is_named_as_it_is() -> None:
    message = a_bill(CHINESE, why="removed", on="2026-11-12", way="kiosk")

    assert "11月12日周四（kiosk）" in message.body  # noqa: RUF001 - Chinese punctuation is meant
