"""Let team leads, the secretariat and operators write notes as well: why they took an inquiry out of somebody's hands."""

from alembic import op

revision = "20261130_given_back"
down_revision = "20261130_rule_change_who"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Whoever wrote a note is a person, not always an agent, and for an operator's command nobody."""
    op.drop_constraint("note_agent_id_fkey", "note", type_="foreignkey")
    op.alter_column("note", "agent_id", new_column_name="person_id", nullable=True)
    op.create_foreign_key("note_person_id_fkey", "note", "person", ["person_id"], ["id"])


def downgrade() -> None:
    """Back to agents; what others wrote goes."""
    op.execute("DELETE FROM note WHERE person_id IS NULL OR person_id NOT IN (SELECT id FROM agent)")
    op.drop_constraint("note_person_id_fkey", "note", type_="foreignkey")
    op.alter_column("note", "person_id", new_column_name="agent_id", nullable=False)
    op.create_foreign_key("note_agent_id_fkey", "note", "agent", ["agent_id"], ["id"])
