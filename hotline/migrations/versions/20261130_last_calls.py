"""Find the last calls of a number without going through all of them, and ask once an inquiry for its integrator."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_last_calls"
down_revision = "20261130_callbacks"
branch_labels = None
depends_on = None

WITH_NUMBER = sa.text("phone_hash IS NOT NULL")


def upgrade() -> None:
    """The ids of inquiries sort by time."""
    op.drop_index("citizen_by_phone", "citizen")
    op.create_index("citizen_by_phone", "citizen", ["phone_hash", "inquiry_id"], postgresql_where=WITH_NUMBER)
    op.drop_constraint("idempotency_key_integrator_id_fkey", "idempotency_key")


def downgrade() -> None:
    """All calls of a number, in no order."""
    op.create_foreign_key(
        "idempotency_key_integrator_id_fkey", "idempotency_key", "integrator", ["integrator_id"], ["id"]
    )
    op.drop_index("citizen_by_phone", "citizen")
    op.create_index("citizen_by_phone", "citizen", ["phone_hash"], postgresql_where=WITH_NUMBER)
