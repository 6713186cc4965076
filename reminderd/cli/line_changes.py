"""What is to be written of one line, and how it differs from what is known."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from reminderd.cli.line_records import Record, record_of
from reminderd.domain.lines import Allowance, Deadline, Line, Reading
from reminderd.domain.reminders import LineCard
from reminderd.storage.lines import StoredLine
from reminderd.storage.plans import decode_plan, encode_plan


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """What is to be written of one line; ``stored`` is None for a new one.

    ``keys`` are those that the row gave besides what was known already.
    """

    name: str
    stored: StoredLine | None
    keys: tuple[str, ...]
    columns: Mapping[str, Any] = field(default_factory=dict)
    readings: tuple[Reading, ...] = ()
    forgotten: tuple[str, ...] = ()
    added_at: datetime

    @property
    def is_needed(self) -> bool:
        """Whether anything is to be written."""
        return bool(
            self.stored is None or self.columns or self.readings or self.forgotten
        )

    def fields(self) -> list[tuple[str, Any, Any]]:
        """Return what changes: the key, its old and its new value, None for none."""
        before: Record = {} if self.stored is None else record_of(self.stored)
        after = record_of(self._after())
        return [
            (key, before.get(key), after.get(key))
            for key in {**after, **before}
            if before.get(key) != after.get(key)
        ]

    def _after(self) -> StoredLine:
        stored = self.stored or _nothing(self.name, self.added_at)
        columns = {**columns_of(stored), **self.columns}
        gone = {*self.forgotten, *(each.item for each in self.readings)}
        kept = [each for each in stored.line.readings if each.item not in gone]
        known = [*kept, *self.readings]
        line = replace(
            stored.line,
            zone=ZoneInfo(columns["timezone"]),
            plan=decode_plan(columns["plan"]),
            allowances=tuple(each for each in known if isinstance(each, Allowance)),
            deadlines=tuple(each for each in known if isinstance(each, Deadline)),
            snoozed_until=columns["snoozed_until"],
        )
        return replace(
            stored,
            line=line,
            carrier=columns["carrier"],
            number=columns["number"],
            iccid=columns["iccid"],
            tags=tuple(columns["tags"]),
            route=columns["route"],
        )


def columns_of(stored: StoredLine) -> Record:
    """Return the columns of a line that a row can change, as they are."""
    return {
        "carrier": stored.carrier,
        "number": stored.number,
        "iccid": stored.iccid,
        "timezone": stored.line.zone.key,
        "tags": stored.tags,
        "route": stored.route,
        "plan": encode_plan(stored.line.plan),
        "snoozed_until": stored.line.snoozed_until,
    }


def _nothing(name: str, added_at: datetime) -> StoredLine:
    """Return a line of which nothing is known, to be compared with a new one."""
    zone = ZoneInfo("UTC")
    return StoredLine(
        id=0,
        line=Line(name=name, zone=zone, added_at=added_at),
        told={},
        card=LineCard(name=name, zone=zone),
        carrier=None,
        number=None,
        iccid=None,
        tags=(),
        route=None,
        origin="",
        archived_at=None,
    )
