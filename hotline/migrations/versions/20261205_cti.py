"""Let telephone exchanges tell of their calls."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261205_cti"
down_revision = "20261204_ladder"
branch_labels = None
depends_on = None


def _moment(name: str, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _no(name: str, default: str = "false") -> sa.Column:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.text(default))


def upgrade() -> None:
    """Nothing has been told, and no number is known."""
    op.create_table(
        "cti_call",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("integrator_id", sa.BigInteger, sa.ForeignKey("integrator.id"), nullable=False),
        sa.Column("call_hash", sa.LargeBinary, nullable=False),
        _no("current", "true"),
        _moment("first_at", nullable=False),
        _moment("heard_at", nullable=False),
        _moment("began_at"),
        sa.Column("answers", JSONB, nullable=False, server_default=sa.text("'[]'")),
        sa.Column("told", sa.SmallInteger, nullable=False, server_default=sa.text("0")),
        _moment("hung_up_at"),
        _no("forwarded"),
        _no("over"),
        sa.Column("inquiry_id", sa.Uuid, sa.ForeignKey("inquiry.id")),
        sa.Column("in_vain", sa.Text),
        sa.Column("called", sa.Text),
        _moment("due_at"),
    )
    op.create_index(
        "cti_call_current", "cti_call", ["integrator_id", "call_hash"], unique=True, postgresql_where=sa.text("current")
    )
    op.create_index("cti_call_due", "cti_call", ["due_at"], postgresql_where=sa.text("due_at IS NOT NULL"))
    op.create_index("cti_call_heard", "cti_call", ["heard_at"])
    op.create_table(
        "called_number",
        sa.Column("number", sa.Text, primary_key=True),
        sa.Column("municipality", sa.Text, sa.ForeignKey("municipality.code"), nullable=False),
        sa.Column("topic", sa.Text, sa.ForeignKey("topic.slug")),
    )
    op.create_table(
        "answering_number",
        sa.Column("number", sa.Text, primary_key=True),
        sa.Column("agent_id", sa.BigInteger, sa.ForeignKey("agent.id"), nullable=False),
    )


def downgrade() -> None:
    """What was told of calls is gone; the inquiries that came of it stay."""
    for table in ("answering_number", "called_number", "cti_call"):
        op.drop_table(table)
