"""Many lines in one message: a list of the worst, a count, and a table of them all."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO

from reminderd.domain.calendar import last_date
from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import LineReminder
from reminderd.messages.answers import answers
from reminderd.messages.catalogs import N_
from reminderd.messages.foreign_text import defuse, table_cell
from reminderd.messages.gaps import gap_texts
from reminderd.messages.guides import place_of
from reminderd.messages.lines import (
    brief,
    carrier_of,
    headlines,
    identity,
    lateness,
    subject_of,
)
from reminderd.messages.subjects import CarrierFacts
from reminderd.messages.wording import Wording

MOST_LISTED = 20
# Without it Excel reads a table in the machine's old character set.
_BYTE_ORDER_MARK = "\ufeff"
_COLUMNS = (
    N_("line"),
    N_("carrier and number"),
    N_("severity"),
    N_("what"),
    N_("first date"),
)
_SEVERITIES = {
    Severity.CRITICAL: N_("critical"),
    Severity.WARNING: N_("warning"),
    Severity.INFO: N_("info"),
}


def worst_first(contents: Sequence[LineReminder]) -> list[LineReminder]:
    """Return the newest reminder of each line, the worst line first."""
    newest = {
        content.line.name: content
        for content in sorted(contents, key=lambda known: known.created_at)
    }
    return sorted(newest.values(), key=_badness)


def group_title(contents: Sequence[LineReminder], words: Wording) -> str:
    """Return how many lines there are, and what is the matter with the first."""
    return words.say_count(
        "{n} line: {name} {brief}, +{more}",
        "{n} lines: {name} {brief}, +{more}",
        len(contents),
        name=defuse(contents[0].line.name),
        brief=brief(contents[0], words),
        more=len(contents) - 1,
    )


def group_body(
    contents: Sequence[LineReminder],
    carriers: Mapping[str, CarrierFacts],
    words: Wording,
) -> str:
    """Return the list of the worst lines, what is left out, and how to answer."""
    left_out = len(contents) - MOST_LISTED
    lines = [_summary(contents, words), ""] if left_out > 0 else []
    for number, content in enumerate(contents[:MOST_LISTED], start=1):
        lines += _entry(number, content, carriers, words)
    if left_out > 0:
        lines.append(
            words.say_count(
                "and {n} more: see the attached table, if this channel can carry "
                "one, or: reminderd status",
                "and {n} more: see the attached table, if this channel can carry "
                "one, or: reminderd status",
                left_out,
            )
        )
    gaps = list(gap_texts(contents, words))
    if gaps:
        lines += ["", *gaps]
    how = list(answers(contents, words.say("NAME"), words))
    if how:
        lines += ["", words.say("To answer, with the name of a line:"), *how]
    return "\n".join(lines)


def table_csv(
    contents: Sequence[LineReminder],
    carriers: Mapping[str, CarrierFacts],
    words: Wording,
) -> str:
    """Return one row for each line, in the order given, for a spreadsheet."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow([words.say(column) for column in _COLUMNS])
    for content in contents:
        writer.writerow(map(table_cell, _row(content, carriers, words)))
    return _BYTE_ORDER_MARK + text.getvalue()


def _entry(
    number: int,
    content: LineReminder,
    carriers: Mapping[str, CarrierFacts],
    words: Wording,
) -> Iterator[str]:
    """Yield what is the matter with one line, and where to renew it."""
    subject = subject_of(content, carriers)
    text = words.say("; ").join(headlines(content, words))
    name = defuse(content.line.name)
    first = words.say("{name}: {text}", name=name, text=text)
    moment = lateness(content, words)
    if moment is not None:
        first = words.say("{text} (late: due {moment})", text=first, moment=moment)
    yield f"{number}. {first}"
    place = place_of(subject, words) if content.reminder.findings else None
    who = identity(content, subject.carrier, words)
    where = [known for known in (who, place) if known]
    if where:
        yield "   " + words.say(", ").join(where)


def _summary(contents: Sequence[LineReminder], words: Wording) -> str:
    """Return how many lines there are of each severity."""
    counts = Counter(content.reminder.severity for content in contents)
    parts = [
        words.say("{severity}: {n}", severity=words.say(text), n=counts[severity])
        for severity, text in _SEVERITIES.items()
        if counts[severity]
    ]
    return words.say(", ").join(parts)


def _row(
    content: LineReminder, carriers: Mapping[str, CarrierFacts], words: Wording
) -> Iterator[str]:
    yield content.line.name
    yield identity(content, carrier_of(content, carriers), words)
    yield words.say(_SEVERITIES[content.reminder.severity])
    yield words.say("; ").join(headlines(content, words))
    yield _first_date(content)


def _first_date(content: LineReminder) -> str:
    """Return the nearest due date of the line in its zone, as a table sorts it."""
    zone = content.line.zone
    ends = (known.due_at for known in content.reminder.findings if known.due_at)
    first = min(ends, default=None)
    return "" if first is None else last_date(first, zone).isoformat()


def _badness(content: LineReminder) -> tuple[int, bool, float, str]:
    """Sort key: worst severity, then what is wrong before what is well, then dates."""
    reminder = content.reminder
    dues = (known.due_at.timestamp() for known in reminder.findings if known.due_at)
    return (
        -reminder.severity,
        not reminder.findings,
        min(dues, default=float("inf")),
        content.line.name,
    )
