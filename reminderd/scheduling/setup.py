"""What a pass needs to know of the configuration, as plain values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from reminderd.delivery.channel import Outlet
from reminderd.delivery.monitor import Monitor
from reminderd.domain.deliveries import Route, routes_for
from reminderd.domain.ladders import Policy
from reminderd.domain.lines import Reading
from reminderd.domain.periods import Period
from reminderd.scheduling.kept_files import KeptFile
from reminderd.storage.lines import StoredLine


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredLine:
    """A line as the configuration file describes it.

    ``marks`` holds one comparable text for each item, for the line's own columns
    (``line``) and for its limits (``limits``): what differs from the last time was
    edited.
    """

    name: str
    columns: Mapping[str, object]
    readings: tuple[Reading, ...]
    marks: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proofs:
    """How often each channel gets a proof of life, and at which hour in which zone."""

    every: Period
    at: time
    zone: ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """A valid configuration, ready to be run.

    ``digest`` changes with anything in it, ``policy_digest`` with the limits, hours
    and repeats that apply to more than one line, ``store`` with the place of the store.
    Without any configured channel there is the terminal, and ``has_channels`` is false.
    """

    store: str
    digest: str
    policy_digest: str
    lines: Sequence[DeclaredLine]
    policy_for: Callable[[StoredLine], Policy]
    routes: Sequence[Route]
    outlets: Mapping[str, Outlet]
    poll_every: timedelta = timedelta(seconds=5)
    has_channels: bool = True
    monitor: Monitor | None = None
    proofs: Proofs | None = None
    kept_files: Sequence[KeptFile] = ()
    warnings: Sequence[str] = field(default=())

    @property
    def channels(self) -> list[str]:
        """The names of all channels, also those that only another process can use."""
        return [route.channel for route in self.routes]

    def routes_for(self, route: Sequence[str] | None) -> tuple[Route, ...]:
        """Return the routes a line may take; None stands for all of them."""
        return routes_for(self.routes, route)
