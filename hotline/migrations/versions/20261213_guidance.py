"""Keep guidance for each topic, and what agents miss in it."""

import sqlalchemy as sa
from alembic import op

revision = "20261213_guidance"
down_revision = "20261212_agent_phone"
branch_labels = None
depends_on = None

WHO = "coalesce(nullif(current_setting('hotline.who', true), ''), 'owner of the database')"


def upgrade() -> None:
    """There is none yet."""
    op.create_table(
        "guidance",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("topic", sa.Text, sa.ForeignKey("topic.slug"), nullable=False),
        sa.Column("municipality", sa.Text, sa.ForeignKey("municipality.code")),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("hours", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("review_by", sa.Date, nullable=False),
        sa.Column("for_citizens", sa.Boolean, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.Column("who", sa.Text, nullable=False, server_default=sa.text(WHO)),
        sa.UniqueConstraint(
            "topic", "municipality", "version", name="guidance_version", postgresql_nulls_not_distinct=True
        ),
        sa.CheckConstraint("version > 0", name="guidance_version_counts_from_one"),
    )
    op.create_table(
        "guidance_wish",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("topic", sa.Text, sa.ForeignKey("topic.slug"), nullable=False),
        sa.Column("municipality", sa.Text, sa.ForeignKey("municipality.code"), nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.Column("who", sa.Text, nullable=False, server_default=sa.text(WHO)),
    )


def downgrade() -> None:
    """What was written is gone."""
    op.drop_table("guidance_wish")
    op.drop_table("guidance")
