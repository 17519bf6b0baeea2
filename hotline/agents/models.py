"""The tables of agents at work."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from hotline.columns import index_where, moment


class Presence(StrEnum):
    """What an agent last said of themselves."""

    AVAILABLE = "available"
    BREAK = "break"
    OFFLINE = "offline"


class AgentWork(SQLModel, table=True):
    """What each offer writes of an agent, apart from the standing facts so that it stays narrow.

    `load` of `capacity` units are taken by offers and inquiries not yet released; the database refuses more.
    `presence` is what the agent last said, `connected` whether a console of theirs is heard of; they can be offered
    something while both hold. `misses` counts offers that lapsed in a row; until `rests_until` nothing new is offered.
    `missed` is what the last of them was about (`topic`, `municipality`, `at`), until they have seen it.
    """

    __tablename__ = "agent_work"
    __table_args__ = (
        sa.CheckConstraint("load >= 0 AND load <= capacity", name="agent_not_over_capacity"),
        sa.CheckConstraint("capacity > 0", name="agent_capacity"),
        sa.CheckConstraint("presence IN ('available','break','offline')", name="agent_presence"),
        index_where(
            "agent_ready", "presence = 'available' AND connected AND load < capacity", "idle_since", "agent_id"
        ),
    )

    agent_id: int = Field(sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("agent.id"), primary_key=True))
    capacity: int = Field(default=3, sa_column=sa.Column(sa.SmallInteger, nullable=False, server_default=sa.text("3")))
    load: int = Field(default=0, sa_column=sa.Column(sa.SmallInteger, nullable=False, server_default=sa.text("0")))
    presence: str = Field(
        default=Presence.OFFLINE, sa_column=sa.Column(sa.Text, nullable=False, server_default=sa.text("'offline'"))
    )
    presence_reason: str | None = Field(default=None, sa_column=sa.Column(sa.Text))
    connected: bool = Field(
        default=False, sa_column=sa.Column(sa.Boolean, nullable=False, server_default=sa.text("false"))
    )
    idle_since: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    misses: int = Field(default=0, sa_column=sa.Column(sa.SmallInteger, nullable=False, server_default=sa.text("0")))
    rests_until: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    missed: dict[str, Any] | None = Field(default=None, sa_column=sa.Column(JSONB(none_as_null=True)))


class PresenceChange(SQLModel, table=True):
    """An agent's state from this moment on, append-only but for the reason, which goes; `connected` as in AgentWork."""

    __tablename__ = "presence_change"
    __table_args__ = (
        sa.Index("presence_of_agent", "agent_id", "at"),
        index_where("presence_with_reason", "reason IS NOT NULL", "at"),
    )

    id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(always=True), primary_key=True))
    agent_id: int = Field(sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("agent.id"), nullable=False))
    at: datetime = Field(sa_column=moment())
    presence: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    connected: bool = Field(sa_column=sa.Column(sa.Boolean, nullable=False))
    reason: str | None = Field(default=None, sa_column=sa.Column(sa.Text))

    @classmethod
    def to(cls, work: AgentWork, at: datetime, reason: str | None) -> "PresenceChange":
        """What they are at `at` (aware), and from then on."""
        return cls(agent_id=work.agent_id, at=at, presence=work.presence, connected=work.connected, reason=reason)


class Shift(SQLModel, table=True):
    """An agent is planned to be at work from `begins` until `ends`; whether they are is another matter."""

    __table_args__ = (
        sa.CheckConstraint("begins < ends", name="shift_ends_after_it_begins"),
        sa.Index("shift_by_time", "begins"),
    )

    agent_id: int = Field(sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("agent.id"), primary_key=True))
    begins: datetime = Field(sa_column=sa.Column(sa.DateTime(timezone=True), primary_key=True))
    ends: datetime = Field(sa_column=moment())


class AgentPhone(SQLModel, table=True):
    """Where an agent is rung: a telephone of the exchange (`PJSIP/agent1`), or a number (E.164). No two share one."""

    __tablename__ = "agent_phone"

    agent_id: int = Field(sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("agent.id"), primary_key=True))
    endpoint: str = Field(sa_column=sa.Column(sa.Text, nullable=False, unique=True))
    said_at: datetime = Field(sa_column=moment())


class WebClock(SQLModel, table=True):
    """One row: seconds during which some web process ran. Agents' absence is counted by it, so that time when nobody
    could have reached the hotline counts against nobody."""

    __tablename__ = "web_clock"
    __table_args__ = (sa.CheckConstraint("id = 1", name="web_clock_is_one"),)

    id: int = Field(default=1, sa_column=sa.Column(sa.SmallInteger, primary_key=True, autoincrement=False))
    seconds: float = Field(default=0, sa_column=sa.Column(sa.Double, nullable=False))
    beat_at: datetime = Field(sa_column=moment())


class AgentSeen(SQLModel, table=True):
    """When a console of this agent was last heard of, by the web clock; narrow, for it is written every few seconds."""

    __tablename__ = "agent_seen"

    agent_id: int = Field(sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("agent.id"), primary_key=True))
    seconds: float = Field(sa_column=sa.Column(sa.Double, nullable=False))
