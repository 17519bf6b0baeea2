"""Keep agents' corrections, what a night made of them, examples of temporary topics, and how sure it was."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261209_taught"
down_revision = "20261208_rang_again"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Four tables that nothing else waits for."""
    op.create_table(
        "topic_example",
        sa.Column("topic", sa.Text, sa.ForeignKey("topic.slug"), primary_key=True),
        sa.Column("inquiry_id", sa.Uuid, sa.ForeignKey("inquiry.id"), primary_key=True),
        sa.Column("person_id", sa.BigInteger, sa.ForeignKey("person.id")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "lesson",
        sa.Column("inquiry_id", sa.Uuid, sa.ForeignKey("inquiry.id"), primary_key=True),
        sa.Column("was", sa.Text, sa.ForeignKey("topic.slug"), nullable=False),
        sa.Column("topic", sa.Text, sa.ForeignKey("topic.slug"), nullable=False),
        sa.Column("person_id", sa.BigInteger, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("lesson_by_time", "lesson", ["at"])
    op.create_table(
        "taught",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("base", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("lessons", JSONB, nullable=False),
        sa.Column("figures", JSONB, nullable=False),
        sa.CheckConstraint("state IN ('live', 'idle', 'worse', 'taken_back')", name="taught_state"),
    )
    op.create_table(
        "reading_day",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("guessed", sa.Integer, nullable=False),
        sa.Column("sure", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """What was taught is lost; the reader reads as it was trained."""
    for table in ("reading_day", "taught", "lesson", "topic_example"):
        op.drop_table(table)
