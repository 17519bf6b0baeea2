"""The table of messages: what a citizen and an agent write to each other about an inquiry, after its own text."""

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from hotline.columns import index_where, moment


class From(StrEnum):
    """Who wrote a message."""

    CITIZEN = "citizen"
    AGENT = "agent"


class Message(SQLModel, table=True):
    """One message of a thread, with CPR numbers already replaced by their token; `person_id` is the agent who wrote it.

    `read_at` is when an agent had it before them, and stays empty for what agents write; `handed_over_at` is when it
    was written out for the municipality's own case system. `key` and `body_hash` make a
    request safe to repeat, as IdempotencyKey has it, within this inquiry; the key goes with the citizen's fields.
    `undelivered` is why an answer has not reached the citizen, as far as that is known.
    """

    __table_args__ = (
        sa.CheckConstraint("(sender = 'agent') = (person_id IS NOT NULL)", name="message_sender"),
        sa.CheckConstraint("sender IN ('citizen','agent')", name="message_senders"),
        sa.Index("message_of_inquiry", "inquiry_id", "id"),
        index_where("message_key", "key IS NOT NULL", "inquiry_id", "key", unique=True),
    )

    id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(), primary_key=True))
    inquiry_id: uuid.UUID = Field(sa_column=sa.Column(sa.Uuid, sa.ForeignKey("inquiry.id"), nullable=False))
    sender: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    person_id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("person.id")))
    at: datetime = Field(sa_column=moment())
    text: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    read_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    handed_over_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    key: str | None = Field(default=None, sa_column=sa.Column(sa.Text))
    body_hash: bytes | None = Field(default=None, sa_column=sa.Column(sa.LargeBinary))
    undelivered: str | None = Field(default=None, sa_column=sa.Column(sa.Text))
