"""Word of the lines that a pass had to leave aside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from reminderd.domain.ladders import Severity
from reminderd.domain.reminders import Notice
from reminderd.storage import outbox

# More names than these are counted.
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Faulty:
    """A line that cannot be reviewed, and why, without any value."""

    name: str
    fault: str


def tell_of(
    tx: Connection, faulty: Sequence[Faulty], channels: Sequence[str], now: datetime
) -> None:
    """Put one message about the lines newly left aside, if any, into the outbox."""
    if not faulty:
        return
    names = [known.name for known in faulty[:_MOST_NAMED]]
    if len(faulty) > _MOST_NAMED:
        names.append(f"+{len(faulty) - _MOST_NAMED}")
    notice = Notice(
        code="line-left-aside",
        severity=Severity.WARNING,
        details={
            "lines": ", ".join(names),
            "line": faulty[0].name,
            "fault": faulty[0].fault,
        },
        created_at=now,
    )
    key = f"line-left-aside|{faulty[0].name}|{now.isoformat()}"
    outbox.enqueue_notice(tx, notice, key, channels, now)
