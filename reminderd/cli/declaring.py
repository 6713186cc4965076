"""From the sections of the configuration to lines and limits."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date, datetime, time

from reminderd.config.effective import keep_alive_of, thresholds_of, zone_of
from reminderd.config.settings import LineSettings, Settings
from reminderd.domain.calendar import local_instant
from reminderd.domain.ladders import Policy
from reminderd.domain.lines import (
    Allowance,
    Deadline,
    DeadlineKind,
    Reading,
    rolling_deadline,
)
from reminderd.domain.quantities import AllowanceKind, Money
from reminderd.scheduling.setup import DeclaredLine
from reminderd.storage.lines import StoredLine

_DUE_KEYS = {
    DeadlineKind.VALIDITY: "valid_until",
    DeadlineKind.CREDIT: "credit_until",
    DeadlineKind.NUMBER: "number_until",
    DeadlineKind.START_BY: "start_by",
}
# Nobody says at which hour of the day the figures were read.
_NOON = time(12)
_MARK_DIGITS = 16


def policies_of(settings: Settings) -> Callable[[StoredLine], Policy]:
    """Return the function that finds the policy of a line in the store."""
    of_line = {
        name: _policy(settings, section) for name, section in settings.lines.items()
    }
    of_carrier = {
        name: _policy(settings, LineSettings(carrier=name))
        for name in settings.carriers
    }
    of_others = _policy(settings, None)

    def policy_for(stored: StoredLine) -> Policy:
        declared = of_line.get(stored.card.name)
        return declared or of_carrier.get(stored.carrier or "", of_others)

    return policy_for


def _policy(settings: Settings, section: LineSettings | None) -> Policy:
    thresholds = thresholds_of(settings, section)
    return Policy(
        zone=settings.timezone,
        ladders=thresholds.ladders,
        stale=thresholds.stale,
        at=settings.reminders.at,
        repeat=settings.reminders.repeat,
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
    }
    readings = tuple(readings_of(section, settings, now))
    return DeclaredLine(
        name=name,
        columns=columns,
        readings=readings,
        marks={
            "line": _mark(columns),
            "limits": _mark(section.thresholds),
            **{
                reading.item: _mark((_facts(reading), section.observed_on))
                for reading in readings
            },
        },
    )


def readings_of(
    section: LineSettings, settings: Settings, now: datetime
) -> Iterator[Reading]:
    """Yield what *section* says is left on a line, as it was on the day it was read."""
    observed_at = now
    if section.observed_on is not None:
        noon = local_instant(section.observed_on, _NOON, zone_of(settings, section))
        observed_at = min(noon, now)
    yield from _allowances(section, observed_at)
    for kind, key in _DUE_KEYS.items():
        due: date | datetime | None = getattr(section, key)
        if due is not None:
            yield Deadline(kind=kind, due=due, observed_at=observed_at)
    period = keep_alive_of(settings, section)
    if section.last_activity is not None and period is not None:
        yield rolling_deadline(section.last_activity, period, observed_at)


def _allowances(section: LineSettings, observed_at: datetime) -> Iterator[Allowance]:
    for kind in AllowanceKind:
        remaining = getattr(section, f"{kind}_remaining")
        total = getattr(section, f"{kind}_total")
        if remaining is None and total is None:
            continue
        money = remaining if isinstance(remaining, Money) else total
        yield Allowance(
            kind=kind,
            remaining=None if remaining == "unlimited" else _base(remaining),
            total=_base(total),
            unlimited=remaining == "unlimited",
            currency=money.currency if isinstance(money, Money) else None,
            observed_at=observed_at,
        )


def _base(amount: int | Money | None) -> int | None:
    return amount.minor if isinstance(amount, Money) else amount


def _facts(reading: Reading) -> dict[str, object]:
    """Return what is declared of an item, without the moment at which it was seen."""
    return {
        field.name: getattr(reading, field.name)
        for field in fields(reading)
        if field.name != "observed_at"
    }


def _mark(value: object) -> str:
    """Return what changes with *value* and does not show it: no copy of a number."""
    text = json.dumps(value, default=repr, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:_MARK_DIGITS]
