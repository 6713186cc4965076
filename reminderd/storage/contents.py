"""What a message is made from, as JSON in the outbox, and back.

The card of a line is not part of it: it is read from the line when the message is
made, so that no second copy of a telephone number lies in the outbox.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping

from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import (
    Content,
    Finding,
    Gap,
    GapKind,
    LineCard,
    LineReminder,
    Notice,
    Recovery,
    Reminder,
)
from reminderd.storage.plans import decode_plan

Stored = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineColumns:
    """What the table of lines holds of a card."""

    name: str
    timezone: str
    carrier: str | None
    number: str | None
    plan: Mapping[str, Any] | None

    def card(self) -> LineCard:
        """Return the card; KeyError or ValueError for an unknown time zone."""
        return LineCard(
            name=self.name,
            zone=ZoneInfo(self.timezone),
            carrier=self.carrier,
            number=self.number,
            plan=decode_plan(self.plan),
        )


def line_columns(row: RowMapping) -> LineColumns | None:
    """Return the columns of the line in a joined *row*, None for a notice."""
    if row["line_id"] is None:
        return None
    return LineColumns(
        name=row["name"],
        timezone=row["timezone"],
        carrier=row["carrier"],
        number=row["number"],
        plan=row["plan"],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredContent:
    """The content of an outbox row as it was read, not yet looked into.

    A row that makes no sense is the trouble of its own delivery: it must not keep
    the others from being claimed.
    """

    line: LineColumns | None
    record: Mapping[str, Any]
    created_at: datetime

    def decoded(self) -> Content:
        """Return what the row is about.

        Raises:
            ValueError, KeyError, TypeError: The row was not written by this code, or
                its line is in a time zone that this machine does not know.
        """
        if self.line is None:
            return _notice(self.record, self.created_at)
        return LineReminder(
            line=self.line.card(),
            reminder=decode_reminder(self.record),
            created_at=self.created_at,
        )


def encode_reminder(reminder: Reminder) -> Stored:
    """Return *reminder* as JSON values; what is unknown is left out."""
    return _encode(reminder)


def encode_notice(notice: Notice) -> Stored:
    """Return *notice* as JSON values, but for the time of its creation."""
    stored = _encode(notice)
    del stored["created_at"]
    return stored


def _encode(record: Reminder | Notice) -> Stored:
    known = asdict(record, dict_factory=_known_values)
    return dict(known)


def _known_values(pairs: list[tuple[str, Any]]) -> Stored:
    return {name: _plain(value) for name, value in pairs if value is not None}


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of a record
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Severity):
        return int(value)
    if isinstance(value, Mapping):
        return dict(value)
    return value


def decode_reminder(stored: Mapping[str, Any]) -> Reminder:
    """Return the reminder that was encoded as *stored*."""
    values = _values(stored)
    values["findings"] = tuple(
        Finding(**_values(finding)) for finding in stored["findings"]
    )
    values["recoveries"] = tuple(
        Recovery(**_values(recovery)) for recovery in stored["recoveries"]
    )
    return Reminder(**values)


def _notice(stored: Mapping[str, Any], created_at: datetime) -> Notice:
    return Notice(**_values(stored), created_at=created_at)


def _date_or_instant(text: str) -> date | datetime:
    return _instant(text) if "T" in text else date.fromisoformat(text)


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.utcoffset() is None:
        raise ValueError("an instant in the outbox has no zone")
    return instant


def _only(kind: type) -> Callable[[Any], Any]:
    """Return what lets values of one *kind* pass; true is no number."""

    def read(value: object) -> object:
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
            raise TypeError(f"the outbox holds no {kind.__name__} where one belongs")
        return value

    return read


def _details(value: Mapping[str, Any]) -> Stored:
    return {key: _only(str)(text) for key, text in _only(dict)(value).items()}


_READERS: dict[str, Callable[[Any], Any]] = {
    "severity": Severity,
    "due": _date_or_instant,
    "renewed_until": date.fromisoformat,
    "details": _details,
    **dict.fromkeys(("item", "step", "cycle", "currency", "key", "code"), _only(str)),
    **dict.fromkeys(
        ("count", "remaining", "total", "lines", "size_base", "per_day"), _only(int)
    ),
    **dict.fromkeys(
        ("new", "unlimited", "daily", "throttled", "renews_itself"), _only(bool)
    ),
    **dict.fromkeys(
        (
            "due_at",
            "observed_at",
            "next_at",
            "late_since",
            "useful_until",
            "start",
            "end",
        ),
        _instant,
    ),
    "gap": lambda gap: Gap(**{**_values(gap), "kind": GapKind(gap["kind"])}),
}


def _values(stored: Mapping[str, Any]) -> Stored:
    return {
        name: _READERS[name](value) if name in _READERS else value
        for name, value in _only(dict)(stored).items()
    }
