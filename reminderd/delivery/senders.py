"""The threads that talk to the network, one for each channel, and to nothing else."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread

from reminderd.delivery.channel import Channel
from reminderd.domain.deliveries import Outcome, Verdict
from reminderd.domain.reminders import Message
from reminderd.domain.texts import Text
from reminderd.storage.claims import Claimed

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Job:
    """One message for one channel, and the claimed deliveries that it stands for.

    ``deadline`` is in seconds of the monotonic clock.
    """

    channel: Channel
    claimed: Sequence[Claimed]
    message: Message
    deadline: float


class Sender:
    """A thread that sends one message at a time.

    It may be abandoned in the middle of a send: it is a daemon thread, so that a peer
    that never answers keeps no process alive.
    """

    def __init__(self, name: str, report: Callable[[Job, Verdict], None]) -> None:
        """Begin to wait for messages to channel *name*."""
        self._report = report
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name=f"send-{name}", daemon=True)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether it still waits: for a message, or for a peer that does not answer."""
        return self._thread.is_alive()

    def send(self, job: Job) -> None:
        """Send the message of *job*, and report the verdict."""
        self._jobs.put(job)

    def dismiss(self) -> None:
        """End the thread as soon as it has nothing to send."""
        self._jobs.put(None)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._report(job, attempt(job))


def attempt(job: Job) -> Verdict:
    """Send the message of *job*, and return the verdict, whatever happens."""
    try:
        return job.channel.send(job.message)
    # A plugin may raise anything, and the message may be out by then. A thread that
    # dies of it would look like a peer that never answers.
    except Exception as error:  # noqa: BLE001 - see above
        kind = type(error).__name__
        _log.warning("send failed channel=%s error=%s", job.channel.name, kind)
        return Verdict(
            outcome=Outcome.UNKNOWN,
            reason=Text("an error in sending ({kind})", kind=kind),
        )
