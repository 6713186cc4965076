"""What worlds have been through, one and many together."""

from dataclasses import dataclass

_YEAR = 365


@dataclass(slots=True)
class Life:
    """What a world has been through."""

    turns: int = 0
    days: int = 0
    line_days: int = 0
    letters: int = 0
    kills: int = 0
    faults: int = 0


@dataclass(slots=True)
class Tally:
    """Sums over worlds; those that failed are only counted."""

    worlds: int = 0
    days: int = 0
    line_days: int = 0
    letters: int = 0
    kills: int = 0
    faults: int = 0
    failures: int = 0

    def add(self, life: Life) -> None:
        """Count one world that lived to its end."""
        self.worlds += 1
        self.days += life.days
        self.line_days += life.line_days
        self.letters += life.letters
        self.kills += life.kills
        self.faults += life.faults

    def __str__(self) -> str:
        return (
            f"{self.worlds + self.failures} seeds, {self.days / _YEAR:.0f} years,"
            f" {self.line_days / _YEAR:.0f} line-years, {self.letters} letters,"
            f" {self.faults} faults, {self.kills} of them kills,"
            f" {self.failures} failures"
        )
