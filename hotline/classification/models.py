"""The tables of what the reader is taught in use: corrections, what a night made of them, examples, and words."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from hotline.columns import WHO, moment
from hotline.inquiries.states import sql


class TopicExample(SQLModel, table=True):
    """An inquiry that the secretariat holds up as an example of a topic that the reader does not know by itself.

    Its text is the inquiry's own: erased there, it is an example no more.
    """

    __tablename__ = "topic_example"

    topic: str = Field(sa_column=sa.Column(sa.Text, sa.ForeignKey("topic.slug"), primary_key=True))
    inquiry_id: uuid.UUID = Field(sa_column=sa.Column(sa.Uuid, sa.ForeignKey("inquiry.id"), primary_key=True))
    person_id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("person.id")))
    at: datetime = Field(sa_column=moment())


class Lesson(SQLModel, table=True):
    """An agent's word, the last one, for what an inquiry is about whose topic was guessed; `was` is the guess.

    Its text is the inquiry's own: erased there, nothing is learned from it any more.
    """

    __table_args__ = (sa.Index("lesson_by_time", "at"),)

    inquiry_id: uuid.UUID = Field(sa_column=sa.Column(sa.Uuid, sa.ForeignKey("inquiry.id"), primary_key=True))
    was: str = Field(sa_column=sa.Column(sa.Text, sa.ForeignKey("topic.slug"), nullable=False))
    topic: str = Field(sa_column=sa.Column(sa.Text, sa.ForeignKey("topic.slug"), nullable=False))
    person_id: int = Field(sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("person.id"), nullable=False))
    at: datetime = Field(sa_column=moment())


class TaughtState(StrEnum):
    """What became of a night's lessons: the reader reads by them, they gave nothing, they made it worse, or somebody
    took them back."""

    LIVE = "live"
    IDLE = "idle"
    WORSE = "worse"
    TAKEN_BACK = "taken_back"


class Taught(SQLModel, table=True):
    """What a night made of agents' corrections: `lessons` are [inquiry, topic, weight], `figures` why it was taken.

    `base` is the hash of what the model was trained from that they add to; with another one they count for nothing
    until a night has judged them again. The newest that is live holds.
    """

    __table_args__ = (sa.CheckConstraint(f"state IN {sql(TaughtState)}", name="taught_state"),)

    id: int = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(), primary_key=True))
    at: datetime = Field(sa_column=moment())
    base: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    state: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    lessons: list[Any] = Field(sa_column=sa.Column(JSONB, nullable=False))
    figures: dict[str, Any] = Field(sa_column=sa.Column(JSONB, nullable=False))


class ReadingDay(SQLModel, table=True):
    """How many inquiries were read for their topic on a Danish day, and of how many the reader was sure."""

    __tablename__ = "reading_day"

    day: date = Field(sa_column=sa.Column(sa.Date, primary_key=True))
    guessed: int = Field(sa_column=sa.Column(sa.Integer, nullable=False))
    sure: int = Field(sa_column=sa.Column(sa.Integer, nullable=False))


class WordState(StrEnum):
    """What a worker found of a word: nobody has looked yet, it counts, or texts held out are read worse by it."""

    NEW = "new"
    LIVE = "live"
    WORSE = "worse"


class TopicWord(SQLModel, table=True):
    """A word or phrase of the secretariat's that points to a topic; a row is never deleted, only taken out.

    `said` are its stems, by which it is found in texts; a weight of 1 is half of what makes the reader sure.
    """

    __tablename__ = "topic_word"
    __table_args__ = (
        sa.CheckConstraint(f"state IN {sql(WordState)}", name="topic_word_state"),
        sa.CheckConstraint("weight > 0 AND weight <= 1.5", name="topic_word_weight"),
        sa.Index("topic_word_once", "said", unique=True, postgresql_where=sa.text("removed_at IS NULL")),
    )

    id: int = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(always=True), primary_key=True))
    topic: str = Field(sa_column=sa.Column(sa.Text, sa.ForeignKey("topic.slug"), nullable=False))
    word: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    said: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    weight: float = Field(sa_column=sa.Column(sa.Float, nullable=False))
    state: str = Field(default="new", sa_column=sa.Column(sa.Text, nullable=False, server_default="new"))
    at: datetime | None = Field(default=None, sa_column=moment(server_default="now()"))
    who: str | None = Field(default=None, sa_column=sa.Column(sa.Text, nullable=False, server_default=sa.text(WHO)))
    removed_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    removed_by: str | None = Field(default=None, sa_column=sa.Column(sa.Text))
