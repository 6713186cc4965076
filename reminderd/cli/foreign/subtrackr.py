"""Subscriptions of SubTrackr: its exports as CSV and JSON, and its backup.

Source: github.com/bscott/subtrackr, internal/handlers/subscription.go (ExportCSV,
ExportJSON, BackupData) and internal/models/subscription.go.
"""

from collections.abc import Mapping
from typing import Any

from reminderd.cli.foreign.subscriptions import (
    Subscription,
    Taking,
    note_rest,
    text_of,
)

_REST = {
    "payment_method": "payment_method",
    "account": "account",
    "url": "url",
    "notes": "notes",
    "usage": "usage",
    "cancellation_date": "cancellation_date",
}
_PLAIN = frozenset({"daily", "weekly", "monthly", "quarterly", "annual"})


def subscription(record: Mapping[str, Any], taking: Taking) -> Subscription:
    """Return what SubTrackr knows of one subscription, by the keys of its JSON.

    The headings of its CSV are the same words with blanks and capitals.
    """
    known = {str(key).lower().replace(" ", "_"): record[key] for key in record}
    note_rest(known, _REST, taking)
    currency = text_of(known, "original_currency") or text_of(known, "currency")
    cost = text_of(known, "cost")
    group = known.get("category")
    category = text_of(group if isinstance(group, dict) else {"name": group}, "name")
    return Subscription(
        name=known.get("name"),
        until=text_of(known, "renewal_date"),
        cycle=_cycle(known),
        price=f"{currency or ''} {cost}" if cost else None,
        category=category,
        is_active=known.get("status") in (None, "", "Active", "Trial"),
    )


def _cycle(known: Mapping[str, Any]) -> str | None:
    """Return "Monthly", or "2 Monthly" for every other month."""
    schedule, times = text_of(known, "schedule"), text_of(known, "schedule_interval")
    if not schedule or schedule.lower() not in _PLAIN:
        return schedule
    return f"{times} {schedule}" if times and times.isdigit() else schedule
