"""The tables of notes that people write on an inquiry, and of what somebody is writing."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from hotline.columns import moment


class Note(SQLModel, table=True):
    """What somebody wrote, with CPR numbers already replaced by their token; no `person_id` is an operator's command.

    `handed_over_at` is when it was written out for the municipality's own case system.
    """

    __table_args__ = (sa.Index("note_of_inquiry", "inquiry_id", "id"),)

    id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(), primary_key=True))
    inquiry_id: uuid.UUID = Field(sa_column=sa.Column(sa.Uuid, sa.ForeignKey("inquiry.id"), nullable=False))
    person_id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("person.id")))
    at: datetime = Field(sa_column=moment())
    text: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    handed_over_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class NoteDraft(SQLModel, table=True):
    """What an agent has written and chosen so far of an inquiry in hand, CPR numbers already replaced by their token.

    There is one of the note and one of the answer. It is nobody else's, and goes once that is written or the inquiry
    leaves the agent's hands.
    """

    __tablename__ = "note_draft"
    __table_args__ = (sa.CheckConstraint("kind IN ('note','answer')", name="note_draft_kind"),)

    inquiry_id: uuid.UUID = Field(sa_column=sa.Column(sa.Uuid, sa.ForeignKey("inquiry.id"), primary_key=True))
    agent_id: int = Field(
        sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("agent.id"), primary_key=True, autoincrement=False)
    )
    kind: str = Field(default="note", sa_column=sa.Column(sa.Text, primary_key=True, server_default=sa.text("'note'")))
    text: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    outcome: str | None = Field(default=None, sa_column=sa.Column(sa.Text))
    changed_at: datetime = Field(sa_column=moment())
