"""Proof of life: now and then, a message through every channel, come what may."""

from datetime import date, datetime

from sqlalchemy import Connection

from reminderd.domain.calendar import local_date, local_instant, shift
from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import Notice
from reminderd.scheduling.setup import Proofs, Setup
from reminderd.storage import lines, meta, outbox
from reminderd.storage.database import Database
from reminderd.storage.upcoming import next_deadline

LAST_PROOF = "last_proof"


def prove(database: Database, setup: Setup, now: datetime) -> None:
    """Put a proof of life for each channel into the outbox, if one is due at *now*.

    The first is due at once, at the hour of reminders; after a long absence there is
    one, not one for each that was missed.

    Raises:
        StoreError: The store cannot be read or written.
    """
    proofs = setup.proofs
    if proofs is None:
        return
    with database.read() as tx:
        text = meta.get(tx, LAST_PROOF)
    today = local_date(now, proofs.zone)
    last = None if text is None else date.fromisoformat(text)
    if last is not None and last > today:
        # It was sent by a clock that ran ahead.
        with database.write() as tx:
            meta.put(tx, LAST_PROOF, today.isoformat())
    elif now >= _due_at(last, proofs, today):
        with database.write() as tx:
            _enqueue(tx, setup, proofs, today, now)
            meta.put(tx, LAST_PROOF, today.isoformat())


def next_proof(tx: Connection, setup: Setup, now: datetime) -> datetime | None:
    """Return when the next proof of life is due, None if none is wanted."""
    if setup.proofs is None:
        return None
    text = meta.get(tx, LAST_PROOF)
    last = None if text is None else date.fromisoformat(text)
    return _due_at(last, setup.proofs, local_date(now, setup.proofs.zone))


def _due_at(last: date | None, proofs: Proofs, today: date) -> datetime:
    day = today if last is None else shift(last, proofs.every)
    return local_instant(day, proofs.at, proofs.zone)


def _enqueue(
    tx: Connection, setup: Setup, proofs: Proofs, today: date, now: datetime
) -> None:
    details = {
        "lines": str(lines.count_lines(tx)),
        "next": shift(today, proofs.every).isoformat(),
    }
    deadline = next_deadline(tx, today, now)
    if deadline is not None:
        details |= {"line": deadline[0], "due": deadline[1].isoformat()}
    for channel in setup.channels:
        notice = Notice(
            code="proof",
            severity=Severity.INFO,
            details=details | {"channel": channel},
            created_at=now,
        )
        key = f"proof|{channel}|{today.isoformat()}"
        outbox.enqueue_notice(tx, notice, key, [channel], now)
