"""A clock that processes share and the test moves, so that no lease is waited for.

It lies a day behind the real one: what is due "now" is past for every other clock in
the process, such as APScheduler's.
"""

from datetime import datetime, timedelta
from pathlib import Path

from reminderd.clock import utc_now

_BEHIND = timedelta(days=-1)


class SharedClock:
    """The real clock plus what stands in the file at *path*."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # Not looked up again: the program puts this clock in its place.
        self._real = utc_now
        if not path.exists():
            self._write(_BEHIND)

    def __call__(self) -> datetime:
        return self._real() + self._offset()

    def move(self, span: timedelta) -> None:
        """Let *span* pass at once, for all who read the file."""
        self._write(self._offset() + span)

    def _offset(self) -> timedelta:
        return timedelta(seconds=float(self.path.read_text()))

    def _write(self, offset: timedelta) -> None:
        fresh = self.path.with_suffix(".new")
        fresh.write_text(str(offset.total_seconds()))
        fresh.replace(self.path)
