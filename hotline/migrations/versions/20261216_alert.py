"""Keep what those who run the pool were alerted about."""

import sqlalchemy as sa
from alembic import op

revision = "20261216_alert"
down_revision = "20261215_report"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
    op.create_table(
        "alert",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("value", sa.Double, nullable=False),
        sa.Column("worst", sa.Double, nullable=False),
        sa.CheckConstraint("kind IN ('waiting','surge','promise')", name="alert_kind"),
    )
    op.create_index(
        "alert_once", "alert", ["kind", "subject"], unique=True, postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_index("alert_by_time", "alert", ["begun_at"])


def downgrade() -> None:
    """Forgotten."""
    op.drop_table("alert")
