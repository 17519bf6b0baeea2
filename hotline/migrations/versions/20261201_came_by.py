"""Let an inquiry that is rung remember by which channel its citizen came."""

import sqlalchemy as sa
from alembic import op

revision = "20261201_came_by"
down_revision = "20261201_why"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was rung before stays a call: nothing tells any more how it came but the first line of its journal."""
    op.add_column("inquiry", sa.Column("came_by", sa.Text))


def downgrade() -> None:
    """Without."""
    op.drop_column("inquiry", "came_by")
