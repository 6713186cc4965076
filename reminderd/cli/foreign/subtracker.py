"""Subscriptions of SubsTracker: the JSON of its list, as its API and its store have it.

Source: github.com/wangwangit/SubsTracker, src/data/subscriptions.js and
src/api/handlers/subscriptions.js (GET /api/subscriptions).
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
    "notes": "notes",
    "webhookUrl": "webhookUrl",
    "paymentHistory": "paymentHistory",
    "useLunar": "useLunar",
}


def subscription(record: Mapping[str, Any], taking: Taking) -> Subscription:
    """Return what SubsTracker knows of one subscription.

    A cycle of the lunar calendar is no cycle of ours: its end is taken over alone.
    """
    note_rest(record, _REST, taking)
    times, unit = text_of(record, "periodValue"), text_of(record, "periodUnit")
    amount, currency = text_of(record, "amount"), text_of(record, "currency")
    has_cycle = times and unit and not record.get("useLunar")
    return Subscription(
        name=record.get("name"),
        until=text_of(record, "expiryDate"),
        cycle=f"{times} {unit}" if has_cycle else None,
        price=f"{currency or 'CNY'} {amount}" if amount else None,
        renews_itself=record.get("autoRenew") is not False,
        category=text_of(record, "category") or text_of(record, "customType"),
        is_active=record.get("isActive") is not False,
    )
