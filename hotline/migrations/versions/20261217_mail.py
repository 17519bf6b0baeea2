"""Look into mailboxes, and answer what is written there."""

import sqlalchemy as sa
from alembic import op

from hotline.inquiries.journal import XID8

revision = "20261217_mail"
down_revision = "20261216_ari"
branch_labels = None
depends_on = None


def _moment(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _words(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=nullable)


def _of(name: str, table: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger, sa.ForeignKey(f"{table}.id"), nullable=nullable)


def _number() -> sa.Column:
    return sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True)


def _none(name: str, kind: type) -> sa.Column:
    return sa.Column(name, kind, nullable=False, server_default=sa.text("0"))


def _yes_or_no(name: str, at_first: str) -> sa.Column:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.text(at_first))


def upgrade() -> None:
    """No mailbox is ours yet."""
    op.create_table(
        "mailbox",
        _number(),
        _words("name"),
        _of("integrator_id", "integrator"),
        *map(_words, ("address", "imap", "smtp", "username", "password_file")),
        _yes_or_no("by_token", "false"),
        _yes_or_no("active", "true"),
        sa.Column("since", XID8, nullable=False, server_default=sa.text("pg_current_xact_id()")),
        _moment("made_at"),
        sa.Column("validity", sa.BigInteger),
        _none("seen_uid", sa.BigInteger),
        _moment("looked_at", nullable=True),
        _moment("due_at"),
        _none("failures", sa.Integer),
        _words("why", nullable=True),
        sa.UniqueConstraint("name"),
        sa.UniqueConstraint("integrator_id"),
    )
    op.create_table(
        "mail_address",
        sa.Column("address", sa.Text, primary_key=True),
        _of("mailbox_id", "mailbox"),
        sa.Column("municipality", sa.Text, sa.ForeignKey("municipality.code"), nullable=False),
        sa.Column("topic", sa.Text, sa.ForeignKey("topic.slug")),
    )
    op.create_index("ix_mail_address_mailbox_id", "mail_address", ["mailbox_id"])
    op.create_table(
        "received_mail",
        _number(),
        sa.Column("message_hash", sa.LargeBinary, nullable=False),
        _of("mailbox_id", "mailbox"),
        _moment("at"),
        _words("became", nullable=True),
        sa.Column("inquiry_id", sa.Uuid, sa.ForeignKey("inquiry.id")),
        sa.Column("head", sa.LargeBinary),
        sa.UniqueConstraint("message_hash"),
    )
    known = sa.text("inquiry_id IS NOT NULL")
    op.create_index("received_mail_of_inquiry", "received_mail", ["inquiry_id", "id"], postgresql_where=known)
    op.create_index("received_mail_by_age", "received_mail", ["at"])
    op.create_table(
        "sent_mail",
        sa.Column("message_id", sa.BigInteger, primary_key=True, autoincrement=False),
        _of("mailbox_id", "mailbox"),
        sa.Column("inquiry_id", sa.Uuid, nullable=False),
        sa.Column("state", sa.Text, nullable=False, server_default=sa.text("'waiting'")),
        _moment("made_at"),
        _moment("due_at"),
        _none("attempts", sa.SmallInteger),
        _words("why", nullable=True),
    )
    op.create_index("sent_mail_due", "sent_mail", ["due_at"], postgresql_where=sa.text("state = 'waiting'"))
    op.create_index("sent_mail_by_age", "sent_mail", ["made_at"])
    op.add_column("message", _words("undelivered", nullable=True))


def downgrade() -> None:
    """Nobody looks into any mailbox."""
    op.drop_column("message", "undelivered")
    for table in ("sent_mail", "received_mail", "mail_address", "mailbox"):
        op.drop_table(table)
