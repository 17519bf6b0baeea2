"""The tables of figures: sums of the journal, and how far it has been read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from hotline.columns import index_where, moment

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
    "rang_again",
)
SECONDS = frozenset({"wait_seconds", "talk_seconds", "wrap_seconds"})

EXCHANGED = ("answered", "inquiries", "talk_seconds", "wrap_seconds")


def _sums(name: str, keys: Sequence[str], counts: Sequence[str], *indexes: sa.Index) -> sa.Table:
    """A table of sums: `start` is a moment, `bucket` a number (waits.py), every other key a word."""
    kinds: dict[str, sa.types.TypeEngine[Any]] = {"start": sa.DateTime(timezone=True), "bucket": sa.SmallInteger()}
    seconds, nought = SECONDS & set(counts), sa.text("0")
    return sa.Table(
        name,
        SQLModel.metadata,
        *(sa.Column(key, kinds.get(key, sa.Text()), primary_key=True, autoincrement=False) for key in keys),
        *(
            sa.Column(count, sa.Double if count in seconds else sa.BigInteger, nullable=False, server_default=nought)
            for count in counts
        ),
        *indexes,
    )


INTERVAL_KEYS, EXCHANGE_KEYS = ("start", "municipality", "topic", "channel"), ("start", "home", "answering")
ALL_TOPICS_KEYS = ("start", "municipality", "channel")
WAIT_KEYS = ("rung", "start", "municipality", "channel", "bucket")

# Quarters of an hour. Who answered for whom has own citizens, too; `answered` is booked at the first answer, and what
# became of it (`inquiries`, and the time it took) where it left somebody's hands.
IntervalSum = _sums(
    "interval_sum", INTERVAL_KEYS, COUNTS, sa.Index("interval_sum_of_municipality", "municipality", "start")
)
ExchangeSum = _sums("exchange_sum", EXCHANGE_KEYS, EXCHANGED)

# The same in whole Danish days, months and years (ladder.py), also of all topics together, and how long citizens
# waited, by bucket (waits.py).
LongSum = _sums(
    "long_sum", ("rung", *INTERVAL_KEYS), COUNTS, sa.Index("long_sum_of_municipality", "municipality", "rung", "start")
)
AllTopicsSum = _sums(
    "all_topics_sum",
    ("rung", *ALL_TOPICS_KEYS),
    COUNTS,
    sa.Index("all_topics_sum_of_municipality", "municipality", "rung", "start"),
)
LongExchangeSum = _sums(
    "long_exchange_sum",
    ("rung", *EXCHANGE_KEYS),
    EXCHANGED,
    sa.Index("long_exchange_sum_home", "home", "rung", "start"),
    sa.Index("long_exchange_sum_answering", "answering", "rung", "start"),
)
WaitSum = _sums(
    "wait_sum", WAIT_KEYS, ("waited",), sa.Index("wait_sum_of_municipality", "municipality", "rung", "start")
)


class Cursor(SQLModel, table=True):
    """How far these books have followed the journal: every line of a transaction below `xid` has been taken."""

    __tablename__ = "journal_cursor"

    books: str = Field(sa_column=sa.Column(sa.Text, primary_key=True))
    xid: str = Field(sa_column=sa.Column(sa.Text, nullable=False))


class MunicipalityReport(SQLModel, table=True):
    """A municipality's month (its first day) for its council; without a file it is asked for and not made yet."""

    __tablename__ = "municipality_report"
    __table_args__ = (
        sa.CheckConstraint("(pdf IS NULL) = (made_at IS NULL)", name="municipality_report_made"),
        index_where("municipality_report_asked", "pdf IS NULL", "asked_at"),
    )

    municipality: str = Field(sa_column=sa.Column(sa.Text, sa.ForeignKey("municipality.code"), primary_key=True))
    month: date = Field(sa_column=sa.Column(sa.Date, primary_key=True))
    asked_at: datetime | None = Field(default=None, sa_column=moment(server_default="now()"))
    made_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    pdf: bytes | None = Field(default=None, sa_column=sa.Column(sa.LargeBinary))


class Alert(SQLModel, table=True):
    """Something that those who run the pool are told of until it ends (alerts.py), and how bad it was at the worst."""

    __table_args__ = (
        sa.CheckConstraint("kind IN ('waiting','surge','promise')", name="alert_kind"),
        index_where("alert_once", "ended_at IS NULL", "kind", "subject", unique=True),
        sa.Index("alert_by_time", "begun_at"),
    )

    id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(always=True), primary_key=True))
    kind: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    subject: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    begun_at: datetime = Field(sa_column=moment())
    ended_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    value: float = Field(sa_column=sa.Column(sa.Double, nullable=False))
    worst: float = Field(sa_column=sa.Column(sa.Double, nullable=False))


class AlertNotice(SQLModel, table=True):
    """That an alert began at this value, or ended after this one at its worst: what is told by mail and to webhooks."""

    __tablename__ = "alert_notice"
    __table_args__ = (
        sa.CheckConstraint("event IN ('alert_began','alert_ended')", name="alert_notice_event"),
        sa.UniqueConstraint("alert_id", "event", name="alert_notice_once"),
    )

    id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(always=True), primary_key=True))
    alert_id: int = Field(sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("alert.id"), nullable=False))
    event: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    at: datetime = Field(sa_column=moment())
    value: float = Field(sa_column=sa.Column(sa.Double, nullable=False))


def table_of(model: type[SQLModel]) -> sa.Table:
    """The table behind a model, for statements that group and sum."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


@dataclass(frozen=True)
class Books:
    """Who reads the journal, and into which sums."""

    name: str
    intervals: sa.Table
    exchanges: sa.Table
    long_intervals: sa.Table
    all_topics: sa.Table
    long_exchanges: sa.Table
    waits: sa.Table

    @property
    def tables(self) -> tuple[sa.Table, ...]:
        """All of them."""
        return (
            self.intervals,
            self.exchanges,
            self.long_intervals,
            self.all_topics,
            self.long_exchanges,
            self.waits,
        )


FIGURES = Books("statistics", IntervalSum, ExchangeSum, LongSum, AllTopicsSum, LongExchangeSum, WaitSum)

# Where a rebuild counts, until it takes the place of what was there (rebuild.py).
ANEW = Books(
    "statistics anew",
    _sums("interval_sum_anew", INTERVAL_KEYS, COUNTS),
    _sums("exchange_sum_anew", EXCHANGE_KEYS, EXCHANGED),
    _sums("long_sum_anew", ("rung", *INTERVAL_KEYS), COUNTS),
    _sums("all_topics_sum_anew", ("rung", *ALL_TOPICS_KEYS), COUNTS),
    _sums("long_exchange_sum_anew", ("rung", *EXCHANGE_KEYS), EXCHANGED),
    _sums("wait_sum_anew", WAIT_KEYS, ("waited",)),
)
