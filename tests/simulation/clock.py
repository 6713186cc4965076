"""The simulated clock: the machine's own time, which may be wrong, and the true one."""

from datetime import datetime, timedelta


class Clock:
    """Shows ``true`` time plus an error; moves only when somebody moves it."""

    def __init__(self, start: datetime) -> None:
        self.true = start
        self.error = timedelta(0)
        self._elapsed = 0.0

    def now(self) -> datetime:
        """Return what the machine takes for the present."""
        return self.true + self.error

    def monotonic(self) -> float:
        """Return seconds that only ever grow."""
        return self._elapsed

    def pass_by(self, span: timedelta) -> None:
        """Let time go by."""
        self.true += span
        self._elapsed += span.total_seconds()

    def set_right(self) -> None:
        """Show the true time."""
        self.error = timedelta(0)

    def sleep(self, seconds: float) -> None:
        """Let *seconds* go by."""
        self.pass_by(timedelta(seconds=seconds))
