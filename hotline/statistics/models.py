"""The tables of figures: sums of the journal, and how far it has been read."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

# Every count of an interval; all of them add up. Fixed by the public API.
COUNTS = (
    "offered",
    "answered",
    "answered_in_target",
    "abandoned",
    "abandoned_in_target",
    "short_abandoned",
    "callbacks",
    "handed_over",
    "transferred",
    "closed",
    "resolved_first_contact",
    "wait_seconds",
    "talk_seconds",
    "wrap_seconds",
    "offers_made",
    "offers_refused",
    "offers_lapsed",
    "answered_by_others",
    "answered_for_others",
)
SECONDS = frozenset({"wait_seconds", "talk_seconds", "wrap_seconds"})

IntervalSum = sa.Table(
    "interval_sum",
    SQLModel.metadata,
    sa.Column("start", sa.DateTime(timezone=True), primary_key=True),
    sa.Column("municipality", sa.Text, primary_key=True),
    sa.Column("topic", sa.Text, primary_key=True),
    sa.Column("channel", sa.Text, primary_key=True),
    *(
        sa.Column(name, sa.Double if name in SECONDS else sa.BigInteger, nullable=False, server_default=sa.text("0"))
        for name in COUNTS
    ),
    sa.Index("interval_sum_of_municipality", "municipality", "start"),
)


class ExchangeSum(SQLModel, table=True):
    """Who answered for whom in one 15-minute interval, own citizens included; booked at the closure."""

    __tablename__ = "exchange_sum"

    start: datetime = Field(sa_column=sa.Column(sa.DateTime(timezone=True), primary_key=True))
    home: str = Field(sa_column=sa.Column(sa.Text, primary_key=True))
    answering: str = Field(sa_column=sa.Column(sa.Text, primary_key=True))
    inquiries: int = Field(sa_column=sa.Column(sa.BigInteger, nullable=False))
    talk_seconds: float = Field(sa_column=sa.Column(sa.Double, nullable=False))


class Cursor(SQLModel, table=True):
    """How far these books have followed the journal: every line of a transaction below `xid` has been taken."""

    __tablename__ = "journal_cursor"

    books: str = Field(sa_column=sa.Column(sa.Text, primary_key=True))
    xid: str = Field(sa_column=sa.Column(sa.Text, nullable=False))


def table_of(model: type[SQLModel]) -> sa.Table:
    """The table behind a model, for statements that group and sum."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


def _beside(name: str, table: sa.Table) -> sa.Table:
    """A table of the same shape."""
    counted = sa.text("0")
    return sa.Table(
        name,
        SQLModel.metadata,
        *(
            sa.Column(
                column.name,
                column.type,
                primary_key=column.primary_key,
                nullable=False,
                server_default=None if column.server_default is None else counted,
            )
            for column in table.columns
        ),
    )


# Where a rebuild counts, until it takes the place of what was there (rebuild.py).
IntervalSumAnew = _beside("interval_sum_anew", IntervalSum)
ExchangeSumAnew = _beside("exchange_sum_anew", table_of(ExchangeSum))
