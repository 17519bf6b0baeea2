"""The table of the keys that make a request safe to repeat."""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from hotline.columns import moment


class IdempotencyKey(SQLModel, table=True):
    """The first answer to a request with this key, to be given again; json keeps it to the letter.

    `key` is the keyed hash of what the integrator sent, in hex. That there is this integrator, the inquiry says.
    """

    __tablename__ = "idempotency_key"

    integrator_id: int = Field(sa_column=sa.Column(sa.BigInteger, primary_key=True))
    key: str = Field(sa_column=sa.Column(sa.Text, primary_key=True))
    body_hash: bytes = Field(sa_column=sa.Column(sa.LargeBinary, nullable=False))
    inquiry_id: uuid.UUID = Field(sa_column=sa.Column(sa.Uuid, sa.ForeignKey("inquiry.id"), nullable=False))
    answer: dict[str, Any] = Field(sa_column=sa.Column(sa.JSON, nullable=False))
    made_at: datetime = Field(sa_column=moment())
