"""The senders at work, and what comes back from them, in time or not at all."""

from collections import Counter
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from time import monotonic

from reminderd.delivery.senders import Job, Sender
from reminderd.domain.deliveries import Outcome, Verdict
from reminderd.domain.texts import Text

MOST_REPLACEMENTS = 3
# A channel that hangs for months and is tried now and then must not fill the machine.
_MOST_LEFT_BEHIND = 10
_SHORTEST_WAIT = 0.001

_LATE = Verdict(outcome=Outcome.UNKNOWN, reason=Text("no answer before the deadline"))


@dataclass(frozen=True, slots=True)
class Landed:
    """A job that is over, and the verdict on it."""

    job: Job
    verdict: Verdict


class Fleet:
    """One sender for each channel that has something to send.

    A sender that misses its deadline is left behind; the next message of its channel
    gets a new one.
    """

    def __init__(self) -> None:
        self._senders: dict[str, Sender] = {}
        self._flights: dict[str, Job] = {}
        self._hangs: Counter[str] = Counter()
        self._left: dict[str, list[Sender]] = {}
        self._arrivals: SimpleQueue[Landed | None] = SimpleQueue()
        self._landed: list[Landed] = []

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being sent, and no verdict waits to be taken."""
        return not self._flights and not self._landed

    @property
    def busy(self) -> frozenset[str]:
        """The channels on which a message is being sent, or on which too many hang."""
        full = {
            name
            for name, left in self._left.items()
            if sum(sender.is_alive for sender in left) >= _MOST_LEFT_BEHIND
        }
        return frozenset(self._flights) | full

    def launch(self, job: Job) -> None:
        """Send the message of *job* in the thread of its channel."""
        name = job.channel.name
        self._flights[name] = job
        if name not in self._senders:
            self._senders[name] = Sender(name, self._report)
        self._senders[name].send(job)

    def wake(self) -> None:
        """End the present or the next :meth:`wait`."""
        self._arrivals.put(None)

    def wait(self, seconds: float) -> None:
        """Wait for a verdict, a deadline, a wake-up, at most so many *seconds*."""
        deadlines = [job.deadline - monotonic() for job in self._flights.values()]
        timeout = max(min([seconds, *deadlines]), _SHORTEST_WAIT)
        try:
            self._land(self._arrivals.get(timeout=timeout))
        except Empty:
            return

    def take_landed(self) -> list[Landed]:
        """Return the jobs that are over since the last call, also those given up."""
        while not self._arrivals.empty():
            self._land(self._arrivals.get())
        for name, job in list(self._flights.items()):
            if job.deadline <= monotonic():
                self._leave_behind(name, job)
        landed, self._landed = self._landed, []
        return landed

    def hangs_too_often(self, channel: str) -> bool:
        """Tell whether *channel* has used up its replacements without an answer."""
        return self._hangs[channel] > MOST_REPLACEMENTS

    def forgive(self, channel: str) -> None:
        """Forget how often *channel* has hung: it is another one now."""
        self._hangs[channel] = 0

    def dismiss(self) -> None:
        """End all threads that are not in the middle of a send."""
        for sender in self._senders.values():
            sender.dismiss()
        self._senders.clear()

    def _report(self, job: Job, verdict: Verdict) -> None:
        self._arrivals.put(Landed(job, verdict))

    def _land(self, arrived: Landed | None) -> None:
        """Keep what has arrived, unless its job had been given up."""
        if arrived is None:
            return
        name = arrived.job.channel.name
        if self._flights.get(name) is arrived.job:
            del self._flights[name]
            self._hangs[name] = 0
            self._landed.append(arrived)

    def _leave_behind(self, name: str, job: Job) -> None:
        del self._flights[name]
        sender = self._senders.pop(name)
        sender.dismiss()
        others = [left for left in self._left.get(name, []) if left.is_alive]
        self._left[name] = [*others, sender]
        self._hangs[name] += 1
        self._landed.append(Landed(job, _LATE))
