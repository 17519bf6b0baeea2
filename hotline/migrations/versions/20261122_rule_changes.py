"""Journal who gave a collaboration other rules, hours or members, and when."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_rule_changes"
down_revision = "20261122_typed_reasons"
branch_labels = None
depends_on = None

DESK, SECRETARIAT = "hotline_desk", "hotline_secretariat"
ASKS = "hotline_app, hotline_agent, hotline_team_lead, hotline_viewer, hotline_secretariat, hotline_integrator"
SOMEBODY = "(SELECT nullif(current_setting('hotline.who', true), '')) IS NOT NULL"


def upgrade() -> None:
    """Append-only: the hotline adds lines and reads them, the secretariat reads them, nobody changes one."""
    op.create_table(
        "rule_change",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("collaboration_id", sa.BigInteger, sa.ForeignKey("collaboration.id"), nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("before", sa.Text),
        sa.Column("after", sa.Text, nullable=False),
    )
    op.execute("ALTER TABLE rule_change ENABLE ROW LEVEL SECURITY")
    op.execute(f"GRANT SELECT ON rule_change TO {ASKS}")
    op.execute(f"GRANT SELECT, INSERT ON rule_change TO {DESK}")
    op.execute(f"CREATE POLICY desk_reads ON rule_change FOR SELECT TO {DESK} USING ({SOMEBODY})")
    op.execute(f"CREATE POLICY desk_adds ON rule_change FOR INSERT TO {DESK} WITH CHECK ({SOMEBODY})")
    op.execute(f"CREATE POLICY read_0 ON rule_change FOR SELECT TO {SECRETARIAT} USING ({SOMEBODY})")


def downgrade() -> None:
    """Forget who it was; the rules stay."""
    op.drop_table("rule_change")
