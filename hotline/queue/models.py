"""The table of what the router has learned of its topics."""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from hotline.columns import moment


class Learning(SQLModel, table=True):
    """One row: the sums of routing/learned.py over every line of the journal of a transaction below `xid`.

    `since` is when the first citizen came that they tell of; `version` is another one with each change.
    """

    __table_args__ = (sa.CheckConstraint("id = 1", name="learning_is_one"),)

    id: int = Field(default=1, sa_column=sa.Column(sa.SmallInteger, primary_key=True, autoincrement=False))
    xid: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    since: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    version: uuid.UUID = Field(sa_column=sa.Column(sa.Uuid, nullable=False))
    sums: dict[str, Any] = Field(sa_column=sa.Column(JSONB, nullable=False))
