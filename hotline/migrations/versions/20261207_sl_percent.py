"""Let a collaboration say which share is to be answered within the target."""

import sqlalchemy as sa
from alembic import op

revision = "20261207_sl_percent"
down_revision = "20261206_missed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nine of ten."""
    op.add_column("collaboration", sa.Column("sl_percent", sa.Integer, nullable=False, server_default=sa.text("90")))


def downgrade() -> None:
    """No share is named any more."""
    op.drop_column("collaboration", "sl_percent")
