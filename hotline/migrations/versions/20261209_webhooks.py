"""Let integrators hear what happens to their inquiries."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from hotline.inquiries.journal import XID8

revision = "20261209_webhooks"
down_revision = "20261209_taught"
branch_labels = None
depends_on = None


def _moment(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _words(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=nullable)


def _list(name: str) -> sa.Column:
    return sa.Column(name, ARRAY(sa.Text), nullable=False)


def _number() -> sa.Column:
    return sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True)


def _none(name: str, kind: type) -> sa.Column:
    return sa.Column(name, kind, nullable=False, server_default=sa.text("0"))


def upgrade() -> None:
    """Nobody hears anything yet."""
    op.create_table(
        "webhook",
        _number(),
        sa.Column("integrator_id", sa.BigInteger, sa.ForeignKey("integrator.id"), nullable=False),
        _list("municipalities"),
        _words("url"),
        _list("events"),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("former", sa.LargeBinary),
        _moment("former_until", nullable=True),
        sa.Column("since", XID8, nullable=False, server_default=sa.text("pg_current_xact_id()")),
        _moment("made_at"),
        sa.Column("active", sa.Boolean, nullable=False, server_default=sa.text("true")),
        _words("ended_because", nullable=True),
        _none("failures", sa.Integer),
        _moment("rests_until", nullable=True),
    )
    op.create_index("ix_webhook_integrator_id", "webhook", ["integrator_id"])
    op.create_table(
        "webhook_delivery",
        _number(),
        sa.Column("webhook_id", sa.BigInteger, sa.ForeignKey("webhook.id"), nullable=False),
        sa.Column("line_id", sa.BigInteger, nullable=False),
        sa.Column("inquiry_id", sa.Uuid, nullable=False),
        _words("event"),
        sa.Column("state", sa.Text, nullable=False, server_default=sa.text("'waiting'")),
        _moment("made_at"),
        _moment("due_at"),
        _none("attempts", sa.SmallInteger),
        sa.Column("tries", JSONB, nullable=False, server_default=sa.text("'[]'")),
        sa.UniqueConstraint("webhook_id", "line_id", name="webhook_delivery_once"),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index("webhook_delivery_due", "webhook_delivery", ["webhook_id", "line_id"], postgresql_where=waiting)
    before = ["webhook_id", "inquiry_id", "line_id"]
    op.create_index("webhook_delivery_before", "webhook_delivery", before, postgresql_where=waiting)
    op.create_index("webhook_delivery_by_age", "webhook_delivery", ["made_at"])


def downgrade() -> None:
    """Nobody hears anything any more, and what was not sent yet is not."""
    for table in ("webhook_delivery", "webhook"):
        op.drop_table(table)
