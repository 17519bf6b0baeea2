"""The table of receipts: by what a citizen is known again who asks for an inquiry."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from hotline.columns import moment


class Receipt(SQLModel, table=True):
    """What was given to the citizen of an inquiry; of reference and code together a keyed hash alone is kept.

    It stays when the inquiry's texts are erased, so that the page can say so.
    """

    inquiry_id: uuid.UUID = Field(sa_column=sa.Column(sa.Uuid, sa.ForeignKey("inquiry.id"), primary_key=True))
    code_hash: bytes = Field(sa_column=sa.Column(sa.LargeBinary, nullable=False, unique=True))
    made_at: datetime = Field(sa_column=moment())
