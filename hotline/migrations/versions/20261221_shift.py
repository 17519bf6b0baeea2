"""Plan who is at work when."""

import sqlalchemy as sa
from alembic import op

revision = "20261221_shift"
down_revision = "20261220_phrase"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table of shifts."""
    op.create_table(
        "shift",
        sa.Column("agent_id", sa.BigInteger, sa.ForeignKey("agent.id"), primary_key=True),
        sa.Column("begins", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("begins < ends", name="shift_ends_after_it_begins"),
    )
    op.create_index("shift_by_time", "shift", ["begins"])


def downgrade() -> None:
    """The roster is planned elsewhere again."""
    op.drop_table("shift")
