"""Let an inquiry say from when on its citizen may be rung, and how often they did not answer."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_callbacks"
down_revision = "20261130_work_role"
branch_labels = None
depends_on = None

TO_CALL = "call_from IS NOT NULL AND state IN ('callback', 'received', 'waiting', 'offered')"


def upgrade() -> None:
    """What is parked says until when, and the few that are to be rung are found without looking at the others."""
    op.add_column("inquiry", sa.Column("call_from", sa.DateTime(timezone=True)))
    op.add_column("inquiry", sa.Column("call_attempts", sa.SmallInteger, nullable=False, server_default=sa.text("0")))
    op.create_check_constraint("inquiry_parked_until", "inquiry", "state <> 'callback' OR call_from IS NOT NULL")
    op.create_index("inquiry_to_call", "inquiry", ["call_from"], postgresql_where=sa.text(TO_CALL))


def downgrade() -> None:
    """Without."""
    op.drop_index("inquiry_to_call", "inquiry")
    op.drop_constraint("inquiry_parked_until", "inquiry")
    op.drop_column("inquiry", "call_attempts")
    op.drop_column("inquiry", "call_from")
