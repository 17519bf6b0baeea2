"""The tables of sign-in through OpenID Connect: attempts under way, and whose subject is which person."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from hotline.columns import moment


class OidcAttempt(SQLModel, table=True):
    """A sign-in that was begun, until it is finished once or too old. Only the hash of its state is kept."""

    __tablename__ = "oidc_attempt"

    state_hash: bytes = Field(sa_column=sa.Column(sa.LargeBinary, primary_key=True))
    page: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    ends_at: datetime = Field(sa_column=sa.Column(sa.DateTime(timezone=True), nullable=False, index=True))


class OidcPerson(SQLModel, table=True):
    """This subject of this issuer is this person, whatever the provider calls them."""

    __tablename__ = "oidc_person"

    issuer: str = Field(sa_column=sa.Column(sa.Text, primary_key=True))
    subject: str = Field(sa_column=sa.Column(sa.Text, primary_key=True))
    person_id: int = Field(sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("person.id"), nullable=False, index=True))
    last_at: datetime = Field(sa_column=moment())
