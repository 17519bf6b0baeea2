"""Let an offer keep why this agent got it and not another, as codes and figures; old offers keep their words."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261201_why"
down_revision = "20261201_outside"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Both at once, without a look at any row."""
    op.alter_column("offer", "reason", nullable=True)
    op.add_column("offer", sa.Column("why", JSONB))


def downgrade() -> None:
    """What was kept of a decision is lost."""
    op.drop_column("offer", "why")
    op.execute("UPDATE offer SET reason = '' WHERE reason IS NULL")
    op.alter_column("offer", "reason", nullable=False)
