"""Why a line has sent nothing: all that keeps it quiet, what weighs most first."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from reminderd.domain.deliveries import DeliveryState
from reminderd.domain.review import Quiet
from reminderd.storage.past import PastReminder
from reminderd.storage.quarantine import LeftAside
from reminderd.views.deliveries import DeliveryStatus
from reminderd.views.limits import ItemLimits, Mute
from reminderd.views.status import LineStatus

LATELY = timedelta(days=7)
# Whatever makes passes, it makes one so often; by hand, few people look daily.
_PASSES_REST = timedelta(days=2)
# The timer runs each quarter of an hour.
_DUE_FOR_LONG = timedelta(minutes=45)
_ON_ITS_WAY = frozenset({DeliveryState.SENT, DeliveryState.SUPERSEDED})


class Why(StrEnum):
    """What keeps a line quiet."""

    LEFT_ASIDE = "left_aside"
    NEVER_LOOKED = "never_looked"
    NOT_LOOKED = "not_looked"
    CLOCK_MOVED = "clock_moved"
    CLOCK_NOT_SET = "clock_not_set"
    NOT_ARRIVED = "not_arrived"
    NO_CHANNEL = "no_channel"
    NO_FIGURES = "no_figures"
    DUE_NOW = "due_now"
    SNOOZED = "snoozed"
    ACKNOWLEDGED = "acknowledged"
    ALREADY_SAID = "already_said"
    SAID_AGAIN_LATER = "said_again_later"
    NOTHING_REACHED = "nothing_reached"
    PLAN_ENDED = "plan_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One thing that keeps a line quiet: since or until when, and what it is about.

    ``fault`` is what keeps the line from being looked at, ``delivery`` what has not
    arrived.
    """

    why: Why
    since: datetime | None = None
    until: datetime | None = None
    fault: str | None = None
    delivery: DeliveryStatus | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A reminder of the line, and what became of it on each channel."""

    past: PastReminder
    deliveries: tuple[DeliveryStatus, ...]

    @property
    def sent_at(self) -> datetime | None:
        """When it first reached somebody, None if it never has."""
        arrived = (
            each.settled_at
            for each in self.past.deliveries
            if each.state == DeliveryState.SENT and each.settled_at is not None
        )
        return min(arrived, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Whether anybody looks at the lines: the last pass, and what it found wrong.

    ``at`` is the present, also where the line is looked at as of another moment.
    ``doubted_until`` is when a clock that was moved is believed, None with
    ``is_doubted`` for one that is not set.
    """

    at: datetime
    last_pass: datetime | None
    is_doubted: bool = False
    doubted_until: datetime | None = None
    aside: LeftAside | None = None


def sent_lately(said: Sequence[Said], now: datetime) -> list[Said]:
    """Return what has reached somebody in the week before *now*, the latest first."""
    return [
        each
        for each in said
        if each.sent_at is not None and now - LATELY <= each.sent_at <= now
    ]


def reasons_for(
    status: LineStatus, limits: Sequence[ItemLimits], said: Sequence[Said], watch: Watch
) -> Iterator[Reason]:
    """Yield why nothing (more) has been sent of a line, what weighs most first.

    *said* are the line's reminders, the latest first.
    """
    yield from _unwatched(status, watch)
    stuck = tuple(_stuck(said[0])) if said else ()
    yield from stuck
    if not status.stored.line.readings:
        yield Reason(why=Why.NO_FIGURES, since=status.stored.line.added_at)
        return
    has_arrived = not stuck or said[0].sent_at is not None
    if has_arrived or status.quiet is not Quiet.ALREADY_SAID:
        yield _quiet(status, limits)
    if any(each.mute is Mute.PLAN_ENDED for each in limits):
        yield Reason(why=Why.PLAN_ENDED)


def _unwatched(status: LineStatus, watch: Watch) -> Iterator[Reason]:
    aside, last = watch.aside, watch.last_pass
    if aside is not None:
        yield Reason(
            why=Why.LEFT_ASIDE,
            since=aside.since,
            until=aside.again_at,
            fault=aside.fault,
        )
    if last is None:
        yield Reason(why=Why.NEVER_LOOKED)
    elif not watch.is_doubted and _has_stopped(status, last, watch.at):
        yield Reason(why=Why.NOT_LOOKED, since=last)
    if watch.is_doubted:
        why = Why.CLOCK_MOVED if watch.doubted_until else Why.CLOCK_NOT_SET
        yield Reason(why=why, until=watch.doubted_until)


def _has_stopped(status: LineStatus, last: datetime, now: datetime) -> bool:
    """Tell whether nobody looks any more: too long ago, or with this line overdue."""
    due_at = status.stored.line.review_at
    is_overdue = due_at is not None and last < due_at <= now - _DUE_FOR_LONG
    return now - last > _PASSES_REST or is_overdue


def _stuck(latest: Said) -> Iterator[Reason]:
    """Yield what keeps the latest reminder from arriving."""
    if not latest.deliveries:
        yield Reason(why=Why.NO_CHANNEL, since=latest.past.at)
    for each in latest.deliveries:
        if each.known.state not in _ON_ITS_WAY:
            yield Reason(why=Why.NOT_ARRIVED, since=latest.past.at, delivery=each)


def _quiet(status: LineStatus, limits: Sequence[ItemLimits]) -> Reason:
    if status.quiet is None:
        return Reason(why=Why.DUE_NOW)
    told = [each.told for each in limits if each.told is not None and each.step]
    match status.quiet:
        case Quiet.NOTHING_REACHED:
            return Reason(why=Why.NOTHING_REACHED)
        case Quiet.SNOOZED:
            return Reason(why=Why.SNOOZED, until=status.stored.line.snoozed_until)
        case Quiet.ACKNOWLEDGED:
            answers = (known.acknowledged_at for known in told)
            return Reason(why=Why.ACKNOWLEDGED, since=_latest(answers))
        case Quiet.ALREADY_SAID:
            again = (each.again_at for each in limits)
            until = min((at for at in again if at is not None), default=None)
            why = Why.ALREADY_SAID if until is None else Why.SAID_AGAIN_LATER
            since = _latest(known.said_at for known in told)
            return Reason(why=why, since=since, until=until)


def _latest(instants: Iterable[datetime | None]) -> datetime | None:
    return max((at for at in instants if at is not None), default=None)
