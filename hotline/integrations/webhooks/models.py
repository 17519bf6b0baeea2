"""The tables of webhooks: where what is sent, and what became of each delivery."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from hotline.columns import index_where, moment
from hotline.inquiries.journal import XID8


class Delivered(StrEnum):
    """What became of a delivery."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"  # for a day
    DROPPED = "dropped"  # the webhook ended, or its key may not see the inquiry


class Webhook(SQLModel, table=True):
    """An address that hears of `events` from the transaction `since` on, for a key bound to `municipalities`.

    What it is told is signed with `secret`, sealed, and until `former_until` with the `former` one as well. After
    `failures` in a row nothing is sent before `rests_until`. Where it is not `active`, `ended_because` says why.
    """

    id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(always=True), primary_key=True))
    integrator_id: int = Field(
        sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("integrator.id"), nullable=False, index=True)
    )
    municipalities: list[str] = Field(sa_column=sa.Column(ARRAY(sa.Text), nullable=False))
    url: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    events: list[str] = Field(sa_column=sa.Column(ARRAY(sa.Text), nullable=False))
    secret: bytes = Field(sa_column=sa.Column(sa.LargeBinary, nullable=False))
    former: bytes | None = Field(default=None, sa_column=sa.Column(sa.LargeBinary))
    former_until: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    since: int = Field(
        default=None, sa_column=sa.Column(XID8, nullable=False, server_default=sa.text("pg_current_xact_id()"))
    )
    made_at: datetime = Field(sa_column=moment())
    active: bool = Field(default=True, sa_column=sa.Column(sa.Boolean, nullable=False, server_default=sa.true()))
    ended_because: str | None = Field(default=None, sa_column=sa.Column(sa.Text))
    failures: int = Field(default=0, sa_column=sa.Column(sa.Integer, nullable=False, server_default=sa.text("0")))
    rests_until: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class WebhookDelivery(SQLModel, table=True):
    """One line of the journal, or one notice of an alert, for one webhook.

    `due_at` is when it is sent next; somebody sends it until then.

    `tries` says of each try when it was, how long it took in seconds, and the status or what went wrong. Nothing of
    what was sent or answered is kept.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        sa.UniqueConstraint("webhook_id", "line_id", name="webhook_delivery_once"),
        sa.CheckConstraint("(inquiry_id IS NULL) <> (alert_id IS NULL)", name="webhook_delivery_about"),
        index_where("webhook_delivery_due", "state = 'waiting'", "webhook_id", "line_id"),
        index_where("webhook_delivery_before", "state = 'waiting'", "webhook_id", "inquiry_id", "line_id"),
        sa.Index("webhook_delivery_by_age", "made_at"),
    )

    id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(always=True), primary_key=True))
    webhook_id: int = Field(sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("webhook.id"), nullable=False))
    line_id: int = Field(sa_column=sa.Column(sa.BigInteger, nullable=False))
    inquiry_id: uuid.UUID | None = Field(default=None, sa_column=sa.Column(sa.Uuid))
    alert_id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger))
    event: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    state: str = Field(
        default=Delivered.WAITING, sa_column=sa.Column(sa.Text, nullable=False, server_default=sa.text("'waiting'"))
    )
    made_at: datetime = Field(sa_column=moment())
    due_at: datetime = Field(sa_column=moment())
    attempts: int = Field(default=0, sa_column=sa.Column(sa.SmallInteger, nullable=False, server_default=sa.text("0")))
    tries: list[dict[str, Any]] = Field(
        default_factory=list, sa_column=sa.Column(JSONB, nullable=False, server_default=sa.text("'[]'"))
    )
