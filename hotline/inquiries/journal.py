"""record(): what happened to which inquiry, when and by whom; written with the change itself and never changed."""

import uuid
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlmodel import Field, Session, SQLModel

from hotline.columns import index_where, moment
from hotline.inquiries.facts import Fact


class About(Protocol):
    """What a line says of the inquiry that it is about."""

    id: uuid.UUID
    municipality: str
    topic: str | None
    channel: str
    came_by: str | None


class Worker(Protocol):
    """What a line says of the agent who did it."""

    @property
    def id(self) -> int: ...
    @property
    def municipality(self) -> str: ...


class XID8(sa.types.UserDefinedType[int]):
    """PostgreSQL's 64-bit number of a transaction."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """The type's name in SQL."""
        return "xid8"


ischema_names["xid8"] = XID8  # so that the migrations' comparison knows the type when it reads it back


# Which lines a municipality's figures lead back to (statistics/traced.py): they alone are found by time.
COUNTED = "event IN ('classified', 'accepted', 'abandoned') OR event = 'closed' AND data ->> 'received_at' IS NOT NULL"


class JournalLine(SQLModel, table=True):
    """One event. `data` is its fact (facts.py), from which alone every figure can be recomputed.

    `xid` is the transaction that wrote the line: readers who follow the journal take only lines of transactions that
    are all over (xid below pg_snapshot_xmin), so that none committed late is ever passed by. `channel` is the one by
    which the citizen came, whatever became of it.
    """

    __tablename__ = "journal"
    __table_args__ = (
        sa.Index("journal_of_inquiry", "inquiry_id", "id"),
        sa.Index("journal_by_xid", "xid"),
        index_where("journal_counted", COUNTED, "municipality", "at", "topic", "channel"),
        sa.Index("journal_by_time", "at", postgresql_using="brin"),  # lines come in nearly by time; it takes no room
    )

    id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(always=True), primary_key=True))
    xid: int = Field(
        default=None, sa_column=sa.Column(XID8, nullable=False, server_default=sa.text("pg_current_xact_id()"))
    )
    at: datetime = Field(sa_column=moment())
    event: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    inquiry_id: uuid.UUID = Field(sa_column=sa.Column(sa.Uuid, nullable=False))
    municipality: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    topic: str | None = Field(default=None, sa_column=sa.Column(sa.Text))
    channel: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    agent_id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger))
    answering: str | None = Field(default=None, sa_column=sa.Column(sa.Text))
    data: dict[str, Any] = Field(
        default_factory=dict, sa_column=sa.Column(JSONB, nullable=False, server_default=sa.text("'{}'"))
    )


WRITE = sa.insert(JournalLine)  # once for all lines: to put it together takes longer than to carry it out


def record(session: Session, inquiry: About, fact: Fact, at: datetime, by: Worker | None = None) -> None:
    """Write in this transaction that `fact` happened to the inquiry at `at` (aware), by this agent where it was one."""
    line = {
        "at": at,
        "event": str(fact.EVENT),
        "inquiry_id": inquiry.id,
        "municipality": inquiry.municipality,
        "topic": inquiry.topic,
        "channel": inquiry.came_by or inquiry.channel,
        "agent_id": by.id if by else None,
        "answering": by.municipality if by else None,
        "data": fact.data(),
    }
    session.execute(WRITE, line)
