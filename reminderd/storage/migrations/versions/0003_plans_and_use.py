"""How a line is renewed, and what is known of an allowance besides its figures."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns that may be NULL; no row has to be changed."""
    op.add_column("line", sa.Column("plan", sa.JSON()))
    op.add_column("deadline", sa.Column("anchor_day", sa.Integer()))
    for column in (
        sa.Column("size_base", sa.Integer()),
        sa.Column("daily", sa.Boolean()),
        sa.Column("throttled", sa.Boolean()),
        sa.Column("expires_on", sa.Date()),
        sa.Column("expires_at", UTCDateTime()),
        sa.Column("refills_on", sa.Date()),
        sa.Column("refill_to", sa.BigInteger()),
        sa.Column("filled_at", UTCDateTime()),
        sa.Column("per_day", sa.BigInteger()),
    ):
        op.add_column("allowance", column)
