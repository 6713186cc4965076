"""What wakes the daemon: time that passes, a signal, a clock that was moved.

APScheduler only wakes it. What is due is decided by the store, never by a job, so
that a missed tick, a suspended machine or a stepped clock loses nothing.
"""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

# Wall and monotonic clock differ by more than this after a step or a suspend.
_CLOCK_STEP_SECONDS = 5.0
_GUARD_SECONDS = 1.0

log = logging.getLogger(__name__)


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


class Waker:
    """Calls *tick* at once and then every so often, in a thread of its own."""

    def __init__(
        self, tick: Callable[[], None], every: timedelta, now: Callable[[], datetime]
    ) -> None:
        self._now = now
        # A signal may come while an Event is being waited for or cleared, and would
        # wait for ever for its lock; a SimpleQueue has none.
        self._signals: SimpleQueue[None] = SimpleQueue()
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={
                "coalesce": True,
                "max_instances": 1,
                "misfire_grace_time": None,
            },
        )
        self._job = self._scheduler.add_job(tick, Every(every), next_run_time=now())

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.start()

    def tick_every(self, span: timedelta) -> None:
        """Tick at another pace from now on."""
        self._job.reschedule(Every(span))

    def wake(self) -> None:
        """End the wait of :meth:`guard` and tick at once; may be called by a signal."""
        self._signals.put(None)

    def guard(self, go_on: Callable[[], bool]) -> None:
        """Wake the tick when asked to, and after a step of the clock or a suspend.

        APScheduler sleeps by the monotonic clock: without this, a resumed machine
        would wait out its old sleep, and a clock set back would silence the ticks.
        It returns when *go_on*, asked every second, says no.
        """
        offset = self._clock_offset()
        while go_on():
            is_signalled = self._wait()
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
            if go_on():
                self._job.modify(next_run_time=self._now())

    def stop(self) -> None:
        """Begin no more ticks, and wait for the present one."""
        self._scheduler.shutdown(wait=True)

    def _wait(self) -> bool:
        try:
            self._signals.get(timeout=_GUARD_SECONDS)
        except Empty:
            return False
        return True

    def _clock_offset(self) -> float:
        return self._now().timestamp() - time.monotonic()
