"""A process of the program: a pass and a dispatcher on the common store."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random
from types import SimpleNamespace
from unittest.mock import patch

from reminderd.delivery import dispatcher, fleet
from reminderd.delivery.dispatcher import Dispatcher
from reminderd.delivery.fleet import Fleet
from reminderd.delivery.senders import Job, attempt
from reminderd.domain.deliveries import Verdict
from reminderd.domain.reminders import Message
from reminderd.errors import StoreError
from reminderd.scheduling import cycle
from reminderd.scheduling.cycle import PassReport
from reminderd.scheduling.declared import apply_setup
from reminderd.scheduling.setup import Setup
from reminderd.storage.database import Database
from tests.simulation.clock import Clock
from tests.simulation.engines import kept_for
from tests.simulation.estate import ChannelSection
from tests.simulation.faults import Hang
from tests.simulation.peers import Letter

# Long enough for a sender that hangs to be given up, and for a store in trouble to
# be asked some times.
_DRAIN_SECONDS = 10.0
_SMALL_BATCH = 2


class TurnFleet(Fleet):
    """A fleet whose senders take their turns while the dispatcher waits.

    Threads would be a source of chance that no seed decides.
    """

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._jobs: list[Job] = []

    def launch(self, job: Job) -> None:
        self._flights[job.channel.name] = job
        self._jobs.append(job)

    def wait(self, seconds: float) -> None:
        self._carry_out_all()
        if self._arrivals.empty():
            self._clock.sleep(seconds)
        else:
            super().wait(seconds)

    def dismiss(self) -> None:
        """End the senders; those in the middle of a send come to its end first."""
        self._carry_out_all()
        super().dismiss()

    def _carry_out_all(self) -> None:
        jobs, self._jobs = self._jobs, []
        for job in jobs:
            self._carry_out(job)

    def _carry_out(self, job: Job) -> None:
        try:
            self._report(job, attempt(job))
        except Hang:
            return

    def _leave_behind(self, name: str, job: Job) -> None:
        del self._flights[name]
        self._hangs[name] += 1
        self._landed.append(fleet.Landed(job, fleet._LATE))  # noqa: SLF001 - as there


@contextmanager
def without_threads(clock: Clock) -> Iterator[None]:
    """Let dispatchers that are made meanwhile live by *clock*, without threads."""
    with ExitStack() as replaced:
        for place, name, value in (
            (dispatcher, "Fleet", partial(TurnFleet, clock)),
            (dispatcher, "monotonic", clock.monotonic),
            (fleet, "monotonic", clock.monotonic),
            (cycle, "time", SimpleNamespace(sleep=clock.sleep)),
            (cycle, "BATCH", _SMALL_BATCH),
        ):
            replaced.enter_context(patch.object(place, name, value))
        yield


@dataclass(frozen=True, slots=True)
class Line:
    """The connection of a process to a peer: a channel, as it was configured then."""

    section: ChannelSection
    hand_over: Callable[["Line", Letter], Verdict]

    @property
    def name(self) -> str:
        """What the owner calls the channel."""
        return self.section.name

    def send(self, message: Message) -> Verdict:
        """Hand *message* over."""
        assert isinstance(message, Letter)
        return self.hand_over(self, message)


class Process:
    """A running program; killed, it loses all but the store.

    ``unrecorded`` holds what peers have accepted from it, as channel and identity,
    and is not known to have been recorded; ``is_stale`` says that it was stopped for
    longer than its claims hold.
    """

    def __init__(self, store: Path, worker: str, clock: Clock, rng: Random) -> None:
        self.worker = worker
        self.unrecorded: list[tuple[str, str]] = []
        self.is_stale = False
        self.trouble = ""
        self._applied = ""
        self._clock = clock
        with kept_for(worker[0]):
            self._database = Database.open(f"sqlite:///{store}", patience=0)
        self._dispatcher = Dispatcher(self._database, worker, clock.now, rng.random)

    def make_pass(self, setup: Setup, now: datetime) -> PassReport | None:
        """Make a pass; return None where the store did not let it come to its end."""
        try:
            if setup.digest != self._applied:
                apply_setup(self._database, setup, now)
                self._dispatcher.configure(setup.outlets, setup.channels)
                self._applied = setup.digest
            return cycle.run_pass(self._database, setup, now)
        except StoreError as error:
            self.trouble = str(error)
            return None

    def deliver(self) -> bool:
        """Send what can be sent; tell whether all verdicts have been recorded."""
        end = self._clock.monotonic() + _DRAIN_SECONDS
        try:
            self._dispatcher.drain(_DRAIN_SECONDS)
        except StoreError as error:
            self.trouble = str(error)
            return False
        if self._clock.monotonic() >= end:
            self.trouble = "no time was left to record"
            return False
        self.unrecorded.clear()
        return True

    def end(self) -> None:
        """Close the files that the operating system closes for a dead process."""
        self._database.close()
