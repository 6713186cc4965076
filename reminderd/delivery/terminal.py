"""The built-in channel for those who have configured none."""

import logging
from typing import TextIO

from reminderd.domain.deliveries import Outcome, Verdict
from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import Message
from reminderd.domain.texts import Text

TERMINAL = "terminal"

_LEVELS = {
    Severity.INFO: logging.INFO,
    Severity.WARNING: logging.WARNING,
    Severity.CRITICAL: logging.CRITICAL,
}
_log = logging.getLogger(__name__)


class TerminalChannel:
    """Prints messages to a stream."""

    name = TERMINAL

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def send(self, message: Message) -> Verdict:
        """Print *message*, and return whether the stream took it."""
        try:
            self._stream.write(f"{message.title}\n\n{message.body.rstrip()}\n\n")
            self._stream.flush()
        except (OSError, ValueError):
            return Verdict(
                outcome=Outcome.TRANSIENT,
                reason=Text("the terminal cannot be written to"),
            )
        return Verdict(outcome=Outcome.SENT, reason="printed")


class JournalChannel:
    """Writes messages to the log, which is the journal under systemd."""

    name = TERMINAL

    def send(self, message: Message) -> Verdict:
        """Log *message* under the level of its severity."""
        level = _LEVELS[message.severity]
        _log.log(level, "%s\n%s", message.title, message.body.rstrip())
        return Verdict(outcome=Outcome.SENT, reason=Text("written to the log"))
