"""How the channels are: what worked, what failed, which of them needs its owner."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, select, update

from reminderd.domain.deliveries import LONGEST_GAP, Verdict
from reminderd.domain.outages import (
    DEAD_AFTER,
    LONGEST_REVIVAL_GAP,
    probe_gap,
    revival_gap,
)
from reminderd.storage.epochs import epoch_or_none, from_epoch, to_epoch
from reminderd.storage.reports import has_arrived, take_back
from reminderd.storage.tables import metadata
from reminderd.storage.upserts import insert_new
from reminderd.storage.waiting import hasten, let_go

_CHANNEL = metadata.tables["channel"]
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How one channel is. ``broken`` says what its owner has to mend.

    ``troubled_since`` is when the present outage began, ``reported_at`` when its
    owner was last told of it; both outlast a repair until something gets through.
    """

    name: str
    consecutive_failures: int = 0
    retry_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_error: str | None = None
    last_error_at: datetime | None = None
    broken: str | None = None
    fingerprint: str | None = None
    troubled_since: datetime | None = None
    reported_at: datetime | None = None

    def may_send(self, now: datetime) -> bool:
        """Tell whether the channel may be tried at *now*: it does not rest."""
        if self.retry_at is None or self.retry_at <= now:
            return True
        # So long a rest is from a clock that was wrong; what is stored is rounded up.
        is_broken = self.broken is not None
        longest = LONGEST_REVIVAL_GAP if is_broken else LONGEST_GAP
        return self.retry_at > now + longest + _SECOND

    @property
    def is_troubled(self) -> bool:
        """Whether its last attempt failed: one delivery at a time tries it again."""
        return self.broken is not None or self.consecutive_failures > 0

    @property
    def is_dead(self) -> bool:
        """Whether it reaches nobody: it is broken, or has failed again and again."""
        return self.broken is not None or self.consecutive_failures >= DEAD_AFTER

    @property
    def trouble(self) -> str | None:
        """Why it does not work, None if it does."""
        if self.broken is not None:
            return self.broken
        return self.last_error if self.is_troubled else None


def none_living(health: Mapping[str, Health], names: Iterable[str]) -> list[Health]:
    """Return how each channel of *names* is if all of them are dead, otherwise none.

    *health* is what is known of channels, as :func:`all_health` returns it.
    """
    known = [health.get(name, Health(name=name)) for name in names]
    return known if all(each.is_dead for each in known) else []


def all_health(tx: Connection) -> dict[str, Health]:
    """Return what is known of each channel, by its name."""
    rows = tx.execute(select(*_CHANNEL.c)).mappings()
    return {row["name"]: _health(row) for row in rows}


def health_of(tx: Connection, name: str) -> Health:
    """Return what is known of a channel; nothing, if it has not been used."""
    row = tx.execute(select(*_CHANNEL.c).where(_CHANNEL.c.name == name)).mappings()
    known = row.one_or_none()
    return Health(name=name) if known is None else _health(known)


def note_success(tx: Connection, name: str, now: datetime) -> None:
    """Note that the channel works; what waited for that is sent now."""
    before = health_of(tx, name)
    _save(
        tx,
        name,
        consecutive_failures=0,
        retry_at=None,
        last_ok_at=now,
        broken=None,
        troubled_since=None,
        reported_at=None,
    )
    if before.broken is not None:
        let_go(tx, name, now)
    if before.is_troubled:
        hasten(tx, name, now)
    if before.troubled_since is not None:
        take_back(tx, name, before.troubled_since, now)


def note_failure(tx: Connection, name: str, verdict: Verdict, now: datetime) -> None:
    """Note a failure that may pass: the channel rests, the longer the more there are.

    It rests longer when the service asks for it, up to half an hour.
    """
    before = health_of(tx, name)
    failures = before.consecutive_failures + 1
    rest = probe_gap(failures)
    if verdict.retry_after is not None:
        rest = max(rest, min(verdict.retry_after, LONGEST_GAP))
    if before.broken is not None:
        rest = _revival_gap(before, now)
    _save(
        tx,
        name,
        consecutive_failures=failures,
        retry_at=to_epoch(now + rest),
        troubled_since=before.troubled_since or now,
        last_error=verdict.reason,
        last_error_at=now,
    )


