"""Let citizens and agents write to each other, and keep what an agent is still answering."""

import sqlalchemy as sa
from alembic import op

revision = "20261210_message"
down_revision = "20261210_simulation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The messages of an inquiry, and two drafts of it instead of one: the note's and the answer's."""
    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("inquiry_id", sa.Uuid, sa.ForeignKey("inquiry.id"), nullable=False),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("person_id", sa.BigInteger, sa.ForeignKey("person.id")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        sa.Column("key", sa.Text),
        sa.Column("body_hash", sa.LargeBinary),
        sa.CheckConstraint("(sender = 'agent') = (person_id IS NOT NULL)", name="message_sender"),
        sa.CheckConstraint("sender IN ('citizen','agent')", name="message_senders"),
    )
    op.create_index("message_of_inquiry", "message", ["inquiry_id", "id"])
    op.create_index(
        "message_key", "message", ["inquiry_id", "key"], unique=True, postgresql_where=sa.text("key IS NOT NULL")
    )
    op.add_column("note_draft", sa.Column("kind", sa.Text, nullable=False, server_default=sa.text("'note'")))
    op.create_check_constraint("note_draft_kind", "note_draft", "kind IN ('note','answer')")
    op.drop_constraint("note_draft_pkey", "note_draft")
    op.create_primary_key("note_draft_pkey", "note_draft", ["inquiry_id", "agent_id", "kind"])


def downgrade() -> None:
    """Notes alone."""
    op.execute("DELETE FROM note_draft WHERE kind <> 'note'")
    op.drop_constraint("note_draft_pkey", "note_draft")
    op.drop_constraint("note_draft_kind", "note_draft")
    op.drop_column("note_draft", "kind")
    op.create_primary_key("note_draft_pkey", "note_draft", ["inquiry_id", "agent_id"])
    op.drop_table("message")
