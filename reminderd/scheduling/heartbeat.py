"""The heartbeat: word to a monitor after passes, so that silence is an alarm."""

import logging
from datetime import datetime, timedelta
from threading import Thread

from reminderd.delivery.monitor import Monitor
from reminderd.domain.texts import Text
from reminderd.errors import StoreError
from reminderd.scheduling.setup import Setup
from reminderd.scheduling.standing import trouble_of
from reminderd.storage import meta
from reminderd.storage.database import Database

LAST_HEARTBEAT = "last_heartbeat"
_LAST_FAILURE = "last_heartbeat_failure"
# No more often than this is looked whether there is anything to tell.
_GAP = timedelta(minutes=1)
_PATIENCE_SECONDS = 5.0

log = logging.getLogger(__name__)


class Heartbeat:
    """Tells the monitor of a setup how things are, at most every so often.

    What changes, from well to not or back, is told within a minute. The request has
    a thread of its own: a dead monitor delays no pass.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._looked_at: datetime | None = None
        self._told: dict[str, datetime] = {}
        self._thread: Thread | None = None
        self.complaint: str | None = None

    def beat(self, setup: Setup, now: datetime, failure: str | None = None) -> None:
        """Tell the monitor how it is after a pass at *now*, if it is time to.

        *failure* says what was wrong with the pass, and is shown to the monitor.

        Raises:
            StoreError: The pass was good, but the store cannot be read now.
        """
        monitor = setup.monitor
        if monitor is None or not self._may_look(now):
            return
        self._looked_at = now
        # A store that has just failed would only keep the next pass waiting.
        trouble = failure or self._look(setup, now)
        if trouble is not None and not monitor.takes_failures:
            return
        if self._is_due(monitor, trouble, now):
            self._thread = Thread(
                target=self._tell, args=(monitor, trouble, now), daemon=True
            )
            self._thread.start()

    def wait(self) -> None:
        """Wait until the monitor has answered, at most five seconds."""
        if self._thread is None:
            return
        self._thread.join(_PATIENCE_SECONDS)
        if self._thread.is_alive():
            self._complain(Text("no answer in time"))

    def _look(self, setup: Setup, now: datetime) -> str | None:
        """Return what is wrong, having read what was told before, by whomever."""
        with self._database.read() as tx:
            for key in (LAST_HEARTBEAT, _LAST_FAILURE):
                at = meta.get(tx, key)
                if at is not None:
                    self._told[key] = datetime.fromisoformat(at)
            return trouble_of(tx, setup, now)

    def _may_look(self, now: datetime) -> bool:
        if self._thread is not None and self._thread.is_alive():
            return False
        # Also at once when the clock has been set back.
        at = self._looked_at
        return at is None or not at <= now < at + _GAP

    def _is_due(self, monitor: Monitor, trouble: str | None, now: datetime) -> bool:
        key, other = _keys(trouble)
        at = self._told.get(key)
        contrary_at = self._told.get(other)
        if at is None or at > now:
            return True
        has_changed = contrary_at is not None and at < contrary_at <= now
        return has_changed or at + monitor.every <= now

    def _tell(self, monitor: Monitor, trouble: str | None, now: datetime) -> None:
        complaint = monitor.tell(trouble)
        if complaint is not None:
            self._complain(complaint)
            return
        if self.complaint is not None:
            log.info("the heartbeat is taken again")
        self.complaint = None
        key, _ = _keys(trouble)
        self._told[key] = now
        try:
            with self._database.write() as tx:
                meta.put(tx, key, now.isoformat())
        except StoreError:
            # Only a restart would tell it twice for that.
            log.debug("heartbeat not noted", exc_info=True)

    def _complain(self, text: str) -> None:
        if self.complaint is None:
            log.warning("the heartbeat was not taken: %s", text)
        self.complaint = text


def _keys(trouble: str | None) -> tuple[str, str]:
    """Return what is noted when it is told how things are, and for the contrary."""
    keys = (LAST_HEARTBEAT, _LAST_FAILURE)
    return keys if trouble is None else keys[::-1]
