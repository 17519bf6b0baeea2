"""Keep words of the secretariat's that point to a topic."""

import sqlalchemy as sa
from alembic import op

revision = "20261223_topic_word"
down_revision = "20261223_sms"
branch_labels = None
depends_on = None

WHO = "coalesce(nullif(current_setting('hotline.who', true), ''), 'owner of the database')"


def upgrade() -> None:
    """There is none yet."""
    op.create_table(
        "topic_word",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("topic", sa.Text, sa.ForeignKey("topic.slug"), nullable=False),
        sa.Column("word", sa.Text, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("weight", sa.Float, nullable=False),
        sa.Column("state", sa.Text, nullable=False, server_default="new"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.Column("who", sa.Text, nullable=False, server_default=sa.text(WHO)),
        sa.Column("removed_at", sa.DateTime(timezone=True)),
        sa.Column("removed_by", sa.Text),
        sa.CheckConstraint("state IN ('new', 'live', 'worse')", name="topic_word_state"),
        sa.CheckConstraint("weight > 0 AND weight <= 1.5", name="topic_word_weight"),
    )
    op.create_index(
        "topic_word_once", "topic_word", ["said"], unique=True, postgresql_where=sa.text("removed_at IS NULL")
    )


def downgrade() -> None:
    """What was written is gone."""
    op.drop_table("topic_word")
