"""What the machine says of itself: its units, its clock, its time zones."""

import os
import subprocess
import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from reminderd.cli.facts import Runner, UnitFacts

# systemd is asked for what it knows; a bus that hangs must not hang us.
_SECONDS = 5
_BOOTED = Path("/run/systemd/system")
_CHECK = "reminderd-check.service"
_PROPERTIES = "Id,LoadState,ActiveState,UnitFileState"


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What could be found out; None stands for what could not, or has no systemd.

    ``zones_year`` is the year of the rules by which times are counted.
    """

    units: Mapping[str, UnitFacts] | None
    is_synchronised: bool | None
    zones_year: int | None


def look_at_machine() -> Machine:
    """Return what the machine says of itself."""
    is_booted = _BOOTED.is_dir()
    return Machine(
        units=_units() if is_booted else None,
        is_synchronised=_is_synchronised() if is_booted else None,
        zones_year=_zones_year(),
    )


def _units() -> Mapping[str, UnitFacts] | None:
    text = _ask(
        "systemctl", "show", f"--property={_PROPERTIES}", *map(str, Runner), _CHECK
    )
    return None if text is None else units_in(text)


def units_in(text: str) -> dict[str, UnitFacts]:
    """Return the units that ``systemctl show`` lists in *text*, by their names."""
    units = {}
    for block in text.strip().split("\n\n"):
        known = dict(line.split("=", 1) for line in block.splitlines() if "=" in line)
        units[known.get("Id", "")] = UnitFacts(
            is_installed=known.get("LoadState") == "loaded",
            is_enabled=known.get("UnitFileState") in ("enabled", "enabled-runtime"),
            state=known.get("ActiveState", ""),
        )
    return units


def _is_synchronised() -> bool | None:
    text = _ask("timedatectl", "show", "--property=NTPSynchronized", "--value")
    return {"yes": True, "no": False}.get((text or "").strip())


def _ask(*command: str) -> str | None:
    """Return what a program of systemd prints, None if it cannot tell."""
    try:
        asked = subprocess.run(  # noqa: S603 - fixed words, no value of anybody's
            command, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return asked.stdout if asked.returncode == 0 else None


def _zones_year(places: Sequence[str] = zoneinfo.TZPATH) -> int | None:
    """Return the year of the rules that zoneinfo uses: the system's, or the package's.

    tzdata calls its releases 2026a; the package of that name is version 2026.1.
    """
    for place in places:
        if os.path.lexists(Path(place, "Europe", "London")):
            return _year_in(Path(place, "tzdata.zi"))
    try:
        return int(version("tzdata").partition(".")[0])
    except (PackageNotFoundError, ValueError):
        return None


def _year_in(path: Path) -> int | None:
    """Return the year in the first line, such as "# version 2025b"."""
    try:
        with path.open() as file:
            word = file.readline().split()[-1]
    except (OSError, ValueError, IndexError):
        return None
    return int(word[:4]) if word[:4].isdecimal() else None
