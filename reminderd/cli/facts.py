"""What the doctor knows before it judges: plain facts, gathered once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from reminderd.errors import ExitStatus
from reminderd.scheduling.timekeeping import Doubt
from reminderd.storage.backups import Backup
from reminderd.storage.channels import Health
from reminderd.storage.condition import Condition
from reminderd.storage.inspection import Inspection
from reminderd.views.checkup import Checkup


class Runner(StrEnum):
    """What makes passes by itself on this machine."""

    SERVICE = "reminderd.service"
    TIMER = "reminderd-check.timer"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFacts:
    """One unit of systemd; ``state`` is systemd's word, such as "active"."""

    is_installed: bool
    is_enabled: bool
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigFacts:
    """The configuration: its mistakes, and what is unwise in it.

    ``is_open`` tells that others may write into the file.
    """

    path: Path | None
    problems: Sequence[str] = ()
    warnings: Sequence[str] = ()
    poll_every: timedelta = timedelta(seconds=5)
    is_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelFacts:
    """One configured channel; ``server`` is compared and never shown.

    ``is_tried`` tells that its server was asked for a connection, and ``unreachable``
    why there was none.
    """

    name: str
    problems: Sequence[str] = ()
    server: str | None = None
    fallback: str | None = None
    is_tried: bool = False
    unreachable: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreFacts:
    """The store: why it cannot be used, or what was found.

    ``remedy`` is the way back from damage. ``is_missing`` tells that none was made
    yet. ``condition``, ``inspection`` and ``backups`` are None for PostgreSQL, and
    where there is nothing to look at.
    """

    place: str
    revision: str | None = None
    trouble: str | None = None
    remedy: str = ""
    is_missing: bool = False
    condition: Condition | None = None
    inspection: Inspection | None = None
    backups: Sequence[Backup] | None = None
    sound_backup: Backup | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFileFacts:
    """A file that passes keep written; ``trouble`` says why the last one did not."""

    key: str
    path: Path
    trouble: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that the checks look at; ``program`` begins commands that are shown.

    ``checkup`` is None where the store cannot be read. A ``doubt`` about the clock is
    the reason why no pass decides anything. ``units`` are those of systemd by name,
    None without systemd; ``is_synchronised`` is None where nobody can tell whether a
    time server sets the clock. ``zones_year`` is that of the time zones' rules.
    """

    now: datetime
    program: str
    config: ConfigFacts
    channels: Sequence[ChannelFacts]
    store: StoreFacts
    checkup: Checkup | None = None
    last_pass: datetime | None = None
    doubt: Doubt | None = None
    runner: Runner | None = None
    kept_files: Sequence[KeptFileFacts] = ()
    units: Mapping[str, UnitFacts] | None = None
    is_synchronised: bool | None = None
    zones_year: int | None = None

    def health_of(self, channel: str) -> Health:
        """Return how the channel has been doing; nothing is known of a new one."""
        known = self.checkup.health if self.checkup else {}
        return known.get(channel, Health(name=channel))


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check says, and what to do about it; the worst status is the answer."""

    check: str
    status: ExitStatus
    text: str
    advice: str = ""


def ok(check: str, text: str) -> Finding:
    """Return that all is well."""
    return Finding(check=check, status=ExitStatus.OK, text=text)


def warning(check: str, text: str, advice: str = "") -> Finding:
    """Return what is not well yet works."""
    return Finding(check=check, status=ExitStatus.WARNING, text=text, advice=advice)


def failed(check: str, text: str, advice: str = "") -> Finding:
    """Return what does not work."""
    return Finding(check=check, status=ExitStatus.CRITICAL, text=text, advice=advice)


def unheard(check: str, text: str, advice: str = "") -> Finding:
    """Return that nobody hears of what should be told."""
    return Finding(check=check, status=ExitStatus.UNDELIVERED, text=text, advice=advice)
