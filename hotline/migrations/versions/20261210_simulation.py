"""Let who runs the pool have days simulated on a page."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "20261210_simulation"
down_revision = "20261209_webhooks"
branch_labels = None
depends_on = None

WHO = "coalesce(nullif(current_setting('hotline.who', true), ''), 'owner of the database')"


def upgrade() -> None:
    """Nothing has been asked for."""
    op.create_table(
        "simulation",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("days", sa.SmallInteger, nullable=False),
        sa.Column("policies", ARRAY(sa.Text), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.Column("who", sa.Text, nullable=False, server_default=sa.text(WHO)),
        sa.Column("state", sa.Text, nullable=False, server_default=sa.text("'waiting'")),
        sa.Column("tries", sa.SmallInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("share", sa.Double, nullable=False, server_default=sa.text("0")),
        sa.Column("beat_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("result", JSONB),
        sa.Column("error", sa.Text),
        sa.CheckConstraint("state IN ('waiting','running','done','failed')", name="simulation_state"),
        sa.CheckConstraint("days BETWEEN 1 AND 31", name="simulation_days"),
        sa.CheckConstraint("(state = 'done') = (result IS NOT NULL)", name="simulation_result"),
    )


def downgrade() -> None:
    """What was simulated is gone."""
    op.drop_table("simulation")
