"""Let the transaction say who looked at a citizen's data, and when."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_lookup_who"
down_revision = "20261130_given_back"
branch_labels = None
depends_on = None

DEFAULTS = {
    "at": "now()",
    "who": "coalesce(nullif(current_setting('hotline.who', true), ''), 'owner of the database')",
    "person_id": "(NULLIF(current_setting('hotline.person'::text, true), ''::text))::bigint",
}


def upgrade() -> None:
    """Whoever adds a line may say none of them (hotline/rows.py)."""
    for column, default in DEFAULTS.items():
        op.alter_column("lookup", column, server_default=sa.text(default))


def downgrade() -> None:
    """The process says them again."""
    for column in DEFAULTS:
        op.alter_column("lookup", column, server_default=None)
