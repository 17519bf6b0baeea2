"""Know, by class of what waits, since when nobody on duty can take it."""

import sqlalchemy as sa
from alembic import op

revision = "20261201_unserved"
down_revision = "20261201_learning"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table of a few rows."""
    words = (sa.Column(name, sa.Text, primary_key=True) for name in ("circle", "topic", "speaks"))
    op.create_table("unserved", *words, sa.Column("since", sa.DateTime(timezone=True), nullable=False))


def downgrade() -> None:
    """It is found again within a second."""
    op.drop_table("unserved")
