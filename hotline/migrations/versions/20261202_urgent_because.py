"""Let an inquiry keep why it is urgent, as a code."""

import sqlalchemy as sa
from alembic import op

revision = "20261202_urgent_because"
down_revision = "20261202_settlement"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Without a look at any row: what was read before is urgent without a reason."""
    op.add_column("inquiry", sa.Column("urgent_because", sa.Text))


def downgrade() -> None:
    """Why what waits is urgent is lost."""
    op.drop_column("inquiry", "urgent_because")
