"""Keep each CPR number that was taken out with its place, so that a false hit can be put back everywhere.

Rows had been made only where a collaboration keeps numbers, and only for those of the text. From now on there is one for
each number, also of attributes and notes; `may_reveal` says whether it may be shown, or only put back for a while.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_hits"
down_revision = "20261121_identities"
branch_labels = None
depends_on = None

CONSOLE = "hotline_console"
ASKS = "hotline_app, hotline_agent, hotline_team_lead, hotline_viewer, hotline_secretariat, hotline_integrator"
SOMEBODY = "(SELECT nullif(current_setting('hotline.who', true), '')) IS NOT NULL"
LIVE = "EXISTS (SELECT 1 FROM inquiry i WHERE i.id = note.inquiry_id AND i.state IN ('handling', 'wrapping'))"


def upgrade() -> None:
    """Number the rows within their inquiry, and let the streams read the notes of what is in hand."""
    op.add_column("kept_cpr", sa.Column("n", sa.Integer))
    op.add_column("kept_cpr", sa.Column("place", sa.Text))
    op.add_column("kept_cpr", sa.Column("may_reveal", sa.Boolean, nullable=False, server_default=sa.text("true")))
    op.execute("UPDATE kept_cpr SET n = position + 1, place = field")
    op.drop_constraint("kept_cpr_pkey", "kept_cpr")
    op.drop_column("kept_cpr", "field")
    op.alter_column("kept_cpr", "place", nullable=False)
    op.create_primary_key("kept_cpr_pkey", "kept_cpr", ["inquiry_id", "n"])
    op.create_unique_constraint("kept_cpr_place", "kept_cpr", ["inquiry_id", "place", "position"])
    op.create_index("kept_cpr_to_put_back", "kept_cpr", ["inquiry_id"], postgresql_where=sa.text("NOT may_reveal"))
    op.execute(f"GRANT SELECT (n, place, may_reveal) ON kept_cpr TO {ASKS}, {CONSOLE}")
    op.execute(f"GRANT SELECT ON note TO {CONSOLE}")
    op.execute(f"CREATE POLICY read_live ON note FOR SELECT TO {CONSOLE} USING ({SOMEBODY} AND {LIVE})")


def downgrade() -> None:
    """Keep again only what may be shown of the texts."""
    op.execute("DROP POLICY read_live ON note")
    op.execute(f"REVOKE SELECT ON note FROM {CONSOLE}")
    op.execute("DELETE FROM kept_cpr WHERE place <> 'text' OR NOT may_reveal")
    op.drop_index("kept_cpr_to_put_back", "kept_cpr")
    op.drop_constraint("kept_cpr_place", "kept_cpr")
    op.drop_constraint("kept_cpr_pkey", "kept_cpr")
    for name in ("may_reveal", "n"):
        op.drop_column("kept_cpr", name)
    op.alter_column("kept_cpr", "place", new_column_name="field")
    op.create_primary_key("kept_cpr_pkey", "kept_cpr", ["inquiry_id", "field", "position"])
