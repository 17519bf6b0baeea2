"""Take in and send SMS by gateways."""

import sqlalchemy as sa
from alembic import op

from hotline.inquiries.journal import XID8

revision = "20261223_sms"
down_revision = "20261222_alert_notice"
branch_labels = None
depends_on = None


def _moment(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _words(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=nullable)


def upgrade() -> None:
    """No gateway is ours yet."""
    op.create_table(
        "sms_gateway",
        sa.Column(
            "integrator_id", sa.BigInteger, sa.ForeignKey("integrator.id"), primary_key=True, autoincrement=False
        ),
        *map(_words, ("url", "username", "password_file")),
        sa.Column("municipality", sa.Text, sa.ForeignKey("municipality.code"), nullable=False),
        sa.Column("topic", sa.Text, sa.ForeignKey("topic.slug")),
        sa.Column("active", sa.Boolean, nullable=False, server_default=sa.text("true")),
        sa.Column("since", XID8, nullable=False, server_default=sa.text("pg_current_xact_id()")),
        _moment("made_at"),
    )
    op.create_table(
        "received_sms",
        sa.Column(
            "integrator_id",
            sa.BigInteger,
            sa.ForeignKey("sms_gateway.integrator_id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("known_by", sa.LargeBinary, primary_key=True),
        _moment("at"),
        _words("became", nullable=True),
    )
    op.create_index("received_sms_by_age", "received_sms", ["at"])
    op.create_table(
        "sent_sms",
        sa.Column("message_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("integrator_id", sa.BigInteger, sa.ForeignKey("sms_gateway.integrator_id"), nullable=False),
        sa.Column("inquiry_id", sa.Uuid, nullable=False),
        sa.Column("state", sa.Text, nullable=False, server_default=sa.text("'waiting'")),
        _moment("made_at"),
        _moment("due_at"),
        sa.Column("attempts", sa.SmallInteger, nullable=False, server_default=sa.text("0")),
        _words("why", nullable=True),
        _moment("delivered_at", nullable=True),
    )
    op.create_index("sent_sms_due", "sent_sms", ["due_at"], postgresql_where=sa.text("state = 'waiting'"))
    op.create_index("sent_sms_by_age", "sent_sms", ["made_at"])


def downgrade() -> None:
    """Nothing comes by SMS."""
    for table in ("sent_sms", "received_sms", "sms_gateway"):
        op.drop_table(table)
