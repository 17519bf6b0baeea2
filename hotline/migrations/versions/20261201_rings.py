"""Let what waits be opened to one ring of municipalities after the other.

What waits at the change is open to all members, as it was, from the router's next pass on.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261201_rings"
down_revision = "20261201_agreements"
branch_labels = None
depends_on = None

YOUNG = sa.text("state = 'waiting' AND widens_at IS NOT NULL")


def upgrade() -> None:
    """What is open by which agreement, when it is opened further, and the few for which that is to come."""
    op.add_column("inquiry", sa.Column("opened", JSONB, nullable=False, server_default=sa.text("'{}'")))
    op.add_column("inquiry", sa.Column("widens_at", sa.DateTime(timezone=True)))
    columns = ["municipality", "topic", "speaks", "widens_at"]
    op.create_index("ix_agent_municipality", "agent", ["municipality"])
    op.create_index("inquiry_to_widen", "inquiry", columns, postgresql_where=YOUNG)


def downgrade() -> None:
    """All members at once."""
    op.drop_index("inquiry_to_widen", "inquiry")
    op.drop_index("ix_agent_municipality", "agent")
    op.drop_column("inquiry", "widens_at")
    op.drop_column("inquiry", "opened")
