"""The daemon: ticks that make a pass, signals, reloads, and word to systemd.

APScheduler only wakes it. What is due is decided by the store, never by a job, so
that a missed tick, a suspended machine or a stepped clock loses nothing.
"""

import hashlib
import logging
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue
from types import FrameType

from apscheduler.job import Job
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from reminderd.clock import uptime
from reminderd.delivery.dispatcher import Dispatcher
from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import Notice
from reminderd.errors import ConfigError, ReminderdError, UnavailableError
from reminderd.scheduling.cycle import PassReport, run_pass
from reminderd.scheduling.declared import apply_setup
from reminderd.scheduling.heartbeat import Heartbeat
from reminderd.scheduling.setup import Setup
from reminderd.scheduling.systemd import notify, notify_reloading
from reminderd.storage import outbox
from reminderd.storage.channels import Health
from reminderd.storage.database import Database

# Wall and monotonic clock differ by more than this after a step or a suspend.
_CLOCK_STEP_SECONDS = 5.0
_GUARD_SECONDS = 1.0
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


class Every(BaseTrigger):  # type: ignore[misc]  # APScheduler has no annotations
    """Fires at once, and then every so often.

    APScheduler's own lists each tick that was missed: after a clock that stood at
    1970 has been set, those are hundreds of millions.
    """

    def __init__(self, span: timedelta) -> None:
        self._span = span

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """Return *now*, or if it has fired before, a span later."""
        return now if previous is None else now + self._span


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
        # A signal may come while an Event is being waited for or cleared, and would
        # wait for ever for its lock; a SimpleQueue has none.
        self._signals: SimpleQueue[None] = SimpleQueue()
        self._is_stopping = False
        self._reload_wanted = False
        self._refused_since: datetime | None = None
        self._trouble: dict[str, str] = {}
        self._tick_job: Job | None = None
        self._heartbeat = Heartbeat(database)

    def run(self) -> None:
        """Run until SIGTERM or SIGINT; finish the current sends before returning.

        Raises:
            UnavailableError: The thread that sends has died.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_stop)
        signal.signal(signal.SIGHUP, self._on_reload)
        scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={
                "coalesce": True,
                "max_instances": 1,
                "misfire_grace_time": None,
            },
        )
        self._tick_job = scheduler.add_job(
            self._tick,
            Every(self._setup.poll_every),
            next_run_time=self._now(),
        )
        self._dispatcher.configure(self._setup.outlets, self._setup.channels)
        self._dispatcher.start()
        scheduler.start()
        log.info("started poll_every=%s", self._setup.poll_every)
        notify(READY="1", STATUS=self._status())
        try:
            self._guard(self._tick_job)
        finally:
            self._is_stopping = True
            log.info("stopping")
            notify(STOPPING="1", STATUS="stopping")
            if not self._dispatcher.stop(_STOP_SECONDS):
                log.warning("left before all was recorded; the last may be sent again")
            scheduler.shutdown(wait=True)
            log.info("stopped")

    def _on_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._is_stopping = True
        self._signals.put(None)

    def _on_reload(self, _number: int, _frame: FrameType | None) -> None:
        self._reload_wanted = True
        self._signals.put(None)

    def _guard(self, tick: Job) -> None:
        """Wake the tick on a signal, and after a step of the clock or a suspend.

        APScheduler sleeps by the monotonic clock: without this, a resumed machine
        would wait out its old sleep, and a clock set back would silence the ticks.
        """
        offset = self._clock_offset()
        while not self._is_stopping:
            is_signalled = self._wait_for_signal()
            if not self._dispatcher.is_alive:
                raise UnavailableError("the thread that sends has died; see the log")
            step = self._clock_offset() - offset
            if abs(step) > _CLOCK_STEP_SECONDS:
                log.warning(
                    "the clock was moved by %+.0f s, or the machine has slept; "
                    "looking at what is due",
                    step,
                )
                offset += step
            elif not is_signalled:
                continue
            if not self._is_stopping:
                tick.modify(next_run_time=self._now())

    def _wait_for_signal(self) -> bool:
        try:
            self._signals.get(timeout=_GUARD_SECONDS)
        except Empty:
            return False
        return True

    def _clock_offset(self) -> float:
        return self._now().timestamp() - time.monotonic()

    def _tick(self) -> None:
        """Reload what was edited, make a pass, and tell systemd that we are alive."""
        if not self._is_stopping:
            self._reload_if_edited()
        if self._is_stopping:
            return
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
        else:
            if self._trouble.pop("store", None):
                log.info("the store can be used again")
            self._complain_of(report.silent)
            self._note_brake(report)
            if report.reminded:
                log.info("reminders written=%d", report.reminded)
            self._dispatcher.wake()
        self._feed_watchdog()
        notify(STATUS=self._status())

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
        if setup.poll_every != before.poll_every and self._tick_job is not None:
            self._tick_job.reschedule(Every(setup.poll_every))

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
