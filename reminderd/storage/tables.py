"""The tables of the store, one class each.

Instants that a pass compares are whole seconds since the epoch in BigInteger
columns, which are compact and the same on every database; instants for people are
aware datetimes. A quantity is bytes, seconds, a count, or minor units of money.
"""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Index,
    MetaData,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

from reminderd.storage.tolerant import TolerantJson

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Table(SQLModel):
    """The base that keeps our tables apart from those of other SQLModel users."""

    metadata: ClassVar[MetaData] = metadata


class LineRow(Table, table=True):
    """One line. ``review_at`` 0 means as soon as possible, NULL never.

    ``declared`` is what the configuration file last said of it, so that only what
    was edited there is applied again. ``plan`` is what its owner says of how it is
    renewed, NULL where that is nothing. ``fault`` says why it could not be reviewed;
    NULL: its last review came to its end.
    """

    __tablename__ = "line"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    carrier: str | None = None
    number: str | None = None
    iccid: str | None = None
    timezone: str
    tags: list[str] = Field(default_factory=list, sa_type=JSON)
    route: list[str] | None = Field(default=None, sa_type=JSON)
    origin: str
    declared: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    added_at: datetime
    archived_at: datetime | None = None
    snoozed_until: datetime | None = None
    review_at: int | None = Field(default=0, sa_type=BigInteger, index=True)
    fault: str | None = None
    fault_at: datetime | None = None
    plan: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))


class AllowanceRow(Table, table=True):
    """What is left of one allowance; NULL stands for unknown.

    ``expires_on`` or ``expires_at`` is its own end, NULL where that is the plan's.
    ``size_base`` NULL stands for 1000.
    """

    __tablename__ = "allowance"

    line_id: int = Field(primary_key=True, foreign_key="line.id")
    kind: str = Field(primary_key=True)
    bucket: str = Field(default="general", primary_key=True)
    remaining: int | None = Field(default=None, sa_type=BigInteger)
    total: int | None = Field(default=None, sa_type=BigInteger)
    unlimited: bool = False
    currency: str | None = None
    observed_at: datetime
    size_base: int | None = None
    daily: bool | None = None
    throttled: bool | None = None
    expires_on: date | None = None
    expires_at: datetime | None = None
    refills_on: date | None = None
    refill_to: int | None = Field(default=None, sa_type=BigInteger)
    filled_at: datetime | None = None
    per_day: int | None = Field(default=None, sa_type=BigInteger)


class DeadlineRow(Table, table=True):
    """One deadline: a date (inclusive, in the line's zone) or an instant.

    ``period`` and ``last_activity_on`` are set where the due date follows from them.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        CheckConstraint("(due_on IS NULL) <> (due_at IS NULL)", name="one_due"),
    )

    line_id: int = Field(primary_key=True, foreign_key="line.id")
    kind: str = Field(primary_key=True)
    due_on: date | None = None
    due_at: datetime | None = None
    period: str | None = None
    last_activity_on: date | None = None
    observed_at: datetime
    anchor_day: int | None = None


class ToldRow(Table, table=True):
    """What has been said about one item of a line; only lines below a limit have it."""

    __tablename__ = "told"

    line_id: int = Field(primary_key=True, foreign_key="line.id")
    item: str = Field(primary_key=True)
    cycle: str
    step: str
    said_at: datetime
    count: int = 0
    due_at: datetime | None = None
    acknowledged_at: datetime | None = None


class ReminderRow(Table, table=True):
    """One decision to tell somebody: about a line, or about reminderd itself.

    ``key`` is the line and its new findings in one text, so that no NULL can let
    the same decision in twice. ``content`` is what the message is made from.
    """

    __tablename__ = "reminder"

    id: int | None = Field(default=None, primary_key=True)
    line_id: int | None = Field(default=None, foreign_key="line.id", index=True)
    key: str = Field(unique=True)
    severity: int
    worst: int
    late: bool = False
    content: dict[str, Any] = Field(sa_type=TolerantJson)
    created_at: datetime
    useful_until: int | None = Field(default=None, sa_type=BigInteger)


class DeliveryRow(Table, table=True):
    """One reminder for one channel; ``fence`` counts claims, stale ones are void."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("reminder_id", "channel"),
        Index(None, "state", "channel"),
        CheckConstraint(
            "state IN ('pending', 'sending', 'sent', 'held', 'dead', 'superseded',"
            " 'expired')",
            name="state",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    reminder_id: int = Field(foreign_key="reminder.id")
    channel: str
    state: str = "pending"
    fence: int = 0
    attempts: int = 0
    unknowns: int = 0
    short: bool = False
    created_at: datetime
    next_attempt_at: int | None = Field(default=None, sa_type=BigInteger, index=True)
    lease_until: int | None = Field(default=None, sa_type=BigInteger)
    worker: str | None = None
    useful_until: int | None = Field(default=None, sa_type=BigInteger)
    settled_at: datetime | None = None
    reason: str | None = None


class AttemptRow(Table, table=True):
    """One try at a delivery; once an outcome is written it never changes."""

    __tablename__ = "attempt"

    delivery_id: int = Field(primary_key=True, foreign_key="delivery.id")
    fence: int = Field(primary_key=True)
    started_at: datetime
    finished_at: datetime | None = None
    outcome: str | None = None
    reason: str | None = None


class ChannelRow(Table, table=True):
    """The health of one channel. ``broken`` names what only its owner can mend.

    ``reported_at`` is when its owner was last told of the trouble that began at
    ``troubled_since``.
    """

    __tablename__ = "channel"

    name: str = Field(primary_key=True)
    consecutive_failures: int = 0
    retry_at: int | None = Field(default=None, sa_type=BigInteger)
    last_ok_at: datetime | None = None
    last_error: str | None = None
    last_error_at: datetime | None = None
    broken: str | None = None
    fingerprint: str | None = None
    troubled_since: datetime | None = None
    reported_at: datetime | None = None


class ReadingRow(Table, table=True):
    """One observation, append-only. ``item`` is an allowance or a deadline."""

    __tablename__ = "reading"

    id: int | None = Field(default=None, primary_key=True)
    line_id: int = Field(foreign_key="line.id", index=True)
    item: str
    remaining: int | None = Field(default=None, sa_type=BigInteger)
    total: int | None = Field(default=None, sa_type=BigInteger)
    unlimited: bool = False
    currency: str | None = None
    due: str | None = None
    observed_at: datetime
    source: str


class EventRow(Table, table=True):
    """What somebody did: a renewal, an activity, an answer, an edit; append-only."""

    __tablename__ = "event"

    id: int | None = Field(default=None, primary_key=True)
    line_id: int = Field(foreign_key="line.id", index=True)
    kind: str
    at: datetime
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=TolerantJson)
    amount: int | None = Field(default=None, sa_type=BigInteger)
    currency: str | None = None


class MetaRow(Table, table=True):
    """One fact about the store or the last pass."""

    __tablename__ = "meta"

    key: str = Field(primary_key=True)
    value: str
