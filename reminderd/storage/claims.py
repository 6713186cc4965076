"""Claims on deliveries: nothing is sent without one, and only its holder may record.

Each claim raises the delivery's fence. Whoever comes back after its lease has lapsed
(a process that was stopped, a sleeping machine) finds another fence and records
nothing. While a delivery is claimed, ``next_attempt_at`` is the end of its lease, so
that one index leads to all that needs attention.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)

from reminderd.domain.deliveries import LONGEST_GAP, DeliveryState
from reminderd.failpoints import reach
from reminderd.storage.brakes import IS_BRAKED
from reminderd.storage.contents import StoredContent, line_columns
from reminderd.storage.epochs import from_epoch, to_epoch
from reminderd.storage.lines import ASAP
from reminderd.storage.tables import metadata

_REMINDER = metadata.tables["reminder"]
_DELIVERY = metadata.tables["delivery"]
_ATTEMPT = metadata.tables["attempt"]
_LINE = metadata.tables["line"]

# Short ones were refused together; alone, one that cannot be sent harms no other.
_MOST_ALONE = 20
# A message that its service cannot digest must not keep all others waiting for ever.
_TRIES_BEFORE_THE_NEXT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a worker asks for: up to *limit* deliveries of one channel, for a *lease*.

    With ``quiet_until``, only what loses its use by then. A probe goes to what has
    been tried least; ``is_held`` asks for what is held for a broken channel.
    """

    channel: str
    worker: str
    lease: timedelta
    limit: int = 1
    quiet_until: datetime | None = None
    is_probe: bool = False
    is_held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A delivery that this worker, and nobody else, may send until its lease ends.

    ``attempts`` counts the coming one too, ``unknowns`` only those before it.
    """

    delivery_id: int
    reminder_id: int
    line_id: int | None
    channel: str
    fence: int
    attempts: int
    unknowns: int
    short: bool
    created_at: datetime
    useful_until: datetime | None
    content: StoredContent


def is_any_due(tx: Connection, wanted: Wanted, now: datetime) -> bool:
    """Tell whether :func:`claim` has anything to do."""
    return tx.execute(_wanted(wanted, now).limit(1)).first() is not None


def has_lapsed(tx: Connection, spared: str | None, now: datetime) -> bool:
    """Tell whether there is anything for :func:`lapsed`."""
    found = _lapsed(spared, now).with_only_columns(_DELIVERY.c.id).limit(1)
    return tx.execute(found).first() is not None


def lapsed(tx: Connection, spared: str | None, now: datetime) -> list[Claimed]:
    """Return the claims whose lease has ended: those who made them may be dead.

    A worker that is sending is *spared*: it knows what becomes of its own. They are
    for the caller to record, as an unknown outcome.
    """
    rows = tx.execute(_for_update(_lapsed(spared, now))).mappings()
    return [_claimed(row) for row in rows]


def claim(tx: Connection, wanted: Wanted, now: datetime) -> list[Claimed]:
    """Claim due deliveries, worst first, and begin an attempt at each.

    All of them are short, or none is. What has lost its use expires instead.
    """
    _expire(tx, wanted.channel, now)
    rows = tx.execute(_for_update(_wanted(wanted, now))).mappings().all()
    rows = [row for row in rows if row["short"] == rows[0]["short"]]
    if rows and rows[0]["short"] and len(rows) <= _MOST_ALONE:
        rows = rows[:1]
    claimed = [
        replace(known, fence=known.fence + 1, attempts=known.attempts + 1)
        for known in map(_claimed, rows)
    ]
    if claimed:
        _begin(tx, claimed, wanted, now)
    return claimed


def _is_due(state: DeliveryState, now: datetime) -> Any:  # noqa: ANN401 - a condition
    # A time that lies further ahead than any gap is from a clock that was wrong.
    return and_(
        _DELIVERY.c.state == state,
        or_(
            _DELIVERY.c.next_attempt_at <= to_epoch(now),
            _DELIVERY.c.next_attempt_at > to_epoch(now + LONGEST_GAP) + 1,
        ),
    )


def _is_held(now: datetime) -> Any:  # noqa: ANN401 - a condition
    return and_(
        _DELIVERY.c.state == DeliveryState.HELD,
        ~IS_BRAKED,
        func.coalesce(_DELIVERY.c.useful_until, to_epoch(now)) >= to_epoch(now),
    )


def _selected() -> Select[Any]:
    return (
        select(
            _DELIVERY.c.id.label("delivery_id"),
            _DELIVERY.c.reminder_id,
            _DELIVERY.c.channel,
            _DELIVERY.c.fence,
            _DELIVERY.c.attempts,
            _DELIVERY.c.unknowns,
            _DELIVERY.c.short,
            _DELIVERY.c.created_at,
            _DELIVERY.c.useful_until,
            _REMINDER.c.line_id,
            _REMINDER.c.content,
            _REMINDER.c.created_at.label("decided_at"),
            _LINE.c.name,
            _LINE.c.timezone,
            _LINE.c.carrier,
            _LINE.c.number,
            _LINE.c.plan,
        )
        .join_from(_DELIVERY, _REMINDER)
        .outerjoin(_LINE, _REMINDER.c.line_id == _LINE.c.id)
    )


def _for_update(statement: Select[Any]) -> Select[Any]:
    return statement.with_for_update(skip_locked=True, of=_DELIVERY)


def _lapsed(spared: str | None, now: datetime) -> Select[Any]:
    over = _selected().where(_is_due(DeliveryState.SENDING, now))
    return over if spared is None else over.where(_DELIVERY.c.worker != spared)


def _wanted(wanted: Wanted, now: datetime) -> Select[Any]:
    due = _selected().where(
        _DELIVERY.c.channel == wanted.channel,
        _is_held(now) if wanted.is_held else _is_due(DeliveryState.PENDING, now),
        or_(_LINE.c.review_at.is_(None), _LINE.c.review_at != ASAP),
    )
    if wanted.quiet_until is not None:
        due = due.where(_DELIVERY.c.useful_until <= to_epoch(wanted.quiet_until))
    tries = _DELIVERY.c.attempts // _TRIES_BEFORE_THE_NEXT
    return due.order_by(
        *([tries] if wanted.is_probe else []),
        _DELIVERY.c.short,
        _REMINDER.c.worst.desc(),
        _DELIVERY.c.id,
    ).limit(wanted.limit)


def _expire(tx: Connection, channel: str, now: datetime) -> None:
    useless = update(_DELIVERY).where(
        _DELIVERY.c.channel == channel,
        _is_due(DeliveryState.PENDING, now),
        _DELIVERY.c.useful_until < to_epoch(now),
        _DELIVERY.c.reminder_id.not_in(_of_changed_lines()),
    )
    tx.execute(
        useless.values(
            state=DeliveryState.EXPIRED,
            next_attempt_at=None,
            settled_at=now,
            reason="its time was over before it could be sent",
        )
    )


def _of_changed_lines() -> Select[Any]:
    """Select the reminders of lines that wait for a review of something new.

    What they say may not hold any more: the review comes first.
    """
    return (
        select(_REMINDER.c.id)
        .join_from(_LINE, _REMINDER)
        .where(_LINE.c.review_at == ASAP)
    )


def _begin(
    tx: Connection, claimed: Sequence[Claimed], wanted: Wanted, now: datetime
) -> None:
    lease_until = to_epoch(now + wanted.lease)
    tx.execute(
        update(_DELIVERY)
        .where(_DELIVERY.c.id == bindparam("claimed_id"))
        .values(
            state=DeliveryState.SENDING,
            worker=wanted.worker,
            lease_until=lease_until,
            next_attempt_at=lease_until,
            fence=bindparam("claimed_fence"),
            attempts=bindparam("claimed_attempts"),
        ),
        [
            {
                "claimed_id": known.delivery_id,
                "claimed_fence": known.fence,
                "claimed_attempts": known.attempts,
            }
            for known in claimed
        ],
    )
    reach("claim.inside")
    tx.execute(
        insert(_ATTEMPT),
        [
            {"delivery_id": known.delivery_id, "fence": known.fence, "started_at": now}
            for known in claimed
        ],
    )


def _claimed(row: RowMapping) -> Claimed:
    useful_until = row["useful_until"]
    return Claimed(
        delivery_id=row["delivery_id"],
        reminder_id=row["reminder_id"],
        line_id=row["line_id"],
        channel=row["channel"],
        fence=row["fence"],
        attempts=row["attempts"],
        unknowns=row["unknowns"],
        short=row["short"],
        created_at=row["created_at"],
        useful_until=None if useful_until is None else from_epoch(useful_until),
        content=StoredContent(
            line=line_columns(row),
            record=row["content"],
            created_at=row["decided_at"],
        ),
    )