def note_refusal(tx: Connection, name: str, reason: str, now: datetime) -> None:
    """Note that the channel is alive and has refused one message.

    A broken one rests all the same: who answers there may not be the service.
    """
    before = health_of(tx, name)
    retry_at = None
    if before.broken is not None:
        retry_at = to_epoch(now + _revival_gap(before, now))
    _save(tx, name, retry_at=retry_at, last_error=reason, last_error_at=now)


def mark_broken(tx: Connection, name: str, reason: str, now: datetime) -> None:
    """Note that the channel needs its owner; it is tried rarely in the meantime."""
    before = health_of(tx, name)
    _save(
        tx,
        name,
        broken=reason,
        retry_at=to_epoch(now + _revival_gap(before, now)),
        troubled_since=before.troubled_since or now,
        last_error=reason,
        last_error_at=now,
    )


def note_report(tx: Connection, name: str, now: datetime) -> None:
    """Note that the owner has been told of the channel's trouble at *now*."""
    _save(tx, name, reported_at=now)


def begin_probe(tx: Connection, health: Health, until: datetime) -> bool:
    """Have the channel of that *health* tried by this worker alone, at most *until*.

    Tell whether nobody else has begun since that *health* was read.
    """
    was = epoch_or_none(health.retry_at)
    is_as_read = (_CHANNEL.c.name == health.name) & (
        _CHANNEL.c.retry_at.is_not_distinct_from(was)
    )
    begun = update(_CHANNEL).where(is_as_read).values(retry_at=to_epoch(until))
    return tx.execute(begun).rowcount > 0


def forgo_probe(tx: Connection, health: Health) -> None:
    """Take back a probe that found nothing to send."""
    _save(tx, health.name, retry_at=epoch_or_none(health.retry_at))


def forget_probe(tx: Connection, name: str) -> None:
    """Note that nothing was asked of the channel: it may be tried at once."""
    _save(tx, name, retry_at=None)


def try_now(tx: Connection, name: str, now: datetime) -> None:
    """Let a channel in trouble be tried at *now*, whatever has failed before."""
    if health_of(tx, name).is_troubled:
        _save(tx, name, retry_at=None)
    hasten(tx, name, now)


def adopt(tx: Connection, name: str, fingerprint: str, now: datetime) -> bool:
    """Mend the channel if its configuration is another than before; tell whether it is.

    *fingerprint* changes with the configuration of the channel.
    """
    if health_of(tx, name).fingerprint == fingerprint:
        return False
    _save(tx, name, fingerprint=fingerprint)
    mend(tx, name, now)
    return True


def mend(tx: Connection, name: str, now: datetime) -> None:
    """Forget what was wrong with the channel, and send what was held for it.

    An outage that its owner has heard of goes on until something gets through.
    """
    before = health_of(tx, name)
    _save(tx, name, consecutive_failures=0, retry_at=None, broken=None)
    let_go(tx, name, now)
    if before.troubled_since is None:
        return
    take_back(tx, name, before.troubled_since, now)
    if not has_arrived(tx, name, before.troubled_since):
        _save(tx, name, troubled_since=None, reported_at=None)


def _revival_gap(before: Health, now: datetime) -> timedelta:
    return revival_gap(now - (before.troubled_since or now))


def _save(tx: Connection, name: str, **changed: Any) -> None:  # noqa: ANN401 - columns
    insert_new(tx, _CHANNEL, {"name": name, "consecutive_failures": 0})
    tx.execute(update(_CHANNEL).where(_CHANNEL.c.name == name).values(**changed))


def _health(row: RowMapping) -> Health:
    retry_at = row["retry_at"]
    return Health(
        **{**row, "retry_at": None if retry_at is None else from_epoch(retry_at)}
    )
