"""Whether the citizen of a chat is still at their page, and whether they are writing just now."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel

from hotline.columns import index_where, moment

SEEN_AT_MOST_EVERY = timedelta(seconds=10)
LEFT = timedelta(minutes=3)  # a browser lets a page that nobody looks at ask once a minute


class CitizenThere(SQLModel, table=True):
    """When the page of a citizen asked last, when they typed last, and since when it is known to be closed."""

    __tablename__ = "citizen_there"
    __table_args__ = (index_where("citizen_there_still", "left_at IS NULL", "seen_at"),)

    inquiry_id: uuid.UUID = Field(sa_column=sa.Column(sa.Uuid, sa.ForeignKey("inquiry.id"), primary_key=True))
    seen_at: datetime = Field(sa_column=moment())
    typed_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    left_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


SEEN = sa.text("""
    INSERT INTO citizen_there AS c (inquiry_id, seen_at) VALUES (:inquiry, :now)
    ON CONFLICT (inquiry_id) DO UPDATE SET seen_at = :now, left_at = NULL
    WHERE c.left_at IS NOT NULL OR c.seen_at <= :before
""")
TYPED = sa.text("""
    INSERT INTO citizen_there AS c (inquiry_id, seen_at, typed_at) VALUES (:inquiry, :now, :now)
    ON CONFLICT (inquiry_id) DO UPDATE SET seen_at = :now, left_at = NULL, typed_at = :now
""")
GONE = sa.text("""
    UPDATE citizen_there SET left_at = :now WHERE left_at IS NULL AND seen_at <= :before RETURNING inquiry_id
""")


def has_left(session: Session, inquiry_id: uuid.UUID) -> bool:
    """Whether their page was found closed and has not been opened since."""
    found = session.get(CitizenThere, inquiry_id, populate_existing=True)
    return found is not None and found.left_at is not None


def seen(session: Session, inquiry_id: uuid.UUID, now: datetime) -> None:
    """Their page is open; written down every few seconds."""
    asked = {"inquiry": inquiry_id, "now": now, "before": now - SEEN_AT_MOST_EVERY}
    session.execute(SEEN, asked)


def typed(session: Session, inquiry_id: uuid.UUID, now: datetime) -> None:
    """They are writing."""
    session.execute(TYPED, {"inquiry": inquiry_id, "now": now})


def note_who_left(session: Session, now: datetime) -> Sequence[uuid.UUID]:
    """The inquiries whose citizens have closed their page since this was asked last."""
    return session.execute(GONE, {"now": now, "before": now - LEFT}).scalars().all()
