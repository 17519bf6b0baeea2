"""The table of offers, which is also what holds an agent's capacity until it is released."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from hotline.columns import index_where, moment


class OfferState(StrEnum):
    """What became of an offer."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class Offer(SQLModel, table=True):
    """A match held for one agent. It holds `units` of the agent's capacity until `released_at`.

    `why` is why this agent got it and not another (routing/why.py); offers from before that was kept have a `reason`.

    Two unique indexes refuse what must never be: a second live offer or handler of one inquiry, and a second call
    for one agent.
    """

    __table_args__ = (
        sa.CheckConstraint("state IN ('open','accepted','refused','lapsed','withdrawn')", name="offer_state"),
        sa.CheckConstraint("state <> 'open' OR released_at IS NULL", name="offer_open_holds"),
        sa.CheckConstraint("units > 0", name="offer_units"),
        index_where("offer_one_per_inquiry", "released_at IS NULL", "inquiry_id", unique=True),
        index_where("offer_one_call_per_agent", "released_at IS NULL AND is_call", "agent_id", unique=True),
        index_where("offer_live_of_agent", "released_at IS NULL", "agent_id"),
        index_where("offer_lapses", "state = 'open'", "lapses_at"),
        sa.Index("offer_of_inquiry", "inquiry_id", "id"),
        index_where("offer_with_reason", "answer_reason IS NOT NULL AND state = 'refused'", "inquiry_id"),
    )

    id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(), primary_key=True))
    inquiry_id: uuid.UUID = Field(sa_column=sa.Column(sa.Uuid, sa.ForeignKey("inquiry.id"), nullable=False))
    agent_id: int = Field(sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("agent.id"), nullable=False))
    units: int = Field(sa_column=sa.Column(sa.SmallInteger, nullable=False))
    is_call: bool = Field(sa_column=sa.Column(sa.Boolean, nullable=False))
    state: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    reason: str | None = Field(default=None, sa_column=sa.Column(sa.Text))
    why: dict[str, Any] | None = Field(default=None, sa_column=sa.Column(JSONB(none_as_null=True)))
    made_at: datetime = Field(sa_column=moment())
    lapses_at: datetime = Field(sa_column=moment())
    answered_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    answer_reason: str | None = Field(default=None, sa_column=sa.Column(sa.Text))
    released_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
