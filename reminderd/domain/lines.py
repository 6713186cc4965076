"""A prepaid line, what is left on it, and the dates by which something must be done."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from reminderd.domain.calendar import end_of_day, last_date, require_utc, shift
from reminderd.domain.periods import Period
from reminderd.domain.plans import UNSAID, Plan
from reminderd.domain.quantities import DECIMAL, AllowanceKind
from reminderd.domain.texts import Text

GENERAL = "general"
# Far enough from the ends of the calendar for a period of 100 years either way.
_FIRST_YEAR = 2000
LAST_YEAR = 2199


class DeadlineKind(StrEnum):
    """What ends on a date."""

    VALIDITY = "validity"
    CREDIT = "credit"
    KEEP_ALIVE = "keep_alive"
    NUMBER = "number"
    START_BY = "start_by"
    # FOLLOWING: never stored, see effects.py.
    GRACE = "grace"
    EXPIRY = "expiry"
    RUNS_OUT = "runs_out"
    PROMOTION = "promotion"


FOLLOWING = frozenset(
    {
        DeadlineKind.GRACE,
        DeadlineKind.EXPIRY,
        DeadlineKind.RUNS_OUT,
        DeadlineKind.PROMOTION,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """A quantity left on a line: bytes, seconds, a count, or minor units of money.

    ``None`` stands for unknown, which is never zero. ``remaining`` may exceed
    ``total`` (roll-over) and may be negative (overused). ``size_base`` is how many
    bytes the carrier calls a kilobyte. A ``daily`` allowance is full again at each
    midnight in the line's zone, one that ``refills_on`` a date at its beginning, with
    ``refill_to`` or else the total; what is left then ``is_assumed``. After one that
    is ``throttled`` there is slow data. It ends at ``expires`` as a deadline does.
    Since ``filled_at`` it was used at ``per_day``, None where there are too few
    readings to say.
    """

    kind: AllowanceKind
    bucket: str = GENERAL
    remaining: int | None = None
    total: int | None = None
    unlimited: bool = False
    currency: str | None = None
    size_base: int = DECIMAL
    daily: bool = False
    throttled: bool = False
    expires: date | datetime | None = None
    refills_on: date | None = None
    refill_to: int | None = None
    filled_at: datetime | None = field(default=None, compare=False)
    per_day: int | None = field(default=None, compare=False)
    is_assumed: bool = False
    observed_at: datetime

    def __post_init__(self) -> None:
        require_utc("observed_at", self.observed_at)
        if isinstance(self.expires, datetime):
            require_utc("expires", self.expires)
        if self.total is not None and self.total < 0:
            raise ValueError(f"the total of {self.kind} cannot be negative")
        if (self.kind is AllowanceKind.BALANCE) != (self.currency is not None):
            raise ValueError("a balance, and only a balance, has a currency")

    @property
    def item(self) -> str:
        """The name under which limits and told state refer to this allowance."""
        if self.bucket == GENERAL:
            return self.kind.value
        return f"{self.kind}/{self.bucket}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A date by which something must be done.

    A ``due`` date is inclusive: it ends with that day in the carrier's zone. An
    instant is exact. A rolling deadline is derived from the last activity, and
    carries its ``period``. ``anchor_day`` is the day of the month on which a plan
    began, if a short month has moved its end. None of its limits is reached before
    ``counts_from``. One that ``follows`` another item comes ``after`` that has passed.
    A plan that ``renews_itself`` does so on its due date.
    """

    kind: DeadlineKind
    due: date | datetime
    period: Period | None = None
    last_activity_on: date | None = None
    anchor_day: int | None = None
    counts_from: datetime | None = None
    follows: str | None = None
    after: Period | None = None
    renews_itself: bool = False
    observed_at: datetime

    def __post_init__(self) -> None:
        require_utc("observed_at", self.observed_at)
        if isinstance(self.due, datetime):
            require_utc("due", self.due)
        if self.kind in FOLLOWING and self.follows is None:
            raise ValueError(f"{self.kind} is no deadline of its own")
        if not _FIRST_YEAR <= self.due.year <= LAST_YEAR:
            raise ValueError(
                Text("{due} is no real date; leave out what never ends", due=self.due)
            )

    @property
    def item(self) -> str:
        """The name under which limits and told state refer to this deadline."""
        if self.follows is None:
            return self.kind.value
        suffix = "" if self.after is None else f"+{self.after}"
        return f"{self.kind}/{self.follows}{suffix}"

    def due_at(self, zone: ZoneInfo) -> datetime:
        """Return the instant at which the deadline has passed, in UTC."""
        return end_of(self.due, zone)

    def due_on(self, zone: ZoneInfo) -> date:
        """Return the last date in *zone* on which something can be done."""
        return last_date(self.due_at(zone), zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One prepaid SIM or eSIM; ``zone`` is the carrier's, ``name`` the owner's handle.

    ``plan`` is what its owner says of how it is renewed, over what the carrier says.
    ``review_at`` is the instant for which the last review asked to be called again.
    """

    name: str
    zone: ZoneInfo
    added_at: datetime
    allowances: tuple[Allowance, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    plan: Plan = UNSAID
    snoozed_until: datetime | None = None
    review_at: datetime | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        require_utc("added_at", self.added_at)
        items = [known.item for known in self.readings]
        if len(items) != len(set(items)):
            raise ValueError(f"{self.name}: an allowance or a deadline is given twice")

    @property
    def readings(self) -> tuple["Reading", ...]:
        """Everything known of the line."""
        return (*self.allowances, *self.deadlines)

    def deadline(self, kind: DeadlineKind) -> Deadline | None:
        """Return the deadline of *kind*, or None where it is unknown."""
        return next(
            (
                known
                for known in self.deadlines
                if known.kind is kind and known.follows is None
            ),
            None,
        )

    def allowance(self, kind: AllowanceKind, bucket: str = GENERAL) -> Allowance | None:
        """Return the allowance of *kind* in *bucket*, or None where it is unknown."""
        return next(
            (
                known
                for known in self.allowances
                if known.kind is kind and known.bucket == bucket
            ),
            None,
        )

    @property
    def plan_ends_at(self) -> datetime | None:
        """When the plan ends, in UTC; None where that is unknown."""
        validity = self.deadline(DeadlineKind.VALIDITY)
        return None if validity is None else validity.due_at(self.zone)

    @property
    def observed_at(self) -> datetime:
        """When something was last learnt of this line, at the earliest its adding."""
        return max(
            (known.observed_at for known in self.readings), default=self.added_at
        )


Reading = Allowance | Deadline


def end_of(due: date | datetime, zone: ZoneInfo) -> datetime:
    """Return the instant in UTC at which *due* has passed: a date with its end."""
    return due if isinstance(due, datetime) else end_of_day(due, zone)


def rolling_deadline(
    last_activity_on: date,
    period: Period,
    observed_at: datetime,
    kind: DeadlineKind = DeadlineKind.KEEP_ALIVE,
) -> Deadline:
    """Return the deadline that lies a calendar *period* after the last activity.

    Raises:
        ValueError: The period is exact, or leads beyond any plausible date.
    """
    if not period.is_calendar:
        raise ValueError("a keep-alive period is in days, weeks, months or years")
    return Deadline(
        kind=kind,
        due=shift(last_activity_on, period),
        period=period,
        last_activity_on=last_activity_on,
        observed_at=observed_at,
    )
