"""The tables of SMS: which gateways are ours, what came in by them, what is to be sent."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from hotline.columns import index_where, moment
from hotline.inquiries.journal import XID8


class SmsGateway(SQLModel, table=True):
    """The gateway of an integrator: answers are handed to `url` as `username`, with what stands in `password_file`.

    Whoever writes to it is a citizen of `municipality`, about `topic` where the number says it. Answers to what is
    written in transactions from `since` on are sent.
    """

    __tablename__ = "sms_gateway"

    integrator_id: int = Field(
        sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("integrator.id"), primary_key=True, autoincrement=False)
    )
    url: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    username: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    password_file: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    municipality: str = Field(sa_column=sa.Column(sa.Text, sa.ForeignKey("municipality.code"), nullable=False))
    topic: str | None = Field(default=None, sa_column=sa.Column(sa.Text, sa.ForeignKey("topic.slug")))
    active: bool = Field(default=True, sa_column=sa.Column(sa.Boolean, nullable=False, server_default=sa.true()))
    since: int = Field(
        default=None, sa_column=sa.Column(XID8, nullable=False, server_default=sa.text("pg_current_xact_id()"))
    )
    made_at: datetime = Field(sa_column=moment())


class ReceivedSms(SQLModel, table=True):
    """What a gateway told, once however often it tells it; `known_by` is a keyed hash of the gateway's id for it.

    `became` is empty while whoever took it has not got so far.
    """

    __tablename__ = "received_sms"
    __table_args__ = (sa.Index("received_sms_by_age", "at"),)

    integrator_id: int = Field(
        sa_column=sa.Column(
            sa.BigInteger, sa.ForeignKey("sms_gateway.integrator_id"), primary_key=True, autoincrement=False
        )
    )
    known_by: bytes = Field(sa_column=sa.Column(sa.LargeBinary, primary_key=True))
    at: datetime = Field(sa_column=moment())
    became: str | None = Field(default=None, sa_column=sa.Column(sa.Text))


class SentSms(SQLModel, table=True):
    """An agent's answer on its way: message number `message_id`, `waiting`, `done` once the gateway has it, `failed`.

    `due_at` is when it is tried next, and until then whoever claimed it is at it; `why` is what the last try met.
    It reached the telephone at `delivered_at`, where the gateway tells.
    """

    __tablename__ = "sent_sms"
    __table_args__ = (
        index_where("sent_sms_due", "state = 'waiting'", "due_at"),
        sa.Index("sent_sms_by_age", "made_at"),
    )

    message_id: int = Field(sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=False))
    integrator_id: int = Field(
        sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("sms_gateway.integrator_id"), nullable=False)
    )
    inquiry_id: uuid.UUID = Field(sa_column=sa.Column(sa.Uuid, nullable=False))
    state: str = Field(
        default="waiting", sa_column=sa.Column(sa.Text, nullable=False, server_default=sa.text("'waiting'"))
    )
    made_at: datetime = Field(sa_column=moment())
    due_at: datetime = Field(sa_column=moment())
    attempts: int = Field(default=0, sa_column=sa.Column(sa.SmallInteger, nullable=False, server_default=sa.text("0")))
    why: str | None = Field(default=None, sa_column=sa.Column(sa.Text))
    delivered_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
