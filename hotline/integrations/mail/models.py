"""The tables of mail: which mailboxes are ours, what came into them, what is to be sent."""

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from hotline.columns import index_where, moment
from hotline.inquiries.journal import XID8


class Sending(StrEnum):
    """What became of an answer that is to be sent."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class Mailbox(SQLModel, table=True):
    """A mailbox that is looked into by IMAP and answered from by SMTP, as an integrator of its own.

    `imap` and `smtp` are addresses like `imaps://mail.example.dk`, `password_file` where each worker finds the password
    or, `by_token`, an access token. `seen_uid` is the last mail that was taken, of those that `validity` counts; at
    `due_at` somebody looks again, and until then whoever did last is at it. After `failures` in a row `why` says what
    was wrong. Answers to what is written in transactions from `since` on are sent.
    """

    id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(always=True), primary_key=True))
    name: str = Field(sa_column=sa.Column(sa.Text, nullable=False, unique=True))
    integrator_id: int = Field(
        sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("integrator.id"), nullable=False, unique=True)
    )
    address: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    imap: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    smtp: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    username: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    password_file: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    by_token: bool = Field(default=False, sa_column=sa.Column(sa.Boolean, nullable=False, server_default=sa.false()))
    active: bool = Field(default=True, sa_column=sa.Column(sa.Boolean, nullable=False, server_default=sa.true()))
    since: int = Field(
        default=None, sa_column=sa.Column(XID8, nullable=False, server_default=sa.text("pg_current_xact_id()"))
    )
    made_at: datetime = Field(sa_column=moment())
    validity: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger))
    seen_uid: int = Field(default=0, sa_column=sa.Column(sa.BigInteger, nullable=False, server_default=sa.text("0")))
    looked_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    due_at: datetime = Field(sa_column=moment())
    failures: int = Field(default=0, sa_column=sa.Column(sa.Integer, nullable=False, server_default=sa.text("0")))
    why: str | None = Field(default=None, sa_column=sa.Column(sa.Text))


class MailAddress(SQLModel, table=True):
    """An address that citizens write to, in small letters: into which mailbox that comes, whose citizens they are, and
    what about, where that is known."""

    __tablename__ = "mail_address"

    address: str = Field(sa_column=sa.Column(sa.Text, primary_key=True))
    mailbox_id: int = Field(sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("mailbox.id"), nullable=False, index=True))
    municipality: str = Field(sa_column=sa.Column(sa.Text, sa.ForeignKey("municipality.code"), nullable=False))
    topic: str | None = Field(default=None, sa_column=sa.Column(sa.Text, sa.ForeignKey("topic.slug")))


class ReceivedMail(SQLModel, table=True):
    """A mail that came in, once whatever mailbox it was found in; `message_hash` is a keyed hash of its Message-ID.

    `became` says what it became, and is empty while its `mailbox_id` has not got so far. `head` is sealed: what an
    answer needs to be found beside it, by programs as by people (thread.py). It goes with the citizen.
    """

    __tablename__ = "received_mail"
    __table_args__ = (
        index_where("received_mail_of_inquiry", "inquiry_id IS NOT NULL", "inquiry_id", "id"),
        sa.Index("received_mail_by_age", "at"),
    )

    id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(always=True), primary_key=True))
    message_hash: bytes = Field(sa_column=sa.Column(sa.LargeBinary, nullable=False, unique=True))
    mailbox_id: int = Field(sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("mailbox.id"), nullable=False))
    at: datetime = Field(sa_column=moment())
    became: str | None = Field(default=None, sa_column=sa.Column(sa.Text))
    inquiry_id: uuid.UUID | None = Field(default=None, sa_column=sa.Column(sa.Uuid, sa.ForeignKey("inquiry.id")))
    head: bytes | None = Field(default=None, sa_column=sa.Column(sa.LargeBinary))


class AlertAddress(SQLModel, table=True):
    """Whom a mailbox tells by mail of the alerts of a kind."""

    __tablename__ = "alert_address"
    __table_args__ = (sa.CheckConstraint("kind IN ('waiting','surge','promise')", name="alert_address_kind"),)

    kind: str = Field(sa_column=sa.Column(sa.Text, primary_key=True))
    address: str = Field(sa_column=sa.Column(sa.Text, primary_key=True))
    mailbox_id: int = Field(sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("mailbox.id"), nullable=False))


class AlertMail(SQLModel, table=True):
    """A notice of an alert on its way to an address, as SentMail."""

    __tablename__ = "alert_mail"
    __table_args__ = (
        sa.UniqueConstraint("notice_id", "address", name="alert_mail_once"),
        index_where("alert_mail_due", "state = 'waiting'", "due_at"),
    )

    id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(always=True), primary_key=True))
    notice_id: int = Field(sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("alert_notice.id"), nullable=False))
    address: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    mailbox_id: int = Field(sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("mailbox.id"), nullable=False))
    state: str = Field(
        default=Sending.WAITING, sa_column=sa.Column(sa.Text, nullable=False, server_default=sa.text("'waiting'"))
    )
    made_at: datetime = Field(sa_column=moment())
    due_at: datetime = Field(sa_column=moment())
    attempts: int = Field(default=0, sa_column=sa.Column(sa.SmallInteger, nullable=False, server_default=sa.text("0")))
    why: str | None = Field(default=None, sa_column=sa.Column(sa.Text))


class SentMail(SQLModel, table=True):
    """An agent's answer on its way to the citizen: message number `message_id`, which is gone with the texts.

    `due_at` is when it is tried next, and until then whoever claimed it is at it; `why` is what the last try met.
    """

    __tablename__ = "sent_mail"
    __table_args__ = (
        index_where("sent_mail_due", "state = 'waiting'", "due_at"),
        sa.Index("sent_mail_by_age", "made_at"),
    )

    message_id: int = Field(sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=False))
    mailbox_id: int = Field(sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("mailbox.id"), nullable=False))
    inquiry_id: uuid.UUID = Field(sa_column=sa.Column(sa.Uuid, nullable=False))
    state: str = Field(
        default=Sending.WAITING, sa_column=sa.Column(sa.Text, nullable=False, server_default=sa.text("'waiting'"))
    )
    made_at: datetime = Field(sa_column=moment())
    due_at: datetime = Field(sa_column=moment())
    attempts: int = Field(default=0, sa_column=sa.Column(sa.SmallInteger, nullable=False, server_default=sa.text("0")))
    why: str | None = Field(default=None, sa_column=sa.Column(sa.Text))
