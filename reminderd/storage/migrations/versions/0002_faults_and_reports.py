"""Why a line could not be reviewed, and when a channel's trouble was reported."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns that may be NULL; no row has to be changed."""
    op.add_column("line", sa.Column("fault", AutoString()))
    op.add_column("line", sa.Column("fault_at", UTCDateTime()))
    op.add_column("channel", sa.Column("troubled_since", UTCDateTime()))
    op.add_column("channel", sa.Column("reported_at", UTCDateTime()))
