"""The tables of the noun: the inquiry and its citizen."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from hotline.columns import index_where, moment
from hotline.inquiries.states import HELD, PARKED, QUEUED, State, sql


class Channel(StrEnum):
    """The way by which an inquiry came in."""

    PHONE = "phone"
    EMAIL = "email"
    WEB = "web"
    CHAT = "chat"
    SMS = "sms"
    BOT = "bot"


class Outcome(StrEnum):
    """How an inquiry ended."""

    RESOLVED = "resolved"
    REFERRED = "referred"
    NO_ANSWER = "no_answer"
    DUPLICATE = "duplicate"
    OTHER = "other"


MOST_URGENT, USUAL_PRIORITY = 1, 2  # of 1 to 3
# Someone is at the other end of the line and hears when the hotline is closed or full.
LIVE_CHANNELS = frozenset({Channel.PHONE, Channel.CHAT})


class Inquiry(SQLModel, table=True):
    """What a citizen wants, from arrival to its end.

    `queued_at` is the moment its age counts from (arrival, or an earlier call of the same citizen that it resumes);
    `deadline` is `queued_at` plus the seconds within which its priority is to be answered. `speaks` is the language an
    agent must speak to be offered it, `*` once that is no longer asked for; `circle` is a word for the municipalities
    whose agents may answer it by now (routing/together.py), written while it waits, `opened` what that goes by, and
    `widens_at` when it is opened to others at the latest; `outside` says that its municipality took no part when it
    came, so that any may answer it at once; `only_agent` asks for one agent until
    `only_until`. `call_from` makes it a call-back, from that moment on; `call_attempts` counts how often the citizen
    did not answer. `channel` is how it is answered: once it is rung that is by phone, and `came_by` how it came in.
    In `external_id` marks stand for CPR numbers (privacy/marks.py). What a citizen wanted erased at `erase_asked_at`
    is erased once it has ended.
    """

    __table_args__ = (
        sa.UniqueConstraint("integrator_id", "external_id", name="inquiry_external_id"),
        sa.CheckConstraint(f"state IN {sql(State)}", name="inquiry_state"),
        sa.CheckConstraint("priority BETWEEN 1 AND 3", name="inquiry_priority"),
        sa.CheckConstraint("channel IN ('phone','email','web','chat','sms','bot')", name="inquiry_channel"),
        sa.CheckConstraint(
            "(state NOT IN ('waiting','offered')) OR (topic IS NOT NULL AND speaks IS NOT NULL AND "
            "deadline IS NOT NULL)",
            name="inquiry_waits_for_somebody",
        ),
        sa.CheckConstraint(f"(state IN {sql(HELD)}) <= (agent_id IS NOT NULL)", name="inquiry_handled_by_somebody"),
        sa.CheckConstraint("state <> 'callback' OR call_from IS NOT NULL", name="inquiry_parked_until"),
        index_where("inquiry_to_call", f"call_from IS NOT NULL AND state IN {sql((*PARKED, *QUEUED))}", "call_from"),
        index_where("inquiry_received", "state = 'received'", "id"),
        index_where(
            "inquiry_front_of_class",
            "state = 'waiting'",
            "circle",
            "topic",
            "speaks",
            sa.text("(channel = 'phone')"),
            "deadline",
            "id",
        ),
        index_where(
            "inquiry_to_widen",
            "state = 'waiting' AND widens_at IS NOT NULL",
            "municipality",
            "topic",
            "speaks",
            "widens_at",
        ),
        index_where("inquiry_for_one", "only_agent IS NOT NULL AND ended_at IS NULL", "only_agent", "state"),
        index_where("inquiry_ended_by_topic", "state = 'closed'", "topic", "id"),
        index_where("inquiry_held_by", f"state IN {sql(HELD)}", "agent_id"),
        sa.Index("inquiry_of_municipality", "municipality", "id"),
        index_where("inquiry_of_agent", "agent_id IS NOT NULL", "agent_id", "id"),
        sa.Index("inquiry_of_integrator", "integrator_id", "id"),
        index_where("inquiry_with_texts", "ended_at IS NOT NULL AND texts_erased_at IS NULL", "ended_at"),
        index_where("inquiry_with_external_id", "external_id IS NOT NULL AND ended_at IS NOT NULL", "ended_at"),
        index_where("inquiry_to_erase", "erase_asked_at IS NOT NULL", "id"),
    )

    id: uuid.UUID = Field(sa_column=sa.Column(sa.Uuid, primary_key=True))
    reference: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    integrator_id: int = Field(sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("integrator.id"), nullable=False))
    external_id: str | None = Field(default=None, sa_column=sa.Column(sa.Text))
    resumes: uuid.UUID | None = Field(
        default=None, sa_column=sa.Column(sa.Uuid, sa.ForeignKey("inquiry.id"), unique=True)
    )
    channel: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    came_by: str | None = Field(default=None, sa_column=sa.Column(sa.Text))
    municipality: str = Field(sa_column=sa.Column(sa.Text, sa.ForeignKey("municipality.code"), nullable=False))
    text: str = Field(default="", sa_column=sa.Column(sa.Text, nullable=False))
    attributes: dict[str, Any] = Field(
        default_factory=dict, sa_column=sa.Column(JSONB, nullable=False, server_default=sa.text("'{}'"))
    )
    state: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    topic: str | None = Field(default=None, sa_column=sa.Column(sa.Text, sa.ForeignKey("topic.slug")))
    topic_confidence: float | None = Field(default=None, sa_column=sa.Column(sa.Double))
    topic_hint: dict[str, Any] | None = Field(default=None, sa_column=sa.Column(JSONB(none_as_null=True)))
    alternatives: list[Any] = Field(
        default_factory=list, sa_column=sa.Column(JSONB, nullable=False, server_default=sa.text("'[]'"))
    )
    language: str | None = Field(default=None, sa_column=sa.Column(sa.Text))
    speaks: str | None = Field(default=None, sa_column=sa.Column(sa.Text))
    priority: int = Field(sa_column=sa.Column(sa.SmallInteger, nullable=False))
    priority_given: bool = Field(sa_column=sa.Column(sa.Boolean, nullable=False))
    urgent: bool = Field(
        default=False, sa_column=sa.Column(sa.Boolean, nullable=False, server_default=sa.text("false"))
    )
    urgent_because: str | None = Field(default=None, sa_column=sa.Column(sa.Text))
    circle: str = Field(default="", sa_column=sa.Column(sa.Text, nullable=False, server_default=sa.text("''")))
    outside: bool = Field(default=False, sa_column=sa.Column(sa.Boolean, nullable=False, server_default=sa.false()))
    opened: dict[str, float | None] = Field(
        default_factory=dict, sa_column=sa.Column(JSONB, nullable=False, server_default=sa.text("'{}'"))
    )
    widens_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    only_agent: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("agent.id")))
    only_until: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    received_at: datetime = Field(sa_column=moment())
    queued_at: datetime = Field(sa_column=moment())
    deadline: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    agent_id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("agent.id")))
    answered_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    wrapping_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    ended_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    outcome: str | None = Field(default=None, sa_column=sa.Column(sa.Text))
    transfers: int = Field(default=0, sa_column=sa.Column(sa.SmallInteger, nullable=False, server_default=sa.text("0")))
    call_from: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    call_attempts: int = Field(
        default=0, sa_column=sa.Column(sa.SmallInteger, nullable=False, server_default=sa.text("0"))
    )
    flag: str | None = Field(default=None, sa_column=sa.Column(sa.Text))
    texts_erased_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    erase_asked_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class Citizen(SQLModel, table=True):
    """Who asked: each field sealed by privacy/vault.py; phone, mail and CPR number are found again by a keyed hash."""

    __table_args__ = tuple(
        index_where(f"citizen_by_{name}", f"{name}_hash IS NOT NULL", f"{name}_hash", *newest)
        for name, newest in (("phone", ["inquiry_id"]), ("email", []), ("cpr", []))
    )

    inquiry_id: uuid.UUID = Field(sa_column=sa.Column(sa.Uuid, sa.ForeignKey("inquiry.id"), primary_key=True))
    name: bytes | None = Field(default=None, sa_column=sa.Column(sa.LargeBinary))
    phone: bytes | None = Field(default=None, sa_column=sa.Column(sa.LargeBinary))
    email: bytes | None = Field(default=None, sa_column=sa.Column(sa.LargeBinary))
    cpr: bytes | None = Field(default=None, sa_column=sa.Column(sa.LargeBinary))
    phone_hash: bytes | None = Field(default=None, sa_column=sa.Column(sa.LargeBinary))
    email_hash: bytes | None = Field(default=None, sa_column=sa.Column(sa.LargeBinary))
    cpr_hash: bytes | None = Field(default=None, sa_column=sa.Column(sa.LargeBinary))
