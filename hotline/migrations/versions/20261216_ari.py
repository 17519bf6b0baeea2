"""Lead the calls of a telephone exchange."""

import sqlalchemy as sa
from alembic import op

revision = "20261216_ari"
down_revision = "20261215_citizen_there"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No call has come yet, and nobody leads any."""
    op.create_table(
        "ari_call",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("app", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("inquiry_id", sa.Uuid, sa.ForeignKey("inquiry.id")),
        sa.Column("in_vain", sa.Text),
        sa.Column("over_at", sa.DateTime(timezone=True)),
    )
    op.create_index(
        "ari_call_live", "ari_call", ["app", "channel"], unique=True, postgresql_where=sa.text("over_at IS NULL")
    )
    op.create_index("ari_call_came", "ari_call", ["came_at"])
    op.create_table(
        "ari_lease",
        sa.Column("app", sa.Text, primary_key=True),
        sa.Column("holder", sa.Uuid, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """What is known of calls is gone; the inquiries that came of them stay."""
    for table in ("ari_lease", "ari_call"):
        op.drop_table(table)
