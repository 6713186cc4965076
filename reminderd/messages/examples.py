"""A test message that shows what the next reminder of a line will look like."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from reminderd.messages.wording import Wording

EXAMPLE = "example"


def example_title(details: Mapping[str, str], words: Wording) -> str:
    """Return the title of the reminder, marked as a test."""
    return words.say("Test: {title}", title=details.get("title", "?"))


def example_lines(details: Mapping[str, str], words: Wording) -> Iterator[str]:
    """Yield what it is, then the body of the reminder as it was worded before."""
    at = datetime.fromisoformat(details["at"])
    if at > words.now:
        moment = words.moment(at)
        yield words.say("This is a test; reminderd says this {moment}:", moment=moment)
    else:
        yield words.say("This is a test; the next check says this:")
    yield ""
    yield from details.get("body", "").splitlines()
