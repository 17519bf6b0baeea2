"""Keep the reports that municipalities hand to their councils."""

import sqlalchemy as sa
from alembic import op

revision = "20261215_report"
down_revision = "20261214_traced"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None is made yet."""
    op.create_table(
        "municipality_report",
        sa.Column("municipality", sa.Text, sa.ForeignKey("municipality.code"), primary_key=True),
        sa.Column("month", sa.Date, primary_key=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.Column("made_at", sa.DateTime(timezone=True)),
        sa.Column("pdf", sa.LargeBinary),
        sa.CheckConstraint("(pdf IS NULL) = (made_at IS NULL)", name="municipality_report_made"),
    )
    op.create_index(
        "municipality_report_asked", "municipality_report", ["asked_at"], postgresql_where=sa.text("pdf IS NULL")
    )


def downgrade() -> None:
    """Reports can be made again."""
    op.drop_table("municipality_report")
