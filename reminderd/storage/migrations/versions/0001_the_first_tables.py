"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table; one that refers to another comes after it."""
    _lines()
    _readings()
    _said()
    _reminders()
    _deliveries()


def _lines() -> None:
    op.create_table(
        "line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("carrier", AutoString()),
        sa.Column("number", AutoString()),
        sa.Column("iccid", AutoString()),
        sa.Column("timezone", AutoString(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("route", sa.JSON()),
        sa.Column("origin", AutoString(), nullable=False),
        sa.Column("declared", sa.JSON()),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("archived_at", UTCDateTime()),
        sa.Column("snoozed_until", UTCDateTime()),
        sa.Column("review_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line")),
        sa.UniqueConstraint("name", name=op.f("uq_line_name")),
    )
    op.create_index(op.f("ix_line_review_at"), "line", ["review_at"])


def _readings() -> None:
    op.create_table(
        "allowance",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("bucket", AutoString(), nullable=False),
        sa.Column("remaining", sa.BigInteger()),
        sa.Column("total", sa.BigInteger()),
        sa.Column("unlimited", sa.Boolean(), nullable=False),
        sa.Column("currency", AutoString()),
        sa.Column("observed_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["line_id"], ["line.id"], name=op.f("fk_allowance_line_id_line")
        ),
        sa.PrimaryKeyConstraint("line_id", "kind", "bucket", name=op.f("pk_allowance")),
    )
    op.create_table(
        "deadline",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("due_at", UTCDateTime()),
        sa.Column("period", AutoString()),
        sa.Column("last_activity_on", sa.Date()),
        sa.Column("observed_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(due_on IS NULL) <> (due_at IS NULL)", name=op.f("ck_deadline_one_due")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["line.id"], name=op.f("fk_deadline_line_id_line")
        ),
        sa.PrimaryKeyConstraint("line_id", "kind", name=op.f("pk_deadline")),
    )
    op.create_table(
        "reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("item", AutoString(), nullable=False),
        sa.Column("remaining", sa.BigInteger()),
        sa.Column("total", sa.BigInteger()),
        sa.Column("unlimited", sa.Boolean(), nullable=False),
        sa.Column("currency", AutoString()),
        sa.Column("due", AutoString()),
        sa.Column("observed_at", UTCDateTime(), nullable=False),
        sa.Column("source", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["line_id"], ["line.id"], name=op.f("fk_reading_line_id_line")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
    )
    op.create_index(op.f("ix_reading_line_id"), "reading", ["line_id"])


def _said() -> None:
    op.create_table(
        "told",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("item", AutoString(), nullable=False),
        sa.Column("cycle", AutoString(), nullable=False),
        sa.Column("step", AutoString(), nullable=False),
        sa.Column("said_at", UTCDateTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("due_at", UTCDateTime()),
        sa.Column("acknowledged_at", UTCDateTime()),
        sa.ForeignKeyConstraint(
            ["line_id"], ["line.id"], name=op.f("fk_told_line_id_line")
        ),
        sa.PrimaryKeyConstraint("line_id", "item", name=op.f("pk_told")),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("amount", sa.BigInteger()),
        sa.Column("currency", AutoString()),
        sa.ForeignKeyConstraint(
            ["line_id"], ["line.id"], name=op.f("fk_event_line_id_line")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index(op.f("ix_event_line_id"), "event", ["line_id"])
    op.create_table(
        "meta",
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("value", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
    )


def _reminders() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer()),
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("worst", sa.Integer(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("useful_until", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["line_id"], ["line.id"], name=op.f("fk_reminder_line_id_line")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("key", name=op.f("uq_reminder_key")),
    )
    op.create_index(op.f("ix_reminder_line_id"), "reminder", ["line_id"])
    op.create_table(
        "channel",
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("consecutive_failures", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.BigInteger()),
        sa.Column("last_ok_at", UTCDateTime()),
        sa.Column("last_error", AutoString()),
        sa.Column("last_error_at", UTCDateTime()),
        sa.Column("broken", AutoString()),
        sa.Column("fingerprint", AutoString()),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_channel")),
    )


def _deliveries() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reminder_id", sa.Integer(), nullable=False),
        sa.Column("channel", AutoString(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("unknowns", sa.Integer(), nullable=False),
        sa.Column("short", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("next_attempt_at", sa.BigInteger()),
        sa.Column("lease_until", sa.BigInteger()),
        sa.Column("worker", AutoString()),
        sa.Column("useful_until", sa.BigInteger()),
        sa.Column("settled_at", UTCDateTime()),
        sa.Column("reason", AutoString()),
        sa.CheckConstraint(
            "state IN ('pending', 'sending', 'sent', 'held', 'dead', 'superseded',"
            " 'expired')",
            name=op.f("ck_delivery_state"),
        ),
        sa.ForeignKeyConstraint(
            ["reminder_id"],
            ["reminder.id"],
            name=op.f("fk_delivery_reminder_id_reminder"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint(
            "reminder_id", "channel", name=op.f("uq_delivery_reminder_id_channel")
        ),
    )
    op.create_index(
        op.f("ix_delivery_next_attempt_at"), "delivery", ["next_attempt_at"]
    )
    op.create_index(op.f("ix_delivery_state_channel"), "delivery", ["state", "channel"])
    op.create_table(
        "attempt",
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("finished_at", UTCDateTime()),
        sa.Column("outcome", AutoString()),
        sa.Column("reason", AutoString()),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_attempt_delivery_id_delivery"),
        ),
        sa.PrimaryKeyConstraint("delivery_id", "fence", name=op.f("pk_attempt")),
    )
