"""Let a number say that those who hang up unanswered are called back."""

import sqlalchemy as sa
from alembic import op

revision = "20261221_missed_calls"
down_revision = "20261221_shift"
branch_labels = None
depends_on = None

TABLES = ("called_number", "cti_call")


def upgrade() -> None:
    """As until now, nobody is."""
    for table in TABLES:
        op.add_column(table, sa.Column("calls_back", sa.Boolean, nullable=False, server_default=sa.text("false")))


def downgrade() -> None:
    """Nobody is."""
    for table in TABLES:
        op.drop_column(table, "calls_back")
