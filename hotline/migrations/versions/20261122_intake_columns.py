"""Let the path that takes inquiries in read of the ones before only what it needs to know them again.

It writes what citizens wrote and who they are, and had been allowed to read all of that of everybody as well.
"""

from alembic import op

revision = "20261122_intake_columns"
down_revision = "20261122_rule_changes"
branch_labels = None
depends_on = None

INTAKE = "hotline_intake"
NEEDED = {
    "inquiry": "id, integrator_id, external_id, resumes, channel, municipality, topic, state, received_at, queued_at, ended_at",
    "citizen": "inquiry_id, phone_hash",
}


def upgrade() -> None:
    """A call finds its old place by the hash of its number; a repeated request by its name."""
    for table, columns in NEEDED.items():
        op.execute(f"REVOKE SELECT ON {table} FROM {INTAKE}")
        op.execute(f"GRANT SELECT ({columns}) ON {table} TO {INTAKE}")


def downgrade() -> None:
    """All columns again."""
    for table, columns in NEEDED.items():
        op.execute(f"REVOKE SELECT ({columns}) ON {table} FROM {INTAKE}")
        op.execute(f"GRANT SELECT ON {table} TO {INTAKE}")
