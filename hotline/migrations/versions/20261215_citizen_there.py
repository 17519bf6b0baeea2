"""Know whether the citizen of a chat is still at their page."""

import sqlalchemy as sa
from alembic import op

revision = "20261215_citizen_there"
down_revision = "20261214_receipt"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """When the page asked last, when they typed last, and since when it is closed."""
    op.create_table(
        "citizen_there",
        sa.Column("inquiry_id", sa.Uuid, sa.ForeignKey("inquiry.id"), primary_key=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("typed_at", sa.DateTime(timezone=True)),
        sa.Column("left_at", sa.DateTime(timezone=True)),
    )
    op.create_index("citizen_there_still", "citizen_there", ["seen_at"], postgresql_where=sa.text("left_at IS NULL"))


def downgrade() -> None:
    """Nobody knows."""
    op.drop_table("citizen_there")
