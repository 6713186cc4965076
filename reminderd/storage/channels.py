"""How the channels are: what worked, what failed, which of them needs its owner."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select, update

from reminderd.domain.deliveries import LONGEST_GAP, Verdict, probe_gap
from reminderd.storage.epochs import from_epoch, to_epoch
from reminderd.storage.tables import metadata
from reminderd.storage.upserts import insert_new
from reminderd.storage.waiting import hasten, let_go

_CHANNEL = metadata.tables["channel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How one channel is. ``broken`` says what only its owner can mend."""

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
        """Tell whether the channel is neither broken nor resting at *now*."""
        if self.broken is not None:
            return False
        if self.retry_at is None or self.retry_at <= now:
            return True
        # So long a rest is from a clock that was wrong.
        return self.retry_at > now + LONGEST_GAP

    @property
    def is_troubled(self) -> bool:
        """Whether its last attempt failed."""
        return self.broken is not None or self.consecutive_failures > 0


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
    _save(tx, name, consecutive_failures=0, retry_at=None, last_ok_at=now, broken=None)
    if before.broken is not None:
        let_go(tx, name, now)
    if before.is_troubled:
        hasten(tx, name, now)


def note_failure(tx: Connection, name: str, verdict: Verdict, now: datetime) -> None:
    """Note a failure that may pass; after several in a row the channel rests.

    It also rests when the service asks for it, up to half an hour.
    """
    failures = health_of(tx, name).consecutive_failures + 1
    rests = [
        gap for gap in (probe_gap(failures), verdict.retry_after) if gap is not None
    ]
    retry_at = now + min(max(rests), LONGEST_GAP) if rests else None
    _save(
        tx,
        name,
        consecutive_failures=failures,
        retry_at=None if retry_at is None else to_epoch(retry_at),
        last_error=verdict.reason,
        last_error_at=now,
    )


def note_refusal(tx: Connection, name: str, reason: str, now: datetime) -> None:
    """Note that the channel is alive and has refused one message."""
    _save(tx, name, last_error=reason, last_error_at=now)


def mark_broken(tx: Connection, name: str, reason: str, now: datetime) -> None:
    """Note that the channel cannot work before its owner has mended it."""
    _save(tx, name, broken=reason, last_error=reason, last_error_at=now)


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
    """Forget what was wrong with the channel, and send what was held for it."""
    _save(tx, name, consecutive_failures=0, retry_at=None, broken=None)
    let_go(tx, name, now)


def _save(tx: Connection, name: str, **changed: Any) -> None:  # noqa: ANN401 - columns
    insert_new(tx, _CHANNEL, {"name": name, "consecutive_failures": 0})
    tx.execute(update(_CHANNEL).where(_CHANNEL.c.name == name).values(**changed))


def _health(row: RowMapping) -> Health:
    retry_at = row["retry_at"]
    return Health(
        **{**row, "retry_at": None if retry_at is None else from_epoch(retry_at)}
    )
