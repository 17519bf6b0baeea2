"""The tables of the calls that we lead in an exchange, and of who leads them."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from hotline.columns import index_where, moment


class AriCall(SQLModel, table=True):
    """A citizen's call in an exchange; `app` is what we are called there, `channel` the exchange's name for the call.

    `in_vain` is why no inquiry came of it. It is over at `over_at`: the citizen's channel has gone, and all is done.
    """

    __tablename__ = "ari_call"
    __table_args__ = (
        index_where("ari_call_live", "over_at IS NULL", "app", "channel", unique=True),
        sa.Index("ari_call_came", "came_at"),
    )

    id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(always=True), primary_key=True))
    app: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    channel: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    came_at: datetime = Field(sa_column=moment())
    inquiry_id: uuid.UUID | None = Field(default=None, sa_column=sa.Column(sa.Uuid, sa.ForeignKey("inquiry.id")))
    in_vain: str | None = Field(default=None, sa_column=sa.Column(sa.Text))
    over_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class AriLease(SQLModel, table=True):
    """Which connector is at work as `app`, until when by the database's clock."""

    __tablename__ = "ari_lease"

    app: str = Field(sa_column=sa.Column(sa.Text, primary_key=True))
    holder: uuid.UUID = Field(sa_column=sa.Column(sa.Uuid, nullable=False))
    until: datetime = Field(sa_column=moment())
