"""Let a collaboration say how long home and then partners are asked alone, who they are, and what is kept at home."""

import sqlalchemy as sa
from alembic import op

revision = "20261201_agreements"
down_revision = "20261201_for_one"
branch_labels = None
depends_on = None

RINGS = ("home_first_seconds", "partner_seconds")


def upgrade() -> None:
    """Nobody is asked alone and nothing is kept, until somebody says so."""
    for name in RINGS:
        op.add_column("collaboration", sa.Column(name, sa.Integer, nullable=False, server_default=sa.text("0")))
    op.create_check_constraint(
        "collaboration_rings", "collaboration", "home_first_seconds >= 0 AND partner_seconds >= 0"
    )
    op.create_table(
        "partner",
        *_of_a_member(),
        sa.Column("partner", sa.Text, sa.ForeignKey("municipality.code"), primary_key=True),
        sa.CheckConstraint("partner <> municipality", name="partner_is_another"),
    )
    op.create_table(
        "kept_topic",
        *_of_a_member(),
        sa.Column("topic", sa.Text, sa.ForeignKey("topic.slug"), primary_key=True),
    )


def downgrade() -> None:
    """Everybody is asked at once for everything."""
    op.execute("DROP TABLE kept_topic CASCADE")  # with the policies of other tables that read it
    op.drop_table("partner")
    op.drop_constraint("collaboration_rings", "collaboration")
    for name in RINGS:
        op.drop_column("collaboration", name)


def _of_a_member() -> tuple[sa.Column[int], sa.Column[str]]:
    return (
        sa.Column("collaboration_id", sa.BigInteger, sa.ForeignKey("collaboration.id"), primary_key=True),
        sa.Column("municipality", sa.Text, sa.ForeignKey("municipality.code"), primary_key=True),
    )
