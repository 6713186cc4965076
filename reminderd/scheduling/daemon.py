"""The daemon: ticks that make a pass, signals, reloads, and word to systemd."""

import hashlib
import logging
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import FrameType

from reminderd.clock import uptime
from reminderd.delivery.dispatcher import Dispatcher
from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import Notice
from reminderd.errors import ConfigError, ReminderdError, UnavailableError
from reminderd.scheduling.cycle import PassReport, run_pass
from reminderd.scheduling.declared import apply_setup
from reminderd.scheduling.heartbeat import Heartbeat
from reminderd.scheduling.kept_files import KeptFiles
from reminderd.scheduling.setup import Setup
from reminderd.scheduling.systemd import notify, notify_reloading
from reminderd.scheduling.waking import Waker
from reminderd.storage import outbox
from reminderd.storage.channels import Health
from reminderd.storage.database import Database

# systemd allows more; an administrator at the keyboard expects ten seconds.
_STOP_SECONDS = 7.0
# The dispatcher looks up at least every second, unless the store keeps it waiting.
_DISPATCHER_SECONDS = 30.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the configuration comes from.

    ``identity`` changes when the file may have been edited; ``load`` reads it anew
    and raises ConfigError for a mistake.
    """

    load: Callable[[], Setup]
    identity: Callable[[], object]


class Daemon:
    """Makes passes until it is told to stop; keeps the last valid configuration."""

    def __init__(
        self,
        database: Database,
        setup: Setup,
        source: Source,
        dispatcher: Dispatcher,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._source = source
        self._dispatcher = dispatcher
        self._now = now
        self._identity: object = None
        self._setup = setup
        self._applied: tuple[object, str] | None = None
        self._waker = Waker(self._tick, setup.poll_every, now)
        self._is_stopping = False
        self._reload_wanted = False
        self._refused_since: datetime | None = None
        self._trouble: dict[str, str] = {}
        self._heartbeat = Heartbeat(database)
        self._kept_files = KeptFiles(database)

    def run(self) -> None:
        """Run until SIGTERM or SIGINT; finish the current sends before returning.

        Raises:
            UnavailableError: The thread that sends has died.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_stop)
        signal.signal(signal.SIGHUP, self._on_reload)
        self._dispatcher.configure(self._setup.outlets, self._setup.channels)
        self._dispatcher.start()
        self._waker.start()
        log.info("started poll_every=%s", self._setup.poll_every)
        notify(READY="1", STATUS=self._status())
        try:
            self._waker.guard(self._goes_on)
        finally:
            self._is_stopping = True
            log.info("stopping")
            notify(STOPPING="1", STATUS="stopping")
            if not self._dispatcher.stop(_STOP_SECONDS):
                log.warning("left before all was recorded; the last may be sent again")
            self._waker.stop()
            log.info("stopped")

    def _on_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._is_stopping = True
        self._waker.wake()

    def _on_reload(self, _number: int, _frame: FrameType | None) -> None:
        self._reload_wanted = True
        self._waker.wake()

    def _goes_on(self) -> bool:
        if not self._dispatcher.is_alive and not self._is_stopping:
            raise UnavailableError("the thread that sends has died; see the log")
        return not self._is_stopping

    def _tick(self) -> None:
        """Reload what was edited, make a pass, and tell systemd that we are alive."""
        if not self._is_stopping:
            self._reload_if_edited()
        if self._is_stopping:
            return
        report = self._pass()
        self._feed_watchdog()
        notify(STATUS=self._status())
        if report is not None:
            # Last, so that nothing has to wait for them.
            has_news = report.reviewed > 0
            files = self._setup.kept_files
            self._kept_files.write(files, self._now(), has_news=has_news)

    def _pass(self) -> PassReport | None:
        """Make a pass, and return what it did; None if the store cannot be used."""
        try:
            self._apply()
            report = run_pass(
                self._database,
                self._setup,
                self._now(),
                go_on=self._go_on,
                uptime=uptime(),
            )
            self._heartbeat.beat(self._setup, self._now(), self._sending_trouble())
        except ReminderdError as error:
            if self._trouble.get("store") != str(error):
                log.error("pass failed, tried again at each tick: %s", error)  # noqa: TRY400 - one line, the traceback says nothing more
            self._trouble["store"] = str(error)
            self._heartbeat.beat(self._setup, self._now(), "the last pass failed")
            return None
        if self._trouble.pop("store", None):
            log.info("the store can be used again")
        self._complain_of(report.silent)
        self._note_brake(report)
        if report.reminded:
            log.info("reminders written=%d", report.reminded)
        self._dispatcher.wake()
        return report

    def _apply(self) -> None:
        """Bring the store in line with the settings, unless both are as they were."""
        wanted = self._database.identify(), self._setup.digest
        if self._applied == wanted:
            return
        if self._applied is not None and self._applied[0] != wanted[0]:
            # What it says of the channels may be of another time.
            self._dispatcher.configure(self._setup.outlets, self._setup.channels)
        apply_setup(self._database, self._setup, self._now())
        self._applied = wanted

    def _complain_of(self, silent: Sequence[Health]) -> None:
        """Say at every pass that nobody can be reached: the log is all that is left."""
        self._trouble.pop("channels", None)
        if silent:
            reasons = "; ".join(f"{each.name}: {each.trouble}" for each in silent)
            self._trouble["channels"] = "no channel works"
            log.error("no channel works, nobody can be reached: %s", reasons)

    def _note_brake(self, report: PassReport) -> None:
        """Show in the status what nothing but time or a command lets go."""
        self._trouble.pop("clock", None)
        self._trouble.pop("held", None)
        if report.doubt is not None:
            until = report.doubt.until
            end = "until it is set" if until is None else f"until {until:%H:%M}Z"
            self._trouble["clock"] = f"the clock was moved, nothing is decided {end}"
        if report.held is not None:
            self._trouble["held"] = (
                f"{report.held.reminders} reminders are held until "
                f"{report.held.until:%H:%M}Z; send them: reminderd release"
            )

    def _go_on(self) -> bool:
        self._feed_watchdog()
        return not self._is_stopping

    def _feed_watchdog(self) -> None:
        """Show systemd that passes are made, and that what they write is sent."""
        if self._sending_trouble() is None:
            notify(WATCHDOG="1")

    def _sending_trouble(self) -> str | None:
        idle = time.monotonic() - self._dispatcher.last_step
        return None if idle < _DISPATCHER_SECONDS else "the thread that sends hangs"

    def _reload_if_edited(self) -> None:
        identity = self._source.identity()
        if identity == self._identity and not self._reload_wanted:
            return
        self._identity = identity
        self._reload_wanted = False
        notify_reloading()
        try:
            setup = self._source.load()
        except ConfigError as error:
            self._refuse(error)
        else:
            if self._trouble.pop("configuration", None):
                log.info("the configuration can be used again")
            self._refused_since = None
            self._take_over(setup)
        notify(READY="1", STATUS=self._status())

    def _take_over(self, setup: Setup) -> None:
        before, self._setup = self._setup, setup
        # Also without an edit: a file that holds a channel's URL may be another.
        self._dispatcher.configure(setup.outlets, setup.channels)
        if setup.digest == before.digest:
            return
        log.info("configuration reloaded")
        if setup.store != before.store:
            log.warning("storage.url is used only after a restart")
        if setup.poll_every != before.poll_every:
            self._waker.tick_every(setup.poll_every)

    def _refuse(self, error: ConfigError) -> None:
        """Keep the running settings; report the mistake by log and one message."""
        for problem in error.problems:
            log.error("edit refused, the old settings go on: %s", problem)
        self._trouble["configuration"] = error.problems[0]
        now = self._now()
        self._refused_since = self._refused_since or now
        notice = Notice(
            code="config-refused",
            severity=Severity.WARNING,
            details={
                "problem": error.problems[0],
                "count": str(len(error.problems)),
            },
            created_at=now,
        )
        # The same mistake once more, after it was mended, is worth another word.
        digest = hashlib.sha256(str(error).encode()).hexdigest()
        key = f"config-refused|{self._refused_since.isoformat()}|{digest}"
        try:
            with self._database.write() as tx:
                outbox.enqueue_notice(tx, notice, key, self._setup.channels, now)
        except ReminderdError as store_error:
            log.error("the refused edit cannot be reported yet: %s", store_error)  # noqa: TRY400 - as above
            self._reload_wanted = True
        self._dispatcher.wake()

    def _status(self) -> str:
        if self._trouble:
            return "DEGRADED: " + "; ".join(self._trouble.values())
        return f"{len(self._setup.outlets)} channels, pass at {self._now():%H:%M:%S}Z"
