"""Subscriptions of Wallos: its "export as JSON" and "export as CSV".

Source: github.com/ellite/Wallos, endpoints/subscriptions/export.php (8 versions read;
"Payment Cycle" and "Renewal" came later, an early one misspelt "Category").
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
    key: key
    for key in ("Payment Method", "Paid By", "Notes", "URL", "Cancellation Date")
}


def subscription(record: Mapping[str, Any], taking: Taking) -> Subscription:
    """Return what Wallos knows of one subscription."""
    note_rest(record, _REST, taking)
    renewal = text_of(record, "Renewal")
    return Subscription(
        name=record.get("Name"),
        until=text_of(record, "Next Payment"),
        cycle=text_of(record, "Payment Cycle"),
        price=text_of(record, "Price"),
        renews_itself=None if not renewal else renewal == "Automatic",
        category=text_of(record, "Category") or text_of(record, "Categpry"),
        is_active=(record.get("Active") != "No" and record.get("State") != "Disabled"),
    )
