"""The store as it is, read past all of our own code."""

import json
import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Decided:
    """One reminder or notice in the outbox."""

    id: int
    line_id: int | None
    content: dict[str, Any]
    created_at: datetime

    @property
    def findings(self) -> list[dict[str, Any]]:
        """What a reminder says."""
        found: list[dict[str, Any]] = self.content.get("findings", [])
        return found

    def identity(self, line: str) -> str:
        """Return what ``peers.identity`` returns for its letters about *line*."""
        at = self.created_at.isoformat()
        if self.line_id is not None:
            return f"{line}|{at}|{self.content['key']}"
        return f"{self.content['code']}|{at}|{sorted(self.content['details'].items())}"

    def finding(self, item: str) -> dict[str, Any] | None:
        """Return what it says about *item*."""
        return next((each for each in self.findings if each["item"] == item), None)


@dataclass(frozen=True, slots=True)
class Row:
    """One delivery."""

    id: int
    reminder_id: int
    channel: str
    state: str
    reason: str | None


@dataclass(slots=True)
class Records:
    """Looks into the store, and remembers the reminders seen.

    Those that wait may be brought up to date by the program.
    """

    store: Path
    decided: dict[int, Decided] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._raw = sqlite3.connect(f"file:{self.store}?mode=ro", uri=True)

    _raw: sqlite3.Connection = field(init=False)

    def close(self) -> None:
        """Close the file."""
        self._raw.close()

    def ask(self, sql: str, *values: object) -> list[Any]:
        """Return the rows that *sql* selects."""
        return self._raw.execute(sql, values).fetchall()

    def look(self) -> None:
        """Read the reminders that are new, or may have changed since."""
        rows = self.ask(
            "SELECT id, line_id, content, created_at FROM reminder"
            " WHERE id > ? OR id IN"
            " (SELECT reminder_id FROM delivery"
            "  WHERE state IN ('pending', 'sending', 'held'))",
            self.newest,
        )
        for number, line_id, content, created_at in rows:
            self.decided[number] = Decided(
                number, line_id, json.loads(content), _instant(created_at)
            )

    @property
    def newest(self) -> int:
        """The id of the last reminder seen."""
        return max(self.decided, default=0)

    def deliveries(self) -> list[Row]:
        """Return every delivery."""
        wanted = "SELECT id, reminder_id, channel, state, reason FROM delivery"
        return [Row(*row) for row in self.ask(wanted)]

    def states_of(self, reminder: int) -> set[str]:
        """Return what has become of a reminder on its channels."""
        wanted = "SELECT state FROM delivery WHERE reminder_id = ?"
        return {row[0] for row in self.ask(wanted, reminder)}

    def digest(self) -> str | None:
        """Return the digest of the configuration that has been applied."""
        rows = self.ask("SELECT value FROM meta WHERE key = 'config_digest'")
        return rows[0][0] if rows else None

    def broken(self) -> dict[str, str]:
        """Return the channels marked as broken, and why."""
        found = self.ask("SELECT name, broken FROM channel WHERE broken IS NOT NULL")
        return dict(found)

    def wake_ups(self) -> list[int]:
        """Return the epoch seconds at which the store says there is something to do."""
        rows = self.ask(
            "SELECT review_at FROM line WHERE review_at > 0"
            " UNION SELECT next_attempt_at FROM delivery WHERE next_attempt_at > 0"
            " UNION SELECT retry_at FROM channel WHERE retry_at > 0"
        )
        return [row[0] for row in rows]


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
