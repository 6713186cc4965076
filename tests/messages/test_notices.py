"""What reminderd says about itself."""

import pytest

from reminderd.domain.ladders import Severity
from tests.messages.contents import (
    a_notice,
    composed,
)


def test_a_short_notice_says_what_is_the_matter() -> None:
    notice = a_notice("channel-broken", channel="phone", reason="x" * 1000)

    message = composed(notice, short=True)

    assert message.title == "reminderd: channel phone is broken"
    assert len(message.title) + len(message.body) == 400


def test_several_notices_come_worst_first() -> None:
    test = a_notice("test", severity=Severity.INFO, channel="phone")
    broken = a_notice("channel-broken", channel="mail", reason="gone")

    message = composed(test, broken)

    assert message.title == "reminderd: channel mail is broken, +1"
    assert message.body.index("mail is broken") < message.body.index("phone works")


def test_a_notice_without_words_of_its_own_is_still_sent() -> None:
    message = composed(a_notice("moon-full", phase="@full"))

    assert message.title == "reminderd: moon-full"
    assert message.body == "phase: @\u200bfull"
    assert composed(a_notice("moon-full")).body == "reminderd: moon-full"


def test_a_notice_that_lacks_a_detail_is_still_sent() -> None:
    body = composed(a_notice("channel-broken", channel="phone")).body

    assert body.startswith("Channel phone refuses every message: ?\n")


def test_an_instant_that_cannot_be_read_is_shown_as_it_is() -> None:
    assert "by themselves: soon." in composed(a_notice("held", until="soon")).body


@pytest.mark.parametrize("count", ["1", "", "many"])
def test_a_single_mistake_is_not_counted(count: str) -> None:
    body = composed(a_notice("config-refused", problem="a:1: b", count=count)).body

    assert "more" not in body


def test_a_detail_is_never_a_template() -> None:
    notice = a_notice("config-refused", problem="{count} {0.__class__} %s", count="1")

    assert composed(notice).body.startswith("{count} {0.__class__} %s\n")
