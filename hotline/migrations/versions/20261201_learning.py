"""Keep what the router learns of its topics."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261201_learning"
down_revision = "20261201_came_by"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One row, which the router writes."""
    op.create_table(
        "learning",
        sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("xid", sa.Text, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Uuid, nullable=False),
        sa.Column("sums", JSONB, nullable=False),
        sa.CheckConstraint("id = 1", name="learning_is_one"),
    )


def downgrade() -> None:
    """It begins to learn anew."""
    op.drop_table("learning")
