"""Say where an integrator's inquiries are answered, if not on the desk."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261211_answered_in"
down_revision = "20261210_message"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An address a channel."""
    op.add_column("integrator", sa.Column("answered_in", JSONB, nullable=False, server_default=sa.text("'{}'")))


def downgrade() -> None:
    """Everything is answered on the desk."""
    op.drop_column("integrator", "answered_in")
