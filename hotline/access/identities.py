"""The tables of sign-in through OpenID Connect: attempts under way, whose subject is which person, CVR numbers."""

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


class Identity(SQLModel, table=True):
    """This subject of this issuer is this person, whatever the provider calls them."""

    issuer: str = Field(sa_column=sa.Column(sa.Text, primary_key=True))
    subject: str = Field(sa_column=sa.Column(sa.Text, primary_key=True))
    person_id: int = Field(sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("person.id"), nullable=False, index=True))
    last_at: datetime = Field(sa_column=moment())


class CvrNumber(SQLModel, table=True):
    """An organisation's CVR number and its municipality; `invented` ones serve samples and tests, nobody has them."""

    __tablename__ = "cvr_number"
    __table_args__ = (sa.CheckConstraint("cvr ~ '^[0-9]{8}$'", name="cvr_number_digits"),)

    cvr: str = Field(sa_column=sa.Column(sa.Text, primary_key=True))
    municipality: str = Field(
        sa_column=sa.Column(sa.Text, sa.ForeignKey("municipality.code"), nullable=False, index=True)
    )
    invented: bool = Field(
        default=False, sa_column=sa.Column(sa.Boolean, nullable=False, server_default=sa.text("false"))
    )
