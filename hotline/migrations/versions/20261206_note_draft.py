"""Keep what an agent is writing."""

import sqlalchemy as sa
from alembic import op

revision = "20261206_note_draft"
down_revision = "20261205_cti"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One draft an inquiry and agent; who sees it is said in hotline/handling/rows.py."""
    op.create_table(
        "note_draft",
        sa.Column("inquiry_id", sa.Uuid, sa.ForeignKey("inquiry.id"), primary_key=True),
        sa.Column("agent_id", sa.BigInteger, sa.ForeignKey("agent.id"), primary_key=True, autoincrement=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """What is being written is in the browsers alone."""
    op.drop_table("note_draft")
