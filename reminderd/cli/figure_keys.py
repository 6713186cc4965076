"""The keys of a line as they are typed, and which of its readings they are about."""

from collections.abc import Collection
from functools import lru_cache

from reminderd.config.settings import LineSettings
from reminderd.domain.lines import GENERAL, Allowance, DeadlineKind, Reading
from reminderd.domain.names import clean_name
from reminderd.domain.quantities import AllowanceKind
from reminderd.domain.texts import Text, said
from reminderd.errors import UsageError

LISTS = frozenset({"tags", "channels"})
DATES = frozenset(
    {
        "valid_until",
        "credit_until",
        "number_until",
        "start_by",
        "last_activity",
        "last_top_up",
        "renewed_on",
        "bought_on",
        "observed_on",
    }
)
# What somebody paid for may move several dates.
PAID_FOR = frozenset({"last_top_up", "renewed_on"})
PLAN_FIELDS = {
    "renew_every": ("period",),
    "renew_from": ("start",),
    "renew_leftover": ("leftover", "cap"),
    "renew_price": ("price",),
    "renew_via": ("way",),
    "auto_renew": ("auto_renews",),
}
COLUMN_OF_KEY = {
    "carrier": "carrier",
    "number": "number",
    "iccid": "iccid",
    "tags": "tags",
    "channels": "route",
}
# What the line is rather than what is left on it: the file says it of its own lines.
OF_THE_LINE = frozenset({*COLUMN_OF_KEY, *PLAN_FIELDS, "timezone"})
_BUCKETS = "buckets"
# What steers reminders belongs into the file; commands record what is known.
_FILE_ONLY = frozenset({"thresholds"})
_ITEM_OF_KEY = {
    "valid_until": "validity",
    "credit_until": "credit",
    "number_until": "number",
    "start_by": "start_by",
    "last_activity": "keep_alive",
    "last_top_up": "credit",
    "renewed_on": "validity",
    "bought_on": "start_by",
}
_TRAITS = ("until", "daily", "throttled")


def clean_key(text: str) -> str:
    """Return a key as the file has it; that of a bucket is ``buckets.NAME.KEY``.

    Raises:
        UsageError: It is none that a command can set.
    """
    table, dot, rest = text.strip().partition(".")
    table = table.replace("-", "_")
    if table in _FILE_ONLY:
        raise UsageError(
            Text("{table} can only be set in the configuration file", table=table)
        )
    if not dot and table != _BUCKETS:
        return table
    name, _, key = rest.rpartition(".")
    if table != _BUCKETS or not name:
        raise UsageError(
            Text(
                "{text}: write buckets.NAME.data_remaining=2GB", text=repr(text.strip())
            )
        )
    try:
        return f"{table}.{clean_name(name)}.{key.replace('-', '_')}"
    except ValueError as error:
        raise UsageError(
            Text("{place}: {problem}", place=_BUCKETS, problem=said(error))
        ) from error


@lru_cache(maxsize=4096)
def split_key(key: str) -> tuple[str, str]:
    """Return the bucket that a clean *key* is of, and the key in it."""
    if not key.startswith(f"{_BUCKETS}."):
        return GENERAL, key
    bucket, _, last = key.partition(".")[2].rpartition(".")
    return bucket, last


@lru_cache(maxsize=4096)
def typed_key(bucket: str, key: str) -> str:
    """Return what :func:`split_key` has taken apart."""
    return key if bucket == GENERAL else f"{_BUCKETS}.{bucket}.{key}"


@lru_cache(maxsize=4096)
def item_of(key: str) -> str | None:
    """Return the item that a *key* without a value forgets; None for none."""
    bucket, last = split_key(key)
    kind, _, what = last.rpartition("_")
    if what == "remaining" and kind in set(AllowanceKind):
        return kind if bucket == GENERAL else f"{kind}/{bucket}"
    return _ITEM_OF_KEY.get(key)


@lru_cache(maxsize=4096)
def whole_of(key: str) -> str | None:
    """Return the key that stands for what *key* is one half of; None for none."""
    bucket, last = split_key(key)
    kind, _, what = last.rpartition("_")
    if what in ("total", "used") and kind in set(AllowanceKind):
        return typed_key(bucket, f"{kind}_remaining")
    return "last_activity" if key == "keep_alive_every" else None


def is_key(key: str) -> bool:
    """Tell whether the file has such a *key* for a line."""
    return key in LineSettings.model_fields


def is_about(keys: Collection[str], reading: Reading) -> bool:
    """Tell whether one of *keys* says something of *reading*."""
    if isinstance(reading, Allowance):
        names = {f"{reading.kind}_{what}" for what in ("remaining", "total", "used")}
        names |= traits_of(reading)
        return any(
            bucket == reading.bucket and last in names
            for bucket, last in map(split_key, keys)
        )
    moves = {*PAID_FOR}
    if reading.kind is DeadlineKind.KEEP_ALIVE:
        moves.add("keep_alive_every")
    return any(key in moves or _ITEM_OF_KEY.get(key) == reading.item for key in keys)


def traits_of(known: Allowance) -> set[str]:
    """Return the keys that say of what kind an allowance is, not how much is left."""
    if known.bucket != GENERAL:
        return set(_TRAITS)
    is_data = known.kind is AllowanceKind.DATA
    return {"data_daily", "data_throttled"} if is_data else set()
