"""Let people come in through their own organisation: attempts, identities, CVR numbers."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_identities"
down_revision = "20261121_privacy"
branch_labels = None
depends_on = None

APP, DESK, DOOR, SECRETARIAT = "hotline_app", "hotline_desk", "hotline_door", "hotline_secretariat"
SOMEBODY = "(SELECT nullif(current_setting('hotline.who', true), '')) IS NOT NULL"
TABLES = ("oidc_attempt", "identity", "cvr_number")


def upgrade() -> None:
    """Make the three tables; the door keeps attempts, and what a sign-in changes the hotline changes."""
    op.create_table(
        "oidc_attempt",
        sa.Column("state_hash", sa.LargeBinary(), primary_key=True),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False, index=True),
    )
    op.create_table(
        "identity",
        sa.Column("issuer", sa.Text(), primary_key=True),
        sa.Column("subject", sa.Text(), primary_key=True),
        sa.Column("person_id", sa.BigInteger(), sa.ForeignKey("person.id"), nullable=False, index=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "cvr_number",
        sa.Column("cvr", sa.Text(), primary_key=True),
        sa.Column("municipality", sa.Text(), sa.ForeignKey("municipality.code"), nullable=False, index=True),
        sa.Column("invented", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.CheckConstraint("cvr ~ '^[0-9]{8}$'", name="cvr_number_digits"),
    )
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT SELECT ON {table} TO {APP}")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {DESK}")
        op.execute(f"CREATE POLICY desk ON {table} TO {DESK} USING ({SOMEBODY}) WITH CHECK ({SOMEBODY})")
    op.execute(f"GRANT SELECT, INSERT, DELETE ON oidc_attempt TO {DOOR}")
    op.execute(f"CREATE POLICY sign_in ON oidc_attempt TO {DOOR} USING ({SOMEBODY}) WITH CHECK ({SOMEBODY})")
    op.execute(f"GRANT SELECT ON cvr_number TO {SECRETARIAT}")
    op.execute(f"CREATE POLICY read ON cvr_number FOR SELECT TO {SECRETARIAT} USING ({SOMEBODY})")


def downgrade() -> None:
    """Back to local accounts; who came in otherwise stays, without a way in."""
    for table in reversed(TABLES):
        op.drop_table(table)
