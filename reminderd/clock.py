"""The only reader of the wall clock; everything else receives the instant."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Uptime:
    """How long the machine has run since the boot that ``boot`` names.

    ``seconds`` go on while it is suspended, ``awake_seconds`` do not.
    """

    boot: str
    seconds: float
    awake_seconds: float


def utc_now() -> datetime:
    """Return the current instant, aware and in UTC."""
    return datetime.now(UTC)


def uptime() -> Uptime | None:
    """Return a time that nobody can set; None where the system does not tell it."""
    boot = _boot_id()
    if boot is None or not hasattr(time, "CLOCK_BOOTTIME"):
        return None
    return Uptime(
        boot,
        time.clock_gettime(time.CLOCK_BOOTTIME),
        time.clock_gettime(time.CLOCK_MONOTONIC),
    )


@cache
def _boot_id() -> str | None:
    try:
        return _BOOT_ID.read_text().strip() or None
    except OSError:
        return None
