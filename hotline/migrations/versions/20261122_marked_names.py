"""Find the inquiries whose external id had a CPR number in it, to erase its mark with who asked."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_marked_names"
down_revision = "20261122_sign_ins"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Only those stand in the index, so that taking in costs nothing more."""
    op.create_index(
        "inquiry_with_marked_name", "inquiry", ["id"], postgresql_where=sa.text("external_id LIKE '%[CPR]%'")
    )


def downgrade() -> None:
    """Take the index away; the marks stay."""
    op.drop_index("inquiry_with_marked_name", "inquiry")
