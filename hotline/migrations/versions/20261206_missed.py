"""Tell an agent what they missed until they have seen it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261206_missed"
down_revision = "20261206_note_draft"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What the last offer was about that lapsed."""
    op.add_column("agent_work", sa.Column("missed", JSONB))


def downgrade() -> None:
    """A miss is silent again."""
    op.drop_column("agent_work", "missed")
