"""Calendars as other programs read them: by icalendar, and by vobject, which has no
code in common with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import icalendar
import vobject


@dataclass(frozen=True, slots=True)
class ReadEvent:
    """One event: what a person sees of it, and what a program goes by."""

    uid: str
    summary: str
    start: date
    end: date
    text: str
    alarms: tuple[datetime, ...]
    stamp: datetime
    sequence: int
    categories: tuple[str, ...]
    priority: int | None
    url: str | None


def read_calendar(content: bytes) -> list[ReadEvent]:
    """Return the events in *content*, having made sure that both parsers agree."""
    assert max(map(len, content.split(b"\r\n"))) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")
    first, second = _by_icalendar(content), _by_vobject(content)
    assert first == second
    assert len({event.uid for event in first}) == len(first)
    return first


def by_summary(content: bytes) -> Mapping[str, ReadEvent]:
    """Return the events in *content*, each under the end of its summary."""
    return {
        event.summary.partition(": ")[2] or event.summary: event
        for event in read_calendar(content)
    }


def _by_icalendar(content: bytes) -> list[ReadEvent]:
    events: Any = icalendar.Calendar.from_ical(content).walk("VEVENT")
    found = []
    for event in events:
        assert event.errors == []
        assert event["LAST-MODIFIED"].dt == event["DTSTAMP"].dt
        categories = event.get("CATEGORIES")
        found.append(
            ReadEvent(
                uid=str(event["UID"]),
                summary=str(event["SUMMARY"]),
                start=event["DTSTART"].dt,
                end=event["DTEND"].dt,
                text=str(event["DESCRIPTION"]),
                alarms=tuple(known["TRIGGER"].dt for known in event.walk("VALARM")),
                stamp=event["DTSTAMP"].dt,
                sequence=int(event["SEQUENCE"]),
                categories=tuple(map(str, categories.cats)) if categories else (),
                priority=event.get("PRIORITY"),
                url=event.get("URL"),
            )
        )
    return found


def _by_vobject(content: bytes) -> list[ReadEvent]:
    calendar = vobject.readOne(content.decode())
    found = []
    for event in calendar.contents.get("vevent", ()):
        parts = event.contents
        for alarm in parts.get("valarm", ()):
            assert alarm.action.value == "DISPLAY"
            assert alarm.description.value == event.summary.value
        found.append(
            ReadEvent(
                uid=event.uid.value,
                summary=event.summary.value,
                start=event.dtstart.value,
                end=event.dtend.value,
                text=event.description.value,
                alarms=tuple(each.trigger.value for each in parts.get("valarm", ())),
                stamp=event.dtstamp.value,
                sequence=int(event.sequence.value),
                categories=tuple(event.categories.value)
                if "categories" in parts
                else (),
                priority=int(event.priority.value) if "priority" in parts else None,
                url=event.url.value if "url" in parts else None,
            )
        )
    return found
