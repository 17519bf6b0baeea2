"""Count calls about what the citizen had rung about within seven days."""

import sqlalchemy as sa
from alembic import op

revision = "20261208_rang_again"
down_revision = "20261207_sl_percent"
branch_labels = None
depends_on = None

TABLES = ("interval_sum", "interval_sum_anew", "long_sum", "long_sum_anew")


def upgrade() -> None:
    """Counted from now on, or by a rebuild; before, a day was as far as one looked back."""
    for table in TABLES:
        op.add_column(table, sa.Column("rang_again", sa.BigInteger, nullable=False, server_default=sa.text("0")))


def downgrade() -> None:
    """The journal keeps it."""
    for table in TABLES:
        op.drop_column(table, "rang_again")
