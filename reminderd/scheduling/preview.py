"""What will be sent if nothing changes: passes and sends on a copy, ahead of time.

The pass and the dispatcher are the ones that run for real. Only the clock and the
channels are others: the clock goes from one instant at which something is due to the
next, and a channel keeps what it is given. One that works takes everything; one that
is dead goes on refusing, so that the plan shows who is told instead.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from reminderd.delivery.channel import Compose, Outlet
from reminderd.delivery.dispatcher import Dispatcher
from reminderd.domain.clocks import ClockReading
from reminderd.domain.deliveries import PATIENCE, Outcome, Verdict
from reminderd.domain.outages import REPORT_EVERY
from reminderd.domain.reminders import Content, Message
from reminderd.scheduling.cycle import run_pass
from reminderd.scheduling.declared import apply_setup
from reminderd.scheduling.proof import next_proof
from reminderd.scheduling.setup import Setup
from reminderd.scheduling.timekeeping import doubt_now
from reminderd.storage import lines, pulses
from reminderd.storage.channels import Health, all_health
from reminderd.storage.database import Database
from reminderd.storage.upcoming import running_out, stored_instants

_SECOND = timedelta(seconds=1)
# Nothing is really sent, so that no send is ever cut short.
_AMPLE_SECONDS = 86_400.0
_TAKEN = Verdict(outcome=Outcome.SENT, reason="planned")


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One message that will be sent: when, through which channel, saying what."""

    at: datetime
    channel: str
    message: Message
    contents: Sequence[Content]


def preview(
    copy: Database, setup: Setup, now: datetime, until: datetime
) -> list[Planned]:
    """Return every message that *setup* would send from *now* up to *until*.

    *copy* is a store to try it on; it is left as it would be then.

    Raises:
        StoreError: The copy cannot be read or written.
    """
    apply_setup(copy, setup, now)
    walk = _Walk(copy, setup, now, until)
    while walk.now <= until and walk.go_on():
        pass
    return walk.sent


class _Walk:
    """A clock that only stops where there is something to do."""

    def __init__(
        self, copy: Database, setup: Setup, now: datetime, until: datetime
    ) -> None:
        self.sent: list[Planned] = []
        self._copy = copy
        self._until = until
        with copy.read() as tx:
            health = all_health(tx)
            doubt = doubt_now(tx)
        # A clock in doubt decides nothing for an hour.
        self.now = now if doubt is None else max(now, doubt.until or now)
        # Each try at these is in vain: to stop for it would only take time.
        self._silent: set[str] = set()
        outlets = {
            name: self._recorded(name, outlet, health.get(name, Health(name=name)))
            for name, outlet in setup.outlets.items()
        }
        self._setup = replace(setup, outlets=outlets)
        self._dispatcher = Dispatcher(copy, "preview", lambda: self.now, lambda: 0.5)
        self._dispatcher.configure(outlets, setup.channels)

    def go_on(self) -> bool:
        """Make a pass, send what it has written, and go to the next instant.

        Return whether there is one.
        """
        with self._copy.write() as tx:
            # Somebody looked a moment ago: nothing is late, and nobody was away.
            pulses.beat(tx, ClockReading(wall=self.now - _SECOND))
        run_pass(self._copy, self._setup, self.now)
        self._dispatcher.drain(_AMPLE_SECONDS)
        with self._copy.read() as tx:
            instants = list(_instants(tx, self._setup, self.now, self._silent))
            if lines.is_any_due(tx, self.now):
                instants.append(self.now + self._setup.poll_every)
        if self.now < self._until:
            # What has lost its use by then is put aside.
            instants.append(self._until)
        if instants:
            self.now = max(min(instants), self.now + _SECOND)
        return bool(instants)

    def _recorded(self, name: str, outlet: Outlet, health: Health) -> Outlet:
        """Return *outlet* with a channel that keeps what it would send."""
        fingerprint = outlet.fingerprint or health.fingerprint or ""
        is_same = health.fingerprint == fingerprint
        verdict = _TAKEN
        if is_same and health.is_dead:
            verdict = _refusal(health)
            self._silent.add(name)
        recorder = _Recorder(name, verdict, self, outlet.compose)
        return replace(
            outlet,
            channel=recorder,
            compose=recorder.compose,
            fingerprint=fingerprint,
            timeout=0.5 * _AMPLE_SECONDS,
        )


class _Recorder:
    """A channel that keeps what it is given, with what that was made of."""

    def __init__(
        self, name: str, verdict: Verdict, walk: _Walk, compose: Compose
    ) -> None:
        self.name = name
        self._verdict = verdict
        self._walk = walk
        self._compose = compose
        self._contents: Sequence[Content] = ()

    def compose(
        self, contents: Sequence[Content], now: datetime, short: bool
    ) -> Message:
        """Word *contents*, and remember them: they are what is sent next."""
        message = self._compose(contents, now, short)
        self._contents = tuple(contents)
        return message

    def send(self, message: Message) -> Verdict:
        """Keep *message*, unless the channel takes nothing."""
        if self._verdict is _TAKEN:
            planned = Planned(
                at=self._walk.now,
                channel=self.name,
                message=message,
                contents=self._contents,
            )
            self._walk.sent.append(planned)
        return self._verdict


def _refusal(health: Health) -> Verdict:
    if health.broken is not None:
        return Verdict(outcome=Outcome.CHANNEL_PERMANENT, reason=health.broken)
    return Verdict(outcome=Outcome.TRANSIENT, reason=health.last_error or "")


def _instants(
    tx: Connection, setup: Setup, now: datetime, silent: Collection[str]
) -> Iterator[datetime]:
    """Yield the instants after *now* at which there may be something to do."""
    health = all_health(tx)
    yield from stored_instants(tx, now, silent)
    troubled = [each for each in health.values() if each.is_troubled]
    yield from running_out(tx, [each.name for each in troubled], PATIENCE, now)
    for instant in (
        *_reports(troubled),
        next_proof(tx, setup, now),
        *_quiet(setup, now),
    ):
        if instant is not None and instant > now:
            yield instant


def _reports(troubled: Sequence[Health]) -> Iterator[datetime]:
    """Yield when the owner is told of channels in trouble."""
    for health in troubled:
        if health.reported_at is not None:
            yield health.reported_at + REPORT_EVERY
        elif health.troubled_since is not None:
            yield health.troubled_since + PATIENCE


def _quiet(setup: Setup, now: datetime) -> Iterator[datetime | None]:
    for outlet in setup.outlets.values():
        yield None if outlet.quiet is None else outlet.quiet.ends_at(now, outlet.zone)
