"""Let what waits say who may answer it, and be found by that first.

What waits at the change says nothing, and is given its word by the router's next pass.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261130_circles"
down_revision = "20261130_duties"
branch_labels = None
depends_on = None

FRONT = ("topic", "speaks", sa.text("(channel = 'phone')"), "deadline", "id")
WAITS = sa.text("state = 'waiting'")


def upgrade() -> None:
    """The column, and first in the index."""
    op.add_column("inquiry", sa.Column("circle", sa.Text, nullable=False, server_default=sa.text("''")))
    op.drop_index("inquiry_front_of_class", "inquiry")
    op.create_index("inquiry_front_of_class", "inquiry", ["circle", *FRONT], postgresql_where=WAITS)


def downgrade() -> None:
    """By topic first."""
    op.drop_index("inquiry_front_of_class", "inquiry")
    op.create_index("inquiry_front_of_class", "inquiry", list(FRONT), postgresql_where=WAITS)
    op.drop_column("inquiry", "circle")
