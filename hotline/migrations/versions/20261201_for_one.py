"""Let what is meant for one agent be found by an index that no planner can take the whole queue's for.

Where it took the queue for short it read all of it, by the index of what waits.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261201_for_one"
down_revision = "20261130_one_word"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """By agent and state."""
    op.drop_index("inquiry_for_one", "inquiry")
    op.create_index(
        "inquiry_for_one",
        "inquiry",
        ["only_agent", "state"],
        postgresql_where=sa.text("only_agent IS NOT NULL AND ended_at IS NULL"),
    )


def downgrade() -> None:
    """Of what waits alone."""
    op.drop_index("inquiry_for_one", "inquiry")
    op.create_index(
        "inquiry_for_one",
        "inquiry",
        ["only_agent"],
        postgresql_where=sa.text("state = 'waiting' AND only_agent IS NOT NULL"),
    )
