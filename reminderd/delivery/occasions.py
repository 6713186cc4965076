"""When a verdict is settled, and among which channels."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from reminderd.delivery.channel import Outlet


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """When something is settled, among which outlets; *chance* spreads the retries.

    *channels* are all that are configured, also those that only another process can
    use: it will bring them what concerns them.
    """

    outlets: Mapping[str, Outlet]
    channels: Collection[str]
    now: datetime
    chance: float
