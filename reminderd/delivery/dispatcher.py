"""The one thread that works on the outbox: claims, hands out, records.

Three rules for whoever edits this file. Nothing is sent without a committed claim.
Nothing is claimed while a verdict waits to be recorded. And this thread never talks
to a peer: those that do may hang, and are left behind when they do.
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Thread
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from reminderd.delivery import composing, reporting, settling
from reminderd.delivery.agenda import Worker, look, take
from reminderd.delivery.channel import Outlet
from reminderd.delivery.fleet import Fleet
from reminderd.delivery.occasions import Occasion
from reminderd.delivery.senders import Job
from reminderd.domain.deliveries import Verdict
from reminderd.domain.texts import Text, said
from reminderd.errors import StoreError
from reminderd.failpoints import reach
from reminderd.storage import channels, claims
from reminderd.storage.claims import Claimed
from reminderd.storage.database import Database

_log = logging.getLogger(__name__)

_LONGEST_WAIT = 1.0
_REPEAT_COMPLAINT_AFTER = 60.0
_HANGS = Text("it hangs: it gave no answer several times in a row")


@dataclass(frozen=True, slots=True)
class _Verdicted:
    """A verdict that is not recorded yet."""

    claimed: Sequence[Claimed]
    verdict: Verdict


class Dispatcher:
    """Brings what is in the outbox to its channels, at least once.

    ``worker`` names this process and no other one, also not its predecessor;
    ``chance`` gives random numbers from 0 to 1. Several dispatchers, in one process
    or many, may work on one store.
    """

    def __init__(
        self,
        database: Database,
        worker: str,
        now: Callable[[], datetime],
        chance: Callable[[], float],
    ) -> None:
        self._database = database
        self._worker = worker
        self._now = now
        self._chance = chance
        self._outlets: Mapping[str, Outlet] = {}
        self._coming: Mapping[str, Outlet] | None = None
        self._channels: tuple[str, ...] = ()
        self._claims_until: float | None = None
        self._unrecorded: list[_Verdicted] = []
        self._fleet = Fleet()
        self._has_moved = False
        self._stopping = Event()
        self._thread: Thread | None = None
        self._complaint = ("", 0.0)
        self.last_step = monotonic()

    def configure(
        self, outlets: Mapping[str, Outlet], channels: Collection[str] = ()
    ) -> None:
        """Use *outlets* from now on; one that has changed is no longer broken.

        *channels* are the names of all that are configured, if another process uses
        some of them.
        """
        self._channels = tuple(channels)
        self._coming = dict(outlets)
        self.wake()

    def wake(self) -> None:
        """Look at the outbox now: something has been put into it."""
        self._fleet.wake()

    def start(self) -> None:
        """Work in a thread of its own until :meth:`stop`.

        ``last_step`` is when it was last seen at work, by the monotonic clock.
        """
        self._thread = Thread(target=self._run, name="dispatcher", daemon=True)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether the thread that :meth:`start` began is still at work."""
        return self._thread is not None and self._thread.is_alive()

    def stop(self, timeout: float) -> bool:
        """Claim nothing more, finish what is being sent; tell whether all of it is.

        What is not finished within *timeout* seconds is sent again when its lease
        has ended.
        """
        self._stopping.set()
        self.wake()
        if self._thread is None:
            return True
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def drain(self, timeout: float) -> None:
        """Send what can be sent now, in at most *timeout* seconds.

        Raises:
            StoreError: The store could not be used to the end of that time.
        """
        end = monotonic() + timeout
        self._claims_until = end
        while True:
            error = self._try_step()
            is_idle = error is None and self._fleet.is_idle
            if is_idle and not self._has_moved:
                break
            remaining = end - monotonic()
            if remaining <= 0:
                break
            if not is_idle:
                self._fleet.wait(min(remaining, _LONGEST_WAIT))
        self._fleet.dismiss()
        if error is not None:
            raise error

    def _run(self) -> None:
        while not (self._stopping.is_set() and self._is_finished()):
            error = self._try_step()
            self.last_step = monotonic()
            if not (error is None and self._has_moved):
                self._fleet.wait(_LONGEST_WAIT)
        self._fleet.dismiss()

    def _is_finished(self) -> bool:
        return self._fleet.is_idle and not self._unrecorded

    def _try_step(self) -> StoreError | None:
        """Do what can be done now; return why the store did not let us, if so."""
        self._has_moved = False
        try:
            self._step()
        except StoreError as error:
            self._complain(said(error))
            return error
        except SQLAlchemyError as error:
            kind = type(error).__name__
            self._complain(kind)
            return StoreError(
                Text("the store refuses what reminderd asks ({kind})", kind=kind)
            )
        return None

    def _step(self) -> None:
        self._adopt()
        self._unrecorded += [
            _Verdicted(landed.job.claimed, landed.verdict)
            for landed in self._fleet.take_landed()
        ]
        self._record()
        if not self._stopping.is_set():
            self._attend(self._now())

    def _adopt(self) -> None:
        coming = self._coming
        if coming is None:
            return
        with self._database.write() as tx:
            for name, outlet in coming.items():
                if channels.adopt(tx, name, outlet.fingerprint, self._now()):
                    self._fleet.forgive(name)
        self._outlets = coming
        if self._coming is coming:
            self._coming = None

    def _record(self) -> None:
        while self._unrecorded:
            known = self._unrecorded[0]
            name = known.claimed[0].channel
            occasion = self._occasion(self._now())
            reach("record.before")
            with self._database.write() as tx:
                settling.settle(tx, known.claimed, known.verdict, occasion)
                if self._fleet.hangs_too_often(name):
                    settling.give_up(tx, name, _HANGS, occasion)
            reach("record.after")
            del self._unrecorded[0]
            self._has_moved = True

    def _attend(self, now: datetime) -> None:
        """Do what the outbox calls for; where that is nothing, one look is all."""
        worker = Worker(self._worker, self._fleet.busy, self._fleet.is_idle)
        with self._database.read() as tx:
            agenda = look(tx, worker, self._occasion(now))
        if agenda.has_lapsed:
            with self._database.write() as tx:
                lapsed = claims.lapsed(tx, worker.spared, now)
                settling.settle_lapsed(tx, lapsed, self._occasion(now))
                reach("rescue.inside")
        for outlet in agenda.troubled:
            with self._database.write() as tx:
                health = channels.health_of(tx, outlet.channel.name)
                settling.relieve(tx, outlet, health, self._occasion(now))
        for name in agenda.unreported:
            with self._database.write() as tx:
                reporting.report_again(tx, name, self._occasion(now))
        for outlet in agenda.due:
            if not self._unrecorded and self._has_time_for(outlet):
                self._claim(outlet, worker, now)
        self._has_moved |= agenda.changes_something

    def _has_time_for(self, outlet: Outlet) -> bool:
        """Tell whether a send that begins now is over before this process leaves."""
        if self._claims_until is None:
            return True
        return monotonic() + outlet.timeout <= self._claims_until

    def _claim(self, outlet: Outlet, worker: Worker, now: datetime) -> None:
        with self._database.write() as tx:
            claimed = take(tx, outlet, worker, now)
        if claimed:
            reach("claim.after")
            self._has_moved = True
            self._hand_out(outlet, claimed, now)

    def _hand_out(
        self, outlet: Outlet, claimed: Sequence[Claimed], now: datetime
    ) -> None:
        """Send one message for all of *claimed*; what cannot be worded is left out."""
        worded = composing.word(outlet, claimed, now)
        self._unrecorded += [
            _Verdicted([known], composing.UNWORDABLE) for known in worded.unwordable
        ]
        if worded.message is None:
            return
        self._fleet.launch(
            Job(
                channel=outlet.channel,
                claimed=worded.claimed,
                message=worded.message,
                deadline=monotonic() + outlet.timeout,
            )
        )

    def _occasion(self, now: datetime) -> Occasion:
        return Occasion(
            outlets=self._outlets,
            channels=self._channels or self._outlets,
            now=now,
            chance=self._chance(),
        )

    def _complain(self, text: str) -> None:
        """Log why the store cannot be used, once a minute as long as it stays so."""
        before, at = self._complaint
        if text != before or monotonic() - at >= _REPEAT_COMPLAINT_AFTER:
            self._complaint = (text, monotonic())
            _log.error("the store cannot be used now, trying again: %s", text)
