"""Every deadline as an event of a calendar (RFC 5545, with what RFC 7986 adds).

The file that was written before is the memory: an event that says the same as there
keeps its stamps, one that says something else gets later ones, by which a calendar
that has imported it knows that it was moved.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import count
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from reminderd.domain.calendar import local_instant
from reminderd.domain.ladders import Policy, Severity, instant_of, limits_of
from reminderd.domain.lines import Deadline
from reminderd.domain.states import OF_ALLOWANCES
from reminderd.messages.calendar_events import KINDS, event_text, event_title
from reminderd.messages.catalogs import N_
from reminderd.messages.foreign_text import defuse
from reminderd.messages.subjects import CarrierFacts, Subject
from reminderd.messages.wording import Wording
from reminderd.storage.lines import StoredLine
from reminderd.views.status import LineStatus

if TYPE_CHECKING:
    from icalendar import Alarm, Event

_PRODUCT = "-//reminderd//calendar//EN"
_LOOK_AGAIN = timedelta(hours=1)
_ONE_DAY = timedelta(days=1)
_A_WEEK = timedelta(days=7)
# RFC 5545, 3.8.1.9: from 1, the highest, to 9; 5 is medium.
_PRIORITIES = {Severity.CRITICAL: 1, Severity.WARNING: 5, Severity.INFO: 9}
_SEVERITIES = {
    Severity.CRITICAL: N_("critical"),
    Severity.WARNING: N_("warning"),
    Severity.INFO: N_("info"),
}
# SEQUENCE is an int of 32 bits in most programs: seconds last until 2094.
_FIRST = datetime(2026, 1, 1, tzinfo=UTC)
_BEGIN = b"BEGIN:VEVENT\r\n"
_END = b"END:VCALENDAR"
_INSTANT = "%Y%m%dT%H%M%SZ"
_EVENT = re.compile(rb"^BEGIN:VEVENT\r\n.*?^END:VEVENT\r\n", re.DOTALL | re.MULTILINE)
_UID = re.compile(rb"^UID:(.*)\r\n", re.MULTILINE)
_STAMP = re.compile(rb"^DTSTAMP:(\d{8}T\d{6})Z\r\n", re.MULTILINE)
_SEQUENCE = re.compile(rb"^SEQUENCE:(\d{1,10})\r\n", re.MULTILINE)
_STAMPS = re.compile(rb"^(?:DTSTAMP|LAST-MODIFIED|SEQUENCE):.*\r\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Before:
    """An event as it was written before, with its stamps apart."""

    said: bytes
    at: datetime
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """For whom a calendar is: the limits and the words, and facts about carriers."""

    policy_for: Callable[[StoredLine], Policy]
    carriers: Mapping[str, CarrierFacts]
    words: Wording


def calendar_file(
    rows: Iterable[LineStatus], owner: Owner, previous: bytes = b""
) -> bytes:
    """Return the calendar of the deadlines in *rows*, as it is at the owner's instant.

    It is *previous*, what the file held before, to the byte if nothing has changed.
    """
    from icalendar import Calendar

    words = owner.words
    name = words.say("Prepaid lines")
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", _LOOK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    known = _events_before(previous)
    head, end = calendar.to_ical().split(_END)
    events = (
        _stamped(event, known, words.now)
        for row in sorted(rows, key=lambda row: row.stored.id)
        for event in _events(row, owner)
    )
    return b"".join((head, *events, _END, end))


def _events(row: LineStatus, owner: Owner) -> Iterator["Event"]:
    """Yield an event for each date of a line, also for what follows from another."""
    if not row.is_reviewed:
        return
    plan_end = row.line.plan_ends_at
    has_plan_ended = plan_end is not None and plan_end <= owner.words.now
    numbers: dict[str, count[int]] = {}
    for deadline in row.line.deadlines:
        is_void = has_plan_ended and deadline.kind in OF_ALLOWANCES
        if deadline.kind in KINDS and not is_void:
            # Without its span: a carrier's corrected terms move it, too.
            what = f"{deadline.kind}/{deadline.follows}"
            number = next(numbers.setdefault(what, count()))
            yield _event(deadline, f"{what}#{number}", row, owner)


def _event(deadline: Deadline, what: str, row: LineStatus, owner: Owner) -> "Event":
    from icalendar import Event

    stored, zone = row.stored, row.line.zone
    day = deadline.due_on(zone)
    # Nothing in it may change by itself: it is worded as it would be a week before.
    words = replace(owner.words, now=local_instant(day - _A_WEEK, time(), zone))
    subject = Subject(
        line=stored.card,
        carrier=owner.carriers.get(stored.carrier or ""),
        items=frozenset(known.item for known in row.line.deadlines),
    )
    summary = event_title(deadline, subject, words)
    event = Event()
    # Neither the date nor the name: what is renewed or renamed stays the same event.
    identity = f"reminderd:{stored.id}:{stored.line.added_at.isoformat()}:{what}"
    event.add("uid", str(uuid5(NAMESPACE_URL, identity)))
    event.add("summary", summary)
    event.add("dtstart", day)
    event.add("dtend", day + _ONE_DAY)
    event.add("transp", "TRANSPARENT")
    event.add("description", "\n".join(event_text(deadline, row.line, subject, words)))
    if subject.carrier and subject.carrier.renew_url:
        event.add("url", subject.carrier.renew_url)
    _rank(event, deadline, row, words)
    policy = owner.policy_for(stored)
    for at in _alarms(deadline, row, policy, owner.words.now):
        event.add_component(_alarm(at, summary))
    return event


def _rank(event: "Event", deadline: Deadline, row: LineStatus, words: Wording) -> None:
    """Give *event* the severity of what is found now, and the tags of its line."""
    severity = next(
        (known.severity for known in row.findings if known.item == deadline.item), None
    )
    categories = [defuse(tag) for tag in row.stored.tags]
    if severity is not None:
        event.add("priority", _PRIORITIES[severity])
        categories.insert(0, words.say(_SEVERITIES[severity]))
    if categories:
        event.add("categories", categories)


def _alarms(
    deadline: Deadline, row: LineStatus, policy: Policy, now: datetime
) -> list[datetime]:
    """Return when its limits are reached; those that are were told by reminders."""
    instants = (
        instant_of(limit.text, deadline, row.line.zone, policy)
        for limit in limits_of(deadline, policy)
    )
    return sorted({instant for instant in instants if instant > now})


def _alarm(at: datetime, text: str) -> "Alarm":
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", text)
    # An instant: a span would be counted from midnight wherever the phone is.
    alarm.add("trigger", at, parameters={"VALUE": "DATE-TIME"})
    return alarm


def _stamped(event: "Event", known: Mapping[str, _Before], now: datetime) -> bytes:
    """Return *event* with the stamps of before, later ones if it says something else.

    They are put in as text: to write an event out takes longer than all the rest.
    """
    said: bytes = event.to_ical()
    before = known.get(str(event["uid"]))
    at = now.replace(microsecond=0)
    sequence = max(int((now - _FIRST).total_seconds()), 0)
    if before is not None and before.said == said:
        at, sequence = before.at, before.sequence
    elif before is not None:
        # Also if the clock was set back in the meantime.
        at, sequence = max(at, before.at), max(sequence, before.sequence + 1)
    stamps = (
        f"DTSTAMP:{at:{_INSTANT}}",
        f"LAST-MODIFIED:{at:{_INSTANT}}",
        f"SEQUENCE:{sequence}",
    )
    lines = "".join(f"{stamp}\r\n" for stamp in stamps).encode()
    return said.replace(_BEGIN, _BEGIN + lines, 1)


def _events_before(previous: bytes) -> Mapping[str, _Before]:
    """Return the events in *previous* by their UID; none of what we did not write."""
    found = {}
    for block in _EVENT.findall(previous):
        uid, stamp, sequence = (
            pattern.search(block) for pattern in (_UID, _STAMP, _SEQUENCE)
        )
        at = _instant(stamp[1]) if stamp else None
        if uid and at and sequence:
            found[uid[1].decode(errors="replace")] = _Before(
                said=_STAMPS.sub(b"", block), at=at, sequence=int(sequence[1])
            )
    return found


def _instant(text: bytes) -> datetime | None:
    try:
        return datetime.fromisoformat(f"{text.decode()}Z")
    except ValueError:
        return None
