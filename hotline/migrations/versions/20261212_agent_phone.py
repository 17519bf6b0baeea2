"""Say where an agent is rung."""

import sqlalchemy as sa
from alembic import op

revision = "20261212_agent_phone"
down_revision = "20261211_answered_in"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has said so."""
    op.create_table(
        "agent_phone",
        sa.Column("agent_id", sa.BigInteger, sa.ForeignKey("agent.id"), primary_key=True),
        sa.Column("endpoint", sa.Text, nullable=False, unique=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Nobody is rung."""
    op.drop_table("agent_phone")
