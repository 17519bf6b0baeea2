"""Let an inquiry say that its citizen's municipality took no part when it came in."""

import sqlalchemy as sa
from alembic import op

revision = "20261201_outside"
down_revision = "20261201_special_days"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Until now all were members'."""
    op.add_column("inquiry", sa.Column("outside", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Those that wait are their own municipality's alone."""
    op.execute("ALTER TABLE inquiry DROP COLUMN outside CASCADE")  # with the policies that read it
