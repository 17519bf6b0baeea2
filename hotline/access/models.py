"""The tables of access: credentials and sessions of people, integrators and their keys."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from hotline.columns import moment


class Credential(SQLModel, table=True):
    """How a person with a local account signs in. Apart from the person: only the door and the accounts may read it."""

    person_id: int = Field(
        sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("person.id"), primary_key=True, autoincrement=False)
    )
    password_hash: str = Field(sa_column=sa.Column(sa.Text, nullable=False))


class SignInSession(SQLModel, table=True):
    """One sign-in. Only the hash of its token is kept. `seen_at` is when it was used last, to the minute."""

    __tablename__ = "sign_in_session"

    token_hash: bytes = Field(sa_column=sa.Column(sa.LargeBinary, primary_key=True))
    person_id: int = Field(sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("person.id"), nullable=False, index=True))
    begun_at: datetime = Field(sa_column=moment())
    ends_at: datetime = Field(sa_column=moment())
    seen_at: datetime = Field(sa_column=moment())


class Integrator(SQLModel, table=True):
    """A phone system, form or bot that hands inquiries in.

    `answered_in` are channels whose inquiries are answered there and not here: the address of each, where
    `{external_id}` and `{reference}` stand for the inquiry's.
    """

    id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(), primary_key=True))
    name: str = Field(sa_column=sa.Column(sa.Text, nullable=False, unique=True))
    active: bool = Field(default=True, sa_column=sa.Column(sa.Boolean, nullable=False))
    answered_in: dict[str, str] = Field(
        default_factory=dict, sa_column=sa.Column(JSONB, nullable=False, server_default=sa.text("'{}'"))
    )


class ApiKey(SQLModel, table=True):
    """A key of an integrator. Only its hash is kept, and its first characters to know it by; several may be in force.

    `scopes` is what it may do (see access/keys.py), `municipalities` those it is bound to: [] means all members.
    """

    __tablename__ = "api_key"
    __table_args__ = (
        sa.CheckConstraint(
            "scopes <@ ARRAY['intake', 'read', 'statistics', 'webhooks']",
            name="api_key_scopes",
        ),
    )

    key_hash: bytes = Field(sa_column=sa.Column(sa.LargeBinary, primary_key=True))
    integrator_id: int = Field(
        sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("integrator.id"), nullable=False, index=True)
    )
    prefix: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    scopes: list[str] = Field(sa_column=sa.Column(ARRAY(sa.Text), nullable=False))
    municipalities: list[str] = Field(sa_column=sa.Column(ARRAY(sa.Text), nullable=False))
    made_at: datetime = Field(sa_column=moment())
    ends_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    last_used_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
