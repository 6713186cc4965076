"""What is logged on stderr: to people in a word, to the journal in full."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager


class _Brief(logging.Formatter):
    """One line, like every other complaint of a command; the rest is for --debug."""

    def format(self, record: logging.LogRecord) -> str:
        return f"reminderd: {record.getMessage()}"


def log_to_people(*, is_debugging: bool) -> None:
    """Log what has gone wrong and no command shows by itself; everything to debug."""
    if is_debugging:
        log_in_full(logging.DEBUG)
    else:
        _log_to_stderr(_Brief(), logging.ERROR)


def log_in_full(level: int) -> None:
    """Log everything from *level* on, with tracebacks."""
    _log_to_stderr(logging.Formatter("%(levelname)s %(name)s: %(message)s"), level)


@contextmanager
def log_nothing() -> Iterator[None]:
    """Log nothing of what is only tried out."""
    ours = logging.getLogger("reminderd")
    level = ours.level
    ours.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        ours.setLevel(level)


def _log_to_stderr(formatter: logging.Formatter, level: int) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], force=True)
    logging.getLogger("reminderd").setLevel(level)
    # It can be told by the environment to log every value that it reads.
    logging.getLogger("pydantic_settings").setLevel(logging.WARNING)
    # It logs each tick; and what it calls a missed one is made up for by the next.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
