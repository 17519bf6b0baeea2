"""Tell of alerts by mail and to webhooks: what changed, who hears it, and how far that is."""

import sqlalchemy as sa
from alembic import op

revision = "20261222_alert_notice"
down_revision = "20261221_missed_calls"
branch_labels = None
depends_on = None

BIG, TEXT, MOMENT = sa.BigInteger, sa.Text, sa.DateTime(timezone=True)
ABOUT = "webhook_delivery_about"


def upgrade() -> None:
    """Nothing that began before is told of."""
    op.create_table(
        "alert_notice",
        sa.Column("id", BIG, sa.Identity(always=True), primary_key=True),
        sa.Column("alert_id", BIG, sa.ForeignKey("alert.id"), nullable=False),
        sa.Column("event", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("value", sa.Double, nullable=False),
        sa.CheckConstraint("event IN ('alert_began','alert_ended')", name="alert_notice_event"),
        sa.UniqueConstraint("alert_id", "event", name="alert_notice_once"),
    )
    op.create_table(
        "alert_address",
        sa.Column("kind", TEXT, primary_key=True),
        sa.Column("address", TEXT, primary_key=True),
        sa.Column("mailbox_id", BIG, sa.ForeignKey("mailbox.id"), nullable=False),
        sa.CheckConstraint("kind IN ('waiting','surge','promise')", name="alert_address_kind"),
    )
    op.create_table(
        "alert_mail",
        sa.Column("id", BIG, sa.Identity(always=True), primary_key=True),
        sa.Column("notice_id", BIG, sa.ForeignKey("alert_notice.id"), nullable=False),
        sa.Column("address", TEXT, nullable=False),
        sa.Column("mailbox_id", BIG, sa.ForeignKey("mailbox.id"), nullable=False),
        sa.Column("state", TEXT, nullable=False, server_default=sa.text("'waiting'")),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.SmallInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("why", TEXT),
        sa.UniqueConstraint("notice_id", "address", name="alert_mail_once"),
    )
    op.create_index("alert_mail_due", "alert_mail", ["due_at"], postgresql_where=sa.text("state = 'waiting'"))
    op.alter_column("webhook_delivery", "inquiry_id", nullable=True)
    op.add_column("webhook_delivery", sa.Column("alert_id", BIG))
    op.create_check_constraint(ABOUT, "webhook_delivery", "(inquiry_id IS NULL) <> (alert_id IS NULL)")


def downgrade() -> None:
    """Alerts stand on their page alone."""
    op.execute("DELETE FROM webhook_delivery WHERE alert_id IS NOT NULL")
    op.drop_constraint(ABOUT, "webhook_delivery")
    op.drop_column("webhook_delivery", "alert_id")
    op.alter_column("webhook_delivery", "inquiry_id", nullable=False)
    for table in ("alert_mail", "alert_address", "alert_notice"):
        op.drop_table(table)
