"""Let a collaboration be closed, or open at other times, on days that are no public holidays."""

import sqlalchemy as sa
from alembic import op

revision = "20261201_special_days"
down_revision = "20261201_rings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Without any, each day is as its weekday."""
    op.create_table(
        "special_day",
        sa.Column("collaboration_id", sa.BigInteger, sa.ForeignKey("collaboration.id"), primary_key=True),
        sa.Column("day", sa.Text, primary_key=True),
        sa.Column("opens", sa.Time, primary_key=True),
        sa.Column("closes", sa.Time),
        sa.CheckConstraint("day ~ '^([0-9]{4}-)?[0-9]{2}-[0-9]{2}$'", name="special_day_is_a_day"),
        sa.CheckConstraint("closes IS NULL OR opens < closes", name="special_day_opens_before_it_closes"),
    )


def downgrade() -> None:
    """As its weekday."""
    op.drop_table("special_day")
