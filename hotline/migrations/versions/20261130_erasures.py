"""Remember erasures asked for while an inquiry was open, and let reasons and external ids go with the citizen."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_erasures"
down_revision = "20261122_intake_columns"
branch_labels = None
depends_on = None

# (name, table, columns, which rows): by these retention finds what may be erased.
INDEXES = (
    ("inquiry_with_external_id", "inquiry", ["ended_at"], "external_id IS NOT NULL AND ended_at IS NOT NULL"),
    ("inquiry_to_erase", "inquiry", ["id"], "erase_asked_at IS NOT NULL"),
    ("offer_with_reason", "offer", ["inquiry_id"], "answer_reason IS NOT NULL AND state = 'refused'"),
    ("lookup_with_reason", "lookup", ["at"], "why IS NOT NULL"),
    ("presence_with_reason", "presence_change", ["at"], "reason IS NOT NULL"),
)


def upgrade() -> None:
    """Only rows that have something to erase stand in an index, so that taking in costs nothing more."""
    op.add_column("inquiry", sa.Column("erase_asked_at", sa.DateTime(timezone=True)))
    op.add_column("retention_run", sa.Column("reasons", sa.Integer, nullable=False, server_default=sa.text("0")))
    op.drop_index("inquiry_with_marked_name", "inquiry")
    for name, table, columns, rows in INDEXES:
        op.create_index(name, table, columns, postgresql_where=sa.text(rows))


def downgrade() -> None:
    """Back to reasons that stay."""
    for name, table, *_ in INDEXES:
        op.drop_index(name, table)
    op.create_index(
        "inquiry_with_marked_name", "inquiry", ["id"], postgresql_where=sa.text("external_id LIKE '%[CPR]%'")
    )
    op.drop_column("retention_run", "reasons")
    op.drop_column("inquiry", "erase_asked_at")
