"""Judge waits by what the policy promises for channel and priority, no longer by what a topic says."""

import sqlalchemy as sa
from alembic import op

revision = "20261203_one_promise"
down_revision = "20261202_urgent_because"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What the journal has judged stays as it is."""
    op.drop_column("topic", "target_seconds")


def downgrade() -> None:
    """Every topic has the usual target."""
    op.add_column("topic", sa.Column("target_seconds", sa.Integer, nullable=False, server_default="60"))
    op.alter_column("topic", "target_seconds", server_default=None)
