"""The tables of guidance: every version of it, and what agents missed in it."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from hotline.columns import WHO, moment


class Guidance(SQLModel, table=True):
    """One version of what is to be known of a topic; append-only, and the last version counts.

    Without a `municipality` it is common to all; a municipality's own stands instead of it. `text` is Markdown, empty
    where there is none any more. `hours` are those of the counter, one opening a line (guidance/opening.py), empty
    where there is none of its own. `owner` is who answers for it, `review_by` the Danish day by which they look at it
    again. With `for_citizens` programs may show it to everybody.
    """

    __table_args__ = (
        sa.UniqueConstraint(
            "topic", "municipality", "version", name="guidance_version", postgresql_nulls_not_distinct=True
        ),
        sa.CheckConstraint("version > 0", name="guidance_version_counts_from_one"),
    )

    id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(always=True), primary_key=True))
    topic: str = Field(sa_column=sa.Column(sa.Text, sa.ForeignKey("topic.slug"), nullable=False))
    municipality: str | None = Field(default=None, sa_column=sa.Column(sa.Text, sa.ForeignKey("municipality.code")))
    version: int = Field(sa_column=sa.Column(sa.Integer, nullable=False))
    text: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    hours: str = Field(default="", sa_column=sa.Column(sa.Text, nullable=False, server_default=sa.text("''")))
    owner: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    review_by: date = Field(sa_column=sa.Column(sa.Date, nullable=False))
    for_citizens: bool = Field(sa_column=sa.Column(sa.Boolean, nullable=False))
    at: datetime | None = Field(default=None, sa_column=moment(server_default="now()"))
    who: str | None = Field(default=None, sa_column=sa.Column(sa.Text, nullable=False, server_default=sa.text(WHO)))


class GuidanceWish(SQLModel, table=True):
    """What an agent missed in the guidance for a municipality's citizens; gone once an editor has dealt with it.

    `text` goes before that where it names a citizen who is erased.
    """

    __tablename__ = "guidance_wish"

    id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(always=True), primary_key=True))
    topic: str = Field(sa_column=sa.Column(sa.Text, sa.ForeignKey("topic.slug"), nullable=False))
    municipality: str = Field(sa_column=sa.Column(sa.Text, sa.ForeignKey("municipality.code"), nullable=False))
    text: str | None = Field(sa_column=sa.Column(sa.Text))
    at: datetime | None = Field(default=None, sa_column=moment(server_default="now()"))
    who: str | None = Field(default=None, sa_column=sa.Column(sa.Text, nullable=False, server_default=sa.text(WHO)))


class Phrase(SQLModel, table=True):
    """Words that agents put into an answer or a note by a stroke and a few letters of its `name`.

    Without a `municipality` they are for everybody's citizens.
    """

    id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(always=True), primary_key=True))
    municipality: str | None = Field(default=None, sa_column=sa.Column(sa.Text, sa.ForeignKey("municipality.code")))
    name: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    text: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    at: datetime | None = Field(default=None, sa_column=moment(server_default="now()"))
    who: str | None = Field(default=None, sa_column=sa.Column(sa.Text, nullable=False, server_default=sa.text(WHO)))
