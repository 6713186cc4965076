"""What the owner hears of a channel in trouble, through those that live.

Once an outage, once more when a channel that failed is broken, every day while that
lasts, and once when it is over.
"""

import logging
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection

from reminderd.delivery.occasions import Occasion
from reminderd.domain.ladders import Severity
from reminderd.domain.outages import is_report_due
from reminderd.domain.reminders import Notice
from reminderd.storage import channels, outbox, reports
from reminderd.storage.channels import Health

_log = logging.getLogger(__name__)


def needs_report(
    tx: Connection, name: str, known: Mapping[str, Health], occasion: Occasion
) -> bool:
    """Tell whether :func:`report_again` has anything to say, and somebody to say it to.

    A channel that only fails may be well by now if nothing waits for it.
    """
    health = known.get(name)
    if health is None or not health.is_troubled:
        return False
    is_due = is_report_due(
        health.troubled_since or occasion.now,
        health.reported_at,
        occasion.now,
        is_broken=health.broken is not None,
    )
    if not is_due or not _unbroken(known, name, occasion.channels):
        return False
    return health.broken is not None or reports.count_waiting(tx, name) > 0


def report(tx: Connection, name: str, reason: str, occasion: Occasion) -> None:
    """Say that channel *name* cannot deliver, unless it has been said of this outage.

    One that is well otherwise has given up a message. *reason* is why, if that is not
    what the channel is broken by.
    """
    health = channels.health_of(tx, name)
    is_broken = health.broken is not None
    code = "channel-failing" if health.is_troubled else "delivery-dead"
    if is_broken:
        code = "channel-broken"
    details = {"channel": name, "reason": health.broken or reason}
    notice = _notice(health, code, details, occasion.now)
    # Another configuration that does not work either is another trouble.
    key = _key(health, f"{health.fingerprint}|{code}")
    if not health.is_troubled:
        key = f"{code}|{name}|{health.fingerprint}|{health.last_ok_at}"
    if _say(tx, name, notice, key, occasion) and health.is_troubled:
        channels.note_report(tx, name, occasion.now)


def report_again(tx: Connection, name: str, occasion: Occasion) -> None:
    """Say that channel *name* is in trouble still, or that it is, for the first time.

    Nothing is said if another process has done so since that was found to be due.
    """
    known = channels.all_health(tx)
    if not needs_report(tx, name, known, occasion):
        return
    health = known[name]
    if health.reported_at is None:
        report(tx, name, health.trouble or "", occasion)
    else:
        details = {
            "channel": name,
            "reason": health.trouble or "",
            "since": _began(health, occasion.now).isoformat(),
            "waiting": str(reports.count_waiting(tx, name)),
        }
        key = _key(health, health.reported_at.isoformat())
        notice = _notice(health, "channel-still-down", details, occasion.now)
        _say(tx, name, notice, key, occasion)
    channels.note_report(tx, name, occasion.now)


def report_back(tx: Connection, before: Health, occasion: Occasion) -> None:
    """Say that a channel works, which was as *before*, if that had been said."""
    since = before.troubled_since
    if since is None or before.reported_at is None:
        return
    if not reports.has_arrived(tx, before.name, since):
        return
    after = reports.aftermath(tx, before.name, since)
    notice = Notice(
        code="channel-back",
        severity=Severity.INFO,
        details={
            "channel": before.name,
            "since": since.isoformat(),
            "until": occasion.now.isoformat(),
            "late": str(after.late),
            "elsewhere": str(after.elsewhere),
            "channels": ", ".join(after.channels),
        },
        created_at=occasion.now,
    )
    living = _unbroken(channels.all_health(tx), None, occasion.channels)
    key = f"channel-back|{before.name}|{since.isoformat()}"
    outbox.enqueue_notice(tx, notice, key, living, occasion.now)


def _notice(
    health: Health, code: str, details: Mapping[str, str], now: datetime
) -> Notice:
    is_broken = health.broken is not None
    return Notice(
        code=code,
        severity=Severity.CRITICAL if is_broken else Severity.WARNING,
        details=details,
        created_at=now,
    )


def _began(health: Health, now: datetime) -> datetime:
    return min(health.troubled_since or now, now)


def _key(health: Health, text: str) -> str:
    """Return a key that holds until the channel works, whether it fails or refuses."""
    return reports.report_key(health.name, health.troubled_since, text)


def _say(
    tx: Connection, name: str, notice: Notice, key: str, occasion: Occasion
) -> bool:
    """Put a report on channel *name* into the outbox; tell whether it is new."""
    living = _unbroken(channels.all_health(tx), name, occasion.channels)
    if not living:
        _log.error("%s, and nobody can be told channel=%s", notice.code, name)
        return False
    return outbox.enqueue_notice(tx, notice, key, living, occasion.now) is not None


def _unbroken(
    known: Mapping[str, Health], name: str | None, names: Collection[str]
) -> list[str]:
    """Return those of *names* but *name* that are not broken."""
    return [
        other
        for other in names
        if other != name and (other not in known or known[other].broken is None)
    ]
