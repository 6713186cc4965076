"""What two plans say, one thing at a time, and how they differ."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import zip_longest
from typing import Any

from reminderd.domain.reminders import Content, LineReminder
from reminderd.messages.lines import line_title
from reminderd.messages.notices import notice_text
from reminderd.messages.wording import Wording
from reminderd.scheduling.preview import Planned


class Change(StrEnum):
    """What becomes of something that is said."""

    NEW = "new"
    GONE = "gone"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Saying:
    """What is said about one line, or one notice, in a planned message."""

    message: Planned
    content: Content

    @property
    def line(self) -> str | None:
        """The name of the line, None for a notice."""
        content = self.content
        return content.line.name if isinstance(content, LineReminder) else None

    @property
    def what(self) -> str:
        """What it is, whatever the dates and figures are by then."""
        if not isinstance(self.content, LineReminder):
            return self.content.code
        reminder = self.content.reminder
        steps = [
            f"{each.item} {each.step} {each.count}"
            for each in reminder.findings
            if each.new
        ]
        return "|".join([*steps, *(each.item for each in reminder.recoveries)])

    def title(self, words: Wording) -> str:
        """Return what it says in few words, as they are when it is sent."""
        then = replace(words, now=self.message.at)
        if isinstance(self.content, LineReminder):
            return line_title(self.content, then)
        return notice_text(self.content, then).title

    def record(self) -> dict[str, Any]:
        """Return it as JSON."""
        content = self.content
        if isinstance(content, LineReminder):
            return {
                "line": content.line.name,
                "notice": None,
                "severity": content.reminder.severity.word,
                "items": [each.item for each in content.reminder.findings],
            }
        return {
            "line": None,
            "notice": content.code,
            "severity": content.severity.word,
            "items": [],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One thing that another configuration says at other times, or at no time."""

    change: Change
    at: datetime
    before: datetime | None
    line: str | None
    channel: str
    title: str

    def record(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "change": self.change.value,
            "at": self.at,
            "before": self.before,
            "line": self.line,
            "channel": self.channel,
            "title": self.title,
        }


def sayings(message: Planned) -> Iterator[Saying]:
    """Yield what *message* says, one thing at a time."""
    for content in message.contents:
        yield Saying(message, content)


def changes(
    before: Sequence[Planned], after: Sequence[Planned], words: Wording
) -> list[Changed]:
    """Return what differs, in the order of time."""
    old, new = _by_what(before), _by_what(after)
    found: list[Changed] = []
    for key in old.keys() | new.keys():
        found += _differing(old.get(key, []), new.get(key, []), words)
    return sorted(found, key=lambda known: (known.at, known.channel, known.title))


def _by_what(
    messages: Sequence[Planned],
) -> dict[tuple[str | None, str, str], list[Saying]]:
    """Return what is said of each line through each channel, in the order of time."""
    found: dict[tuple[str | None, str, str], list[Saying]] = {}
    for message in messages:
        for saying in sayings(message):
            key = saying.line, message.channel, saying.what
            found.setdefault(key, []).append(saying)
    return found


def _differing(
    old: Sequence[Saying], new: Sequence[Saying], words: Wording
) -> Iterator[Changed]:
    """Yield what is only in one of the two; in pairs where there is one in each."""
    before = {saying.message.at for saying in old}
    after = {saying.message.at for saying in new}
    gone = [saying for saying in old if saying.message.at not in after]
    come = [saying for saying in new if saying.message.at not in before]
    for was, is_now in zip_longest(gone, come):
        known = is_now or was
        yield Changed(
            change=_change(was, is_now),
            at=known.message.at,
            before=None if was is None else was.message.at,
            line=known.line,
            channel=known.message.channel,
            title=known.title(words),
        )


def _change(before: Saying | None, after: Saying | None) -> Change:
    if before is None:
        return Change.NEW
    return Change.GONE if after is None else Change.MOVED
