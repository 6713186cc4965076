import io
import logging

import pytest

from reminderd.delivery.channel import Channel
from reminderd.delivery.terminal import JournalChannel, TerminalChannel
from reminderd.domain.deliveries import Outcome
from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import Message

MESSAGE = Message(
    title="uk-travel: 3 days left", body="...\n", severity=Severity.CRITICAL
)


def test_terminal_prints_title_and_body() -> None:
    stream = io.StringIO()
    channel: Channel = TerminalChannel(stream)

    verdict = channel.send(MESSAGE)

    assert verdict.outcome is Outcome.SENT
    assert channel.name == "terminal"
    assert stream.getvalue() == "uk-travel: 3 days left\n\n...\n\n"


def test_closed_terminal_is_trouble_that_may_pass() -> None:
    stream = io.StringIO()
    stream.close()

    verdict = TerminalChannel(stream).send(MESSAGE)

    assert verdict.outcome is Outcome.TRANSIENT


def test_journal_gets_the_message_at_the_level_of_its_severity(
    caplog: pytest.LogCaptureFixture,
) -> None:
    channel: Channel = JournalChannel()

    verdict = channel.send(MESSAGE)

    assert verdict.outcome is Outcome.SENT
    assert caplog.record_tuples == [
        (
            "reminderd.delivery.terminal",
            logging.CRITICAL,
            "uk-travel: 3 days left\n...",
        )
    ]
