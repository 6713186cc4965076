"""From the sections of the configuration to lines and limits."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from functools import cache

from reminderd.cli.sections import readings_of
from reminderd.config.effective import (
    is_carrier,
    plan_of,
    terms_of,
    thresholds_of,
    zone_of,
)
from reminderd.config.settings import LineSettings, Settings
from reminderd.domain.ladders import Policy
from reminderd.domain.lines import Reading
from reminderd.domain.quantities import DECIMAL, AllowanceKind
from reminderd.scheduling.setup import DeclaredLine
from reminderd.storage.lines import StoredLine
from reminderd.storage.plans import encode_plan

_MARK_DIGITS = 16
_ALWAYS_MARKED = frozenset(
    {
        *("kind", "bucket", "remaining", "total", "unlimited", "currency"),
        *("due", "period", "last_activity_on"),
    }
)


def policies_of(settings: Settings) -> Callable[[StoredLine], Policy]:
    """Return the function that finds the policy of a line in the store."""
    of_line = {
        name: _policy(settings, section) for name, section in settings.lines.items()
    }

    @cache
    def of_carrier(name: str | None, size_base: int) -> Policy:
        return _policy(settings, _bare_section(settings, name, size_base))

    def policy_for(stored: StoredLine) -> Policy:
        declared = of_line.get(stored.card.name)
        return declared or of_carrier(stored.carrier, _size_base(stored))

    return policy_for


def section_for(settings: Settings, stored: StoredLine) -> LineSettings:
    """Return the section whose limits and terms apply to a line in the store.

    One that the file does not describe has those of its carrier.
    """
    declared = settings.lines.get(stored.card.name)
    return declared or _bare_section(settings, stored.carrier, _size_base(stored))


def _bare_section(
    settings: Settings, carrier: str | None, size_base: int
) -> LineSettings:
    is_known = carrier is not None and is_carrier(settings, carrier)
    return LineSettings(carrier=carrier if is_known else None, data_base=size_base)


def _size_base(stored: StoredLine) -> int:
    data = stored.line.allowance(AllowanceKind.DATA)
    return DECIMAL if data is None else data.size_base


def _policy(settings: Settings, section: LineSettings) -> Policy:
    thresholds = thresholds_of(settings, section)
    offers = settings.reminders.promotions
    return Policy(
        terms=terms_of(settings, section),
        zone=settings.timezone,
        ladders=thresholds.ladders,
        stale=thresholds.stale,
        at=settings.reminders.at,
        repeat=settings.reminders.repeat,
        within=None if offers == "never" else offers,
    )


def declare(
    name: str, section: LineSettings, settings: Settings, now: datetime
) -> DeclaredLine:
    """Return the line that a ``[lines.NAME]`` section describes, as known at *now*."""
    zone = zone_of(settings, section)
    columns = {
        "carrier": section.carrier,
        "number": section.number,
        "iccid": section.iccid,
        "timezone": zone.key,
        "tags": section.tags,
        "route": section.channels,
        "plan": encode_plan(plan_of(section)),
    }
    said = {key: value for key, value in columns.items() if value or key != "plan"}
    readings = tuple(readings_of(section, settings, now))
    return DeclaredLine(
        name=name,
        columns=columns,
        readings=readings,
        marks={
            "line": _mark(said),
            "limits": _mark(section.thresholds),
            **{
                reading.item: _mark((_facts(reading), section.observed_on))
                for reading in readings
            },
        },
    )


def _facts(reading: Reading) -> dict[str, object]:
    """Return what is declared of an item, without the moment at which it was seen.

    What a later release knows besides counts only where it is said: else an update
    would make an edit of every figure, and put old ones in the place of newer ones.
    """
    known = {field: getattr(reading, field.name) for field in fields(reading)}
    return {
        field.name: value
        for field, value in known.items()
        if field.name in _ALWAYS_MARKED
        or (value != field.default and field.name != "observed_at")
    }


def _mark(value: object) -> str:
    """Return what changes with *value* and does not show it: no copy of a number."""
    text = json.dumps(value, default=repr, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:_MARK_DIGITS]
