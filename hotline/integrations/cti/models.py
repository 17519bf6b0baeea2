"""The tables of call events: what was heard of each call, which number is whose."""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from hotline.columns import index_where, moment


class CtiCall(SQLModel, table=True):
    """One call, as far as its exchange has told of it; `call_hash` is a keyed hash of the exchange's id for it.

    `began_at`, `hung_up_at` and the `at` of `answers` are when each was heard first. `answers` are those who answered,
    in that order, each with the number of an `agent` or none; the first `told` of them stand in the inquiry's journal.
    `forwarded` says that it rang on elsewhere, `calls_back` that whoever hangs up unanswered is rung.
    `current` is false once the exchange has used the id for another call. `in_vain` is why no inquiry came of it,
    `called` then the number that was called. At `due_at` somebody looks at it, whatever is heard meanwhile; where
    `over` holds nothing that is heard changes anything.
    """

    __tablename__ = "cti_call"
    __table_args__ = (
        index_where("cti_call_current", "current", "integrator_id", "call_hash", unique=True),
        index_where("cti_call_due", "due_at IS NOT NULL", "due_at"),
        sa.Index("cti_call_heard", "heard_at"),
    )

    id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(always=True), primary_key=True))
    integrator_id: int = Field(sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("integrator.id"), nullable=False))
    call_hash: bytes = Field(sa_column=sa.Column(sa.LargeBinary, nullable=False))
    current: bool = Field(default=True, sa_column=sa.Column(sa.Boolean, nullable=False, server_default=sa.true()))
    first_at: datetime = Field(sa_column=moment())
    heard_at: datetime = Field(sa_column=moment())
    began_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    answers: list[dict[str, Any]] = Field(
        default_factory=list, sa_column=sa.Column(JSONB, nullable=False, server_default=sa.text("'[]'"))
    )
    told: int = Field(default=0, sa_column=sa.Column(sa.SmallInteger, nullable=False, server_default=sa.text("0")))
    hung_up_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    forwarded: bool = Field(default=False, sa_column=sa.Column(sa.Boolean, nullable=False, server_default=sa.false()))
    over: bool = Field(default=False, sa_column=sa.Column(sa.Boolean, nullable=False, server_default=sa.false()))
    inquiry_id: uuid.UUID | None = Field(default=None, sa_column=sa.Column(sa.Uuid, sa.ForeignKey("inquiry.id")))
    calls_back: bool = Field(default=False, sa_column=sa.Column(sa.Boolean, nullable=False, server_default=sa.false()))
    in_vain: str | None = Field(default=None, sa_column=sa.Column(sa.Text))
    called: str | None = Field(default=None, sa_column=sa.Column(sa.Text))
    due_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class CalledNumber(SQLModel, table=True):
    """A number that citizens ring: whose citizens they are, what about, where that is known, and whether the hotline
    `calls_back` those who hang up before anybody answers."""

    __tablename__ = "called_number"

    number: str = Field(sa_column=sa.Column(sa.Text, primary_key=True))
    municipality: str = Field(sa_column=sa.Column(sa.Text, sa.ForeignKey("municipality.code"), nullable=False))
    topic: str | None = Field(default=None, sa_column=sa.Column(sa.Text, sa.ForeignKey("topic.slug")))
    calls_back: bool = Field(default=False, sa_column=sa.Column(sa.Boolean, nullable=False, server_default=sa.false()))


class AnsweringNumber(SQLModel, table=True):
    """A telephone, and the agent who answers it."""

    __tablename__ = "answering_number"

    number: str = Field(sa_column=sa.Column(sa.Text, primary_key=True))
    agent_id: int = Field(sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("agent.id"), nullable=False))
