"""What is known of a line as one flat record: by the keys with which it is recorded.

What these keys cannot say, such as when each figure was read, stands beside them as
``details.ITEM.FIELD``, so that nothing is lost between two stores.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from reminderd.cli.amount_texts import amount_text, leftover_text, money_text
from reminderd.cli.figure_keys import typed_key
from reminderd.domain.calendar import shift
from reminderd.domain.lines import (
    GENERAL,
    Allowance,
    Deadline,
    DeadlineKind,
    Line,
    Reading,
)
from reminderd.domain.periods import Period
from reminderd.domain.plans import Plan
from reminderd.domain.quantities import DECIMAL, AllowanceKind
from reminderd.storage.lines import StoredLine

Record = dict[str, Any]

DETAILS = "details"
DUE_KEYS = {
    DeadlineKind.VALIDITY: "valid_until",
    DeadlineKind.CREDIT: "credit_until",
    DeadlineKind.NUMBER: "number_until",
    DeadlineKind.START_BY: "start_by",
}
# What the line is to this store rather than to its carrier.
INSTANTS = ("observed_at", "snoozed_until", "added_at")
KEYS = (
    *("name", "carrier", "number", "iccid", "timezone", "tags", "channels"),
    *DUE_KEYS.values(),
    *("last_activity", "keep_alive_every"),
    *("data_remaining", "data_total", "data_base", "data_daily", "data_throttled"),
    *("voice_remaining", "voice_total", "sms_remaining", "sms_total"),
    *("balance_remaining", "balance_total"),
    *("renew_every", "renew_from", "renew_leftover", "renew_price"),
    *("renew_via", "auto_renew", *INSTANTS),
)
_PLACES = {key: place for place, key in enumerate(KEYS)}
# Computed from the series of readings, which is no part of a record.
_COMPUTED = frozenset({"filled_at", "per_day", "is_assumed"})
_OF_ALLOWANCE = tuple(
    each.name
    for each in fields(Allowance)
    if each.name not in {"kind", "bucket", *_COMPUTED}
)
_OF_DEADLINE = ("due", "period", "last_activity_on", "anchor_day", "observed_at")
DETAIL_FIELDS = frozenset({*_OF_ALLOWANCE, *_OF_DEADLINE})


def record_of(stored: StoredLine) -> Record:
    """Return what is known of a line: texts, lists, switches and whole numbers.

    What is unknown is left out; only a detail may be None, against what its key says
    of others. The same line always has the same record, in the same order.
    """
    line = stored.line
    observed_at = max((known.observed_at for known in line.readings), default=None)
    record: Record = {
        "name": stored.name,
        "carrier": stored.carrier,
        "number": stored.number,
        "iccid": stored.iccid,
        "timezone": line.zone.key,
        "tags": list(stored.tags) or None,
        "channels": None if stored.route is None else list(stored.route),
        **_plan(line.plan),
        "observed_at": observed_at,
        "snoozed_until": line.snoozed_until,
        "added_at": line.added_at,
    }
    details: Record = {}
    for known, plain in _plainly(line, record):
        plain.setdefault("observed_at", observed_at)
        names = _OF_ALLOWANCE if isinstance(known, Allowance) else _OF_DEADLINE
        for name in names:
            value = getattr(known, name)
            if value != plain.get(name, _UNSAID.get(name)):
                details[f"{DETAILS}.{known.item}.{name}"] = value
    said = {key: value for key, value in record.items() if value is not None}
    return ordered({key: _native(value) for key, value in (said | details).items()})


def ordered(record: Mapping[str, Any]) -> Record:
    """Return *record* with its keys in the order in which people look for them."""
    return {key: record[key] for key in sorted(record, key=place_of)}


@lru_cache(maxsize=4096)
def place_of(key: str) -> tuple[int, bool, str]:
    """Return where *key* belongs: well-known ones, buckets by name, details."""
    place = _PLACES.get(key, len(KEYS))
    return place, key.startswith(f"{DETAILS}."), key


# What a detail is where neither a key nor a detail says it.
_UNSAID: Mapping[str, Any] = {
    "unlimited": False,
    "size_base": DECIMAL,
    "daily": False,
    "throttled": False,
}


def _plan(plan: Plan) -> Record:
    return {
        "renew_every": plan.period,
        "renew_from": plan.start and plan.start.value,
        "renew_leftover": leftover_text(plan),
        "renew_price": plan.price and money_text(plan.price),
        "renew_via": plan.way and plan.way.value,
        "auto_renew": plan.auto_renews,
    }


def _plainly(line: Line, record: Record) -> Iterator[tuple[Reading, Record]]:
    """Write what plain keys can say; yield each reading with what was said of it."""
    base = next(
        (
            known.size_base
            for known in line.allowances
            if known.kind is AllowanceKind.DATA and _is_sayable(known)
        ),
        DECIMAL,
    )
    for known in line.allowances:
        yield known, _allowance(known, base, record)
    for deadline in line.deadlines:
        yield deadline, _deadline(deadline, record)


def _is_sayable(known: Allowance) -> bool:
    return known.unlimited or known.remaining is not None or known.total is not None


def _allowance(known: Allowance, base: int, record: Record) -> Record:
    if not _is_sayable(known):
        return {"observed_at": None}
    left = typed_key(known.bucket, f"{known.kind}_remaining")
    plain: Record = {"unlimited": known.unlimited, "total": known.total}
    plain["currency"] = known.currency
    if known.kind is AllowanceKind.DATA:
        record["data_base"] = plain["size_base"] = base
    if known.unlimited:
        record[left] = "unlimited"
    elif known.remaining is not None:
        record[left] = _amount(known, known.remaining, base)
        plain["remaining"] = known.remaining
    if known.total is not None:
        total = typed_key(known.bucket, f"{known.kind}_total")
        record[total] = _amount(known, known.total, base)
    return plain | _traits(known, record)


def _amount(known: Allowance, amount: int, base: int) -> str | int:
    if known.kind is AllowanceKind.SMS:
        return amount
    return amount_text(known.kind, amount, known.currency, base)


def _traits(known: Allowance, record: Record) -> Record:
    """Write the traits of a bucket, or of the data of a line; return what they say."""
    if known.bucket == GENERAL and known.kind is not AllowanceKind.DATA:
        return {}
    head = "data_" if known.bucket == GENERAL else ""
    said: Record = {}
    for trait in ("daily", "throttled"):
        key = typed_key(known.bucket, f"{head}{trait}")
        value = getattr(known, trait) or None
        said[trait] = bool(record.setdefault(key, value))
    if known.bucket != GENERAL:
        until = typed_key(known.bucket, "until")
        said["expires"] = record.setdefault(until, known.expires)
    return said


def _deadline(known: Deadline, record: Record) -> Record:
    key = DUE_KEYS.get(known.kind)
    if key is not None:
        record[key] = known.due
        return {"due": known.due}
    due = rolling_due(known.last_activity_on, known.period)
    if due is None:
        return {"observed_at": None}
    record["last_activity"] = known.last_activity_on
    record["keep_alive_every"] = known.period
    return {
        "due": due,
        "period": known.period,
        "last_activity_on": known.last_activity_on,
    }


def rolling_due(last_activity_on: date | None, period: Period | None) -> date | None:
    """Return the date that follows from what was done last, None where none does."""
    if last_activity_on is None or period is None or not period.is_calendar:
        return None
    return shift(last_activity_on, period)


def _native(value: object) -> object:
    """Return *value* as JSON has it."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Period) else value
