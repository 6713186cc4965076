"""Reminders for the outbox, and looks into it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from reminderd.domain.deliveries import Decision, DeliveryState, Outcome, Verdict
from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import Finding, Notice, Reminder
from reminderd.storage.claims import Claimed, Wanted, claim
from reminderd.storage.database import Database
from reminderd.storage.lines import NewLine, add_line, update_line
from reminderd.storage.outbox import enqueue_reminder
from reminderd.storage.settlements import Settlement, record
from reminderd.storage.tables import metadata
from tests.builders import NOW

LEASE = timedelta(seconds=120)
LATER = NOW + timedelta(hours=1)
SENT = (
    Verdict(outcome=Outcome.SENT, reason="accepted"),
    Decision(state=DeliveryState.SENT),
)
AGAIN = (
    Verdict(outcome=Outcome.TRANSIENT, reason="busy"),
    Decision(state=DeliveryState.PENDING, next_attempt_at=LATER),
)
UNKNOWN = (
    Verdict(outcome=Outcome.UNKNOWN, reason="no answer"),
    Decision(state=DeliveryState.PENDING, next_attempt_at=LATER),
)

_DELIVERY = metadata.tables["delivery"]
_LINE = metadata.tables["line"]
_ATTEMPT = metadata.tables["attempt"]


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a test wants to know of a delivery."""

    channel: str
    state: str
    attempts: int
    unknowns: int
    short: bool
    reason: str | None


def a_reminder(
    key: str = "validity|2026-12-04|30d",
    *,
    severity: Severity = Severity.WARNING,
    useful_until: datetime | None = None,
) -> Reminder:
    """Return a reminder with one finding."""
    finding = Finding(
        item="validity",
        step="30d",
        severity=severity,
        cycle="2026-12-04",
        new=True,
        observed_at=NOW,
    )
    return Reminder(
        findings=(finding,), severity=severity, useful_until=useful_until, key=key
    )


def a_notice(severity: Severity = Severity.WARNING) -> Notice:
    """Return a notice that names a channel."""
    return Notice(
        code="test", severity=severity, details={"channel": "x"}, created_at=NOW
    )


def add_stored_line(
    database: Database,
    name: str = "uk-travel",
    *,
    route: tuple[str, ...] | None = None,
) -> int:
    """Add a line that has been reviewed and return its id."""
    with database.write() as tx:
        new = NewLine(
            name=name,
            timezone="Europe/London",
            origin="cli",
            added_at=NOW,
            number="+447700900123",
            route=route,
        )
        line_id = add_line(tx, new)
        update_line(tx, line_id, review_at=None)
    return line_id


def mark_reviewed(database: Database) -> None:
    """Let every line be as it is after a pass that found nothing new."""
    with database.write() as tx:
        tx.execute(update(_LINE).values(review_at=None))


def enqueue(
    database: Database,
    *channels: str,
    line: str = "uk-travel",
    now: datetime = NOW,
    useful_until: datetime | None = None,
) -> int:
    """Put a reminder of a new line into the outbox; return the line's id."""
    line_id = add_stored_line(database, line)
    with database.write() as tx:
        reminder = a_reminder(useful_until=useful_until)
        assert enqueue_reminder(tx, line_id, reminder, channels, now) is not None
    return line_id


def deliveries(database: Database) -> list[Delivered]:
    """Return all deliveries in the order of their making."""
    columns = [
        _DELIVERY.c[name]
        for name in ("channel", "state", "attempts", "unknowns", "short", "reason")
    ]
    with database.read() as tx:
        rows = tx.execute(select(*columns).order_by(_DELIVERY.c.id)).all()
    return [Delivered(*row) for row in rows]


def states(database: Database) -> list[tuple[str, str]]:
    """Return channel and state of all deliveries in the order of their making."""
    return [(known.channel, known.state) for known in deliveries(database)]


def outcomes(database: Database) -> list[str | None]:
    """Return the outcomes of all attempts in the order of their beginning."""
    with database.read() as tx:
        known = select(_ATTEMPT.c.outcome).order_by(
            _ATTEMPT.c.delivery_id, _ATTEMPT.c.fence
        )
        return list(tx.execute(known).scalars())


def take(
    database: Database, channel: str = "phone", worker: str = "a", **changed: object
) -> list[Claimed]:
    """Claim what is due on a channel, at ``now`` or NOW, as *worker* wants it."""
    now = changed.pop("now", NOW)
    wanted = Wanted(
        channel=channel,
        worker=worker,
        lease=LEASE,
        **{"limit": 100, **changed},  # type: ignore[arg-type]  # of Wanted's fields
    )
    with database.write() as tx:
        return claim(tx, wanted, now)  # type: ignore[arg-type]  # a datetime


def settle(
    database: Database, claimed: Claimed, ending: tuple[Verdict, Decision]
) -> DeliveryState | None:
    """Record the end of an attempt; return the state that follows, None if void."""
    verdict, decision = ending
    with database.write() as tx:
        settlement = Settlement(claimed=claimed, verdict=verdict, decision=decision)
        return record(tx, [settlement], NOW).get(claimed.delivery_id)
