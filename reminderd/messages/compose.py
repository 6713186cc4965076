"""From what was decided to the message that goes to one channel."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import Content, LineReminder, Message, Notice
from reminderd.messages.foreign_text import plain
from reminderd.messages.groups import (
    MOST_LISTED,
    group_body,
    group_title,
    table_csv,
    worst_first,
)
from reminderd.messages.lines import headlines, line_body, line_title, subject_of
from reminderd.messages.notices import NoticeText, notice_text
from reminderd.messages.subjects import CarrierFacts
from reminderd.messages.wording import Reader, Wording

__all__ = ["Reader", "compose"]

# Small enough for every service, a text message or two.
_SHORT = 400


def compose(
    contents: Sequence[Content],
    reader: Reader,
    carriers: Mapping[str, CarrierFacts],
    now: datetime,
    *,
    short: bool = False,
) -> Message:
    """Return one message that says all of *contents*, the worst first.

    Args:
        contents: Reminders and notices for one channel, at least one.
        reader: The language and the zone of who reads it.
        carriers: Facts by the name that lines give to their carrier.
        now: Instant of sending, in UTC; "3 days left" is counted from it.
        short: Say it in at most 400 characters with the plainest punctuation, for
            a service that has refused the whole text.

    Raises:
        ValueError: There is nothing to say.
    """
    if not contents:
        raise ValueError("a message needs something to say")
    words = Wording(reader, now)
    lines = worst_first([each for each in contents if isinstance(each, LineReminder)])
    notices = _notices(contents, words)
    message = Message(
        title=_title(lines, notices, words),
        body=_body(lines, notices, carriers, words),
        severity=_severity(contents),
        table=table_csv(lines, carriers, words) if len(lines) > MOST_LISTED else None,
    )
    return _shortened(message, lines, notices, words) if short else message


def _notices(contents: Sequence[Content], words: Wording) -> list[NoticeText]:
    notices = [content for content in contents if isinstance(content, Notice)]
    worst = sorted(notices, key=lambda notice: -notice.severity)
    return [notice_text(notice, words) for notice in worst]


def _severity(contents: Sequence[Content]) -> Severity:
    return max(
        content.severity if isinstance(content, Notice) else content.reminder.severity
        for content in contents
    )


def _title(
    lines: Sequence[LineReminder], notices: Sequence[NoticeText], words: Wording
) -> str:
    if not lines:
        more = len(notices) - 1
        return notices[0].title + (f", +{more}" if more else "")
    title = group_title if len(lines) > 1 else _only_title
    text = title(lines, words)
    if not notices:
        return text
    return words.say("{first}; {second}", first=text, second=notices[0].title)


def _only_title(lines: Sequence[LineReminder], words: Wording) -> str:
    return line_title(lines[0], words)


def _body(
    lines: Sequence[LineReminder],
    notices: Sequence[NoticeText],
    carriers: Mapping[str, CarrierFacts],
    words: Wording,
) -> str:
    parts = []
    if len(lines) == 1:
        parts.append(line_body(lines[0], subject_of(lines[0], carriers), words))
    elif lines:
        parts.append(group_body(lines, carriers, words))
    is_alone = not lines and len(notices) == 1
    for notice in notices:
        heading = () if is_alone else (notice.title,)
        parts.append("\n".join((*heading, *notice.lines)))
    return "\n\n".join(parts)


def _shortened(
    message: Message,
    lines: Sequence[LineReminder],
    notices: Sequence[NoticeText],
    words: Wording,
) -> Message:
    """Return *message* as its title and one plain line for each thing it says."""
    said = [text for notice in notices for text in notice.lines]
    if len(lines) == 1:
        said = [*headlines(lines[0], words), *said]
    else:
        said = [*(_only_title([line], words) for line in lines[:MOST_LISTED]), *said]
    title = plain(message.title)[: _SHORT // 2]
    body = plain("\n".join(said))
    return Message(
        title=title, body=_cut(body, _SHORT - len(title)), severity=message.severity
    )


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 3] + "..."
