"""What the owner has: lines, channels and wishes, as the configuration file says."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from reminderd.delivery.channel import Channel, Compose, Outlet
from reminderd.domain.calendar import QuietHours
from reminderd.domain.deliveries import Route
from reminderd.domain.ladders import Policy, Severity
from reminderd.domain.lines import Reading
from reminderd.scheduling.setup import DeclaredLine, Setup
from reminderd.storage.lines import StoredLine

# How long a process waits for the answer of a service.
TIMEOUT_SECONDS = 2.0
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSection:
    """One channel; ``version`` changes when its owner mends its address."""

    name: str
    min_severity: Severity = Severity.INFO
    quiet: QuietHours | None = None
    group: bool = True
    fallback: str | None = None
    version: int = 0

    @property
    def fingerprint(self) -> str:
        """What the program knows the address by."""
        return f"{self.name}-{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSection:
    """One line of the file, with its readings and its own limits if it has some."""

    name: str
    timezone: str
    readings: Mapping[str, Reading]
    route: tuple[str, ...] | None = None
    policy: Policy | None = None

    def declared(self) -> DeclaredLine:
        """Return the line as the composition root would describe it."""
        columns = {
            "carrier": None,
            "number": None,
            "iccid": None,
            "timezone": self.timezone,
            "tags": (),
            "route": self.route,
        }
        readings = tuple(self.readings.values())
        return DeclaredLine(
            name=self.name,
            columns=columns,
            readings=readings,
            marks=self.marks,
        )

    @property
    def marks(self) -> dict[str, str]:
        """The comparable text of every item, and of the rest."""
        rest = repr((self.timezone, self.route))
        figures = {item: _figure(known) for item, known in self.readings.items()}
        return {"line": rest, "limits": repr(self.policy), **figures}


def _figure(reading: Reading) -> str:
    """Return what the file says, which does not contain when that was read."""
    return repr(replace(reading, observed_at=_NEVER))


@dataclass(slots=True)
class Estate:
    """The configuration file, as it is now."""

    policy: Policy
    zone: ZoneInfo
    lines: dict[str, LineSection] = field(default_factory=dict)
    channels: dict[str, ChannelSection] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """What tells this edition of the file from others."""
        text = repr((self.policy, self.channels, [*self._marks()]))
        return hashlib.sha256(text.encode()).hexdigest()

    def policy_of(self, line: str) -> Policy:
        """Return the wishes for the line of that name."""
        section = self.lines.get(line)
        return self.policy if section is None else section.policy or self.policy

    def routes_of(self, route: tuple[str, ...] | None) -> tuple[ChannelSection, ...]:
        """Return the channels a line may take, all of them where *route* is None."""
        every = tuple(self.channels.values())
        if route is None:
            return every
        own = tuple(channel for channel in every if channel.name in route)
        return own if own or not route else every

    def setup(self, channel: Callable[[str], Channel], compose: Compose) -> Setup:
        """Return what the composition root would make of it."""
        outlets = {
            name: Outlet(
                channel=channel(name),
                zone=self.zone,
                compose=compose,
                fingerprint=section.fingerprint,
                quiet=section.quiet,
                group=section.group,
                fallback=section.fallback,
                timeout=TIMEOUT_SECONDS,
            )
            for name, section in self.channels.items()
        }

        def policy_for(stored: StoredLine) -> Policy:
            return policies.get(stored.line.name) or policy

        policy = self.policy
        policies = {name: section.policy for name, section in self.lines.items()}
        return Setup(
            store="store",
            digest=self.digest,
            policy_digest=repr(policy),
            lines=[section.declared() for section in self.lines.values()],
            policy_for=policy_for,
            routes=[
                Route(channel=name, min_severity=section.min_severity)
                for name, section in self.channels.items()
            ],
            outlets=outlets,
        )

    def _marks(self) -> list[tuple[str, dict[str, str]]]:
        return [(name, section.marks) for name, section in self.lines.items()]
