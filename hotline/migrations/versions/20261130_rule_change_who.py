"""Let the transaction say who gave a collaboration another rule; when it was, it says already."""

from alembic import op

revision = "20261130_rule_change_who"
down_revision = "20261130_circles"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Whoever adds a line may say neither (hotline/rows.py)."""
    op.execute(
        "ALTER TABLE rule_change ALTER COLUMN who"
        " SET DEFAULT coalesce(nullif(current_setting('hotline.who', true), ''), 'owner of the database')"
    )


def downgrade() -> None:
    """The process says it again."""
    op.alter_column("rule_change", "who", server_default=None)
