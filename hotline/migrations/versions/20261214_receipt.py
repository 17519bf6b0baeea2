"""Let citizens come back to their inquiry by reference and code."""

import sqlalchemy as sa
from alembic import op

revision = "20261214_receipt"
down_revision = "20261213_guidance"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A keyed hash for each inquiry that came by the citizens' own form."""
    op.create_table(
        "receipt",
        sa.Column("inquiry_id", sa.Uuid, sa.ForeignKey("inquiry.id"), primary_key=True),
        sa.Column("code_hash", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Nobody comes back."""
    op.drop_table("receipt")
