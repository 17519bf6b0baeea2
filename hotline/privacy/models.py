"""The tables of privacy: look-ups of citizens, CPR numbers kept from texts, and what retention has erased."""

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from hotline.columns import PERSON, WHO, index_where, moment


class Look(StrEnum):
    """What somebody did with a citizen's data."""

    OPENED = "opened"
    REVEALED = "revealed"
    UNDONE = "undone"
    SEARCHED = "searched"
    REPORTED = "reported"
    EXPORTED = "exported"
    ERASED = "erased"


class Lookup(SQLModel, table=True):
    """One look at a citizen's data, never the data itself; append-only, but for `why`, which goes with the citizen.

    `who` is a signed-in person's id in words or the account of an operator's command; `person_id` the person, if one.
    They and the moment come from the transaction (hotline/tenant.py).
    `subject` is the keyed hash of the phone number, mail address or CPR number that was searched for.
    """

    __table_args__ = (
        sa.CheckConstraint(
            "what IN ('opened','revealed','undone','searched','reported','exported','erased')", name="lookup_what"
        ),
        sa.Index("lookup_at", "at"),
        sa.Index("lookup_of_inquiry", "inquiry_id"),
        index_where("lookup_with_reason", "why IS NOT NULL", "at"),
        index_where("lookup_of_subject", "subject IS NOT NULL", "subject"),
        index_where("lookup_opened_once", "what = 'opened'", "person_id", "inquiry_id", unique=True),
    )

    id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(always=True), primary_key=True))
    at: datetime | None = Field(default=None, sa_column=moment(server_default="now()"))
    who: str | None = Field(default=None, sa_column=sa.Column(sa.Text, nullable=False, server_default=sa.text(WHO)))
    person_id: int | None = Field(
        default=None, sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("person.id"), server_default=sa.text(PERSON))
    )
    what: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    why: str | None = Field(default=None, sa_column=sa.Column(sa.Text))
    inquiry_id: uuid.UUID | None = Field(default=None, sa_column=sa.Column(sa.Uuid))
    subject: bytes | None = Field(default=None, sa_column=sa.Column(sa.LargeBinary))


class KeptCpr(SQLModel, table=True):
    """A CPR number that was taken out of something written, sealed as it was written, number `n` of its inquiry.

    `place` and `position` say where it stood, as hotline/privacy/hits.py has it. With `may_reveal` it may be shown, and
    stays as long as the citizen's fields; else it may only be put back, until a day after the inquiry's end. After a
    false hit was undone nothing is kept of it.
    """

    __tablename__ = "kept_cpr"
    __table_args__ = (
        sa.CheckConstraint("(sealed IS NULL) = false_hit", name="kept_cpr_until_undone"),
        sa.UniqueConstraint("inquiry_id", "place", "position", name="kept_cpr_place"),
        index_where("kept_cpr_by_number", "number_hash IS NOT NULL", "number_hash"),
        index_where("kept_cpr_to_put_back", "NOT may_reveal", "inquiry_id"),
    )

    inquiry_id: uuid.UUID = Field(sa_column=sa.Column(sa.Uuid, sa.ForeignKey("inquiry.id"), primary_key=True))
    n: int = Field(sa_column=sa.Column(sa.Integer, primary_key=True, autoincrement=False))
    place: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    position: int = Field(sa_column=sa.Column(sa.Integer, nullable=False))
    sealed: bytes | None = Field(default=None, sa_column=sa.Column(sa.LargeBinary))
    number_hash: bytes | None = Field(default=None, sa_column=sa.Column(sa.LargeBinary))
    may_reveal: bool = Field(
        default=True, sa_column=sa.Column(sa.Boolean, nullable=False, server_default=sa.text("true"))
    )
    false_hit: bool = Field(
        default=False, sa_column=sa.Column(sa.Boolean, nullable=False, server_default=sa.text("false"))
    )


class RetentionRun(SQLModel, table=True):
    """What one transaction of retention erased, in counts; append-only, and a line of zeros where nothing was due.

    `held_back` counts inquiries whose texts stay because notes of theirs have not been handed over yet.
    """

    __tablename__ = "retention_run"
    __table_args__ = (sa.Index("retention_run_at", "at"),)

    id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(always=True), primary_key=True))
    at: datetime = Field(sa_column=moment())
    identities: int = Field(sa_column=sa.Column(sa.Integer, nullable=False))
    kept_cpr: int = Field(sa_column=sa.Column(sa.Integer, nullable=False))
    request_keys: int = Field(sa_column=sa.Column(sa.Integer, nullable=False))
    reasons: int = Field(default=0, sa_column=sa.Column(sa.Integer, nullable=False, server_default=sa.text("0")))
    texts: int = Field(sa_column=sa.Column(sa.Integer, nullable=False))
    notes: int = Field(sa_column=sa.Column(sa.Integer, nullable=False))
    lookups: int = Field(sa_column=sa.Column(sa.Integer, nullable=False))
    held_back: int = Field(sa_column=sa.Column(sa.Integer, nullable=False))
