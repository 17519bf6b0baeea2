"""Keep ready phrases for agents."""

import sqlalchemy as sa
from alembic import op

revision = "20261220_phrase"
down_revision = "20261217_saving"
branch_labels = None
depends_on = None

WHO = "coalesce(nullif(current_setting('hotline.who', true), ''), 'owner of the database')"


def upgrade() -> None:
    """There is none yet."""
    op.create_table(
        "phrase",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("municipality", sa.Text, sa.ForeignKey("municipality.code")),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.Column("who", sa.Text, nullable=False, server_default=sa.text(WHO)),
    )


def downgrade() -> None:
    """What was written is gone."""
    op.drop_table("phrase")
