"""Know which messages were handed over to the municipality's own case system, as notes are."""

import sqlalchemy as sa
from alembic import op

revision = "20261218_messages_handed_over"
down_revision = "20261217_mail"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None was."""
    op.add_column("message", sa.Column("handed_over_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Notes alone are handed over."""
    op.drop_column("message", "handed_over_at")
