"""Keep what the pool spared each member in a month, as the annex of its settlement."""

import sqlalchemy as sa
from alembic import op

revision = "20261217_saving"
down_revision = "20261216_alert"
branch_labels = None
depends_on = None

FIGURES = ("queue_time", "in_target", "abandoned")


def upgrade() -> None:
    """Of the months from now on."""
    op.create_table(
        "settlement_saving",
        sa.Column("collaboration_id", sa.BigInteger, sa.ForeignKey("collaboration.id"), primary_key=True),
        sa.Column("month", sa.Text, primary_key=True),
        sa.Column("municipality", sa.Text, sa.ForeignKey("municipality.code"), primary_key=True),
        sa.Column("inquiries", sa.BigInteger, nullable=False),
        *(sa.Column(f"{way}_{name}", sa.Double) for way in ("pooled", "alone") for name in FIGURES),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """The lines of the statements stay."""
    op.drop_table("settlement_saving")
