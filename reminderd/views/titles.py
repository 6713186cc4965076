"""What a reminder said, in a few words, from what is stored of it."""

from reminderd.domain.reminders import LineReminder, Notice
from reminderd.messages.lines import headlines, line_title
from reminderd.messages.notices import notice_text
from reminderd.messages.wording import Wording
from reminderd.storage.contents import StoredContent

_UNKNOWN = "?"
# What decoding and wording raise where a row was damaged or is of another release.
_UNREADABLE = (ValueError, TypeError, LookupError, ArithmeticError)


def title_text(content: StoredContent, words: Wording) -> str:
    """Return the title of a message, a question mark where it cannot be read."""
    try:
        decoded = content.decoded()
        if isinstance(decoded, Notice):
            return notice_text(decoded, words).title
        return line_title(decoded, words)
    except _UNREADABLE:
        return _UNKNOWN


def headlines_text(content: StoredContent, words: Wording) -> str:
    """Return a title without the name of its line, a question mark for all others."""
    try:
        decoded = content.decoded()
        if isinstance(decoded, LineReminder):
            return words.say("; ").join(headlines(decoded, words))
    except _UNREADABLE:
        pass
    return _UNKNOWN
