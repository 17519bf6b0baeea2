"""The tables of settlements: what was agreed, inhabitants, corrections, and statements that nobody changes."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from hotline.columns import WHO, index_where, moment


def _number() -> sa.Column[int]:
    return sa.Column(sa.BigInteger, sa.Identity(always=True), primary_key=True)


def _of(table: str) -> sa.Column[int]:
    return sa.Column(sa.BigInteger, sa.ForeignKey(f"{table}.id"), nullable=False)


def _code(nullable: bool = False) -> sa.Column[str]:
    return sa.Column(sa.Text, sa.ForeignKey("municipality.code"), nullable=nullable)


def _who() -> sa.Column[str]:
    return sa.Column(sa.Text, nullable=False, server_default=sa.text(WHO))


class SettlementTerms(SQLModel, table=True):
    """What members have agreed from a Danish day on (terms.py), append-only; of two from one day the later holds.

    `parts` are {basis, rate, share}, `owed` thousandths of an hour a month by code.
    """

    __tablename__ = "settlement_terms"
    __table_args__ = (sa.CheckConstraint("again_minutes >= 0", name="settlement_terms_again"),)

    id: int | None = Field(default=None, sa_column=_number())
    collaboration_id: int = Field(sa_column=_of("collaboration"))
    valid_from: date = Field(sa_column=sa.Column(sa.Date, nullable=False))
    parts: list[Any] = Field(sa_column=sa.Column(JSONB, nullable=False))
    again_minutes: int = Field(sa_column=sa.Column(sa.Integer, nullable=False))
    owed: dict[str, int] = Field(sa_column=sa.Column(JSONB, nullable=False))
    at: datetime | None = Field(default=None, sa_column=moment(server_default="now()"))
    who: str | None = Field(default=None, sa_column=_who())


class Inhabitants(SQLModel, table=True):
    """How many live in a municipality on a day, and who says so."""

    __table_args__ = (sa.CheckConstraint("number >= 0", name="inhabitants_number"),)

    municipality: str = Field(sa_column=sa.Column(sa.Text, sa.ForeignKey("municipality.code"), primary_key=True))
    day: date = Field(sa_column=sa.Column(sa.Date, primary_key=True))
    number: int = Field(sa_column=sa.Column(sa.Integer, nullable=False))
    source: str = Field(sa_column=sa.Column(sa.Text, nullable=False))


class SettlementCorrection(SQLModel, table=True):
    """Somebody put a closed month right: `payer` pays `payee` so many øre in the next statement; append-only."""

    __tablename__ = "settlement_correction"
    __table_args__ = (
        sa.CheckConstraint("amount > 0", name="settlement_correction_amount"),
        sa.CheckConstraint("payer <> payee", name="settlement_correction_two"),
    )

    id: int | None = Field(default=None, sa_column=_number())
    collaboration_id: int = Field(sa_column=_of("collaboration"))
    month: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    payer: str = Field(sa_column=_code())
    payee: str = Field(sa_column=_code())
    amount: int = Field(sa_column=sa.Column(sa.BigInteger, nullable=False))
    why: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    at: datetime | None = Field(default=None, sa_column=moment(server_default="now()"))
    who: str | None = Field(default=None, sa_column=_who())


class SettlementStatement(SQLModel, table=True):
    """A month of a collaboration is closed. What is on duty is counted until `until`: its end, or the closing."""

    __tablename__ = "settlement_statement"
    __table_args__ = (sa.UniqueConstraint("collaboration_id", "month", name="settlement_statement_once"),)

    id: int | None = Field(default=None, sa_column=_number())
    collaboration_id: int = Field(sa_column=_of("collaboration"))
    month: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    until: datetime = Field(sa_column=moment())
    closed_at: datetime = Field(sa_column=moment())
    who: str | None = Field(default=None, sa_column=_who())


class SettlementLine(SQLModel, table=True):
    """A line of a statement (lines.py): thousandths, millionths of a krone, øre."""

    __tablename__ = "settlement_line"
    __table_args__ = (
        index_where(
            "settlement_correction_once", "correction_id IS NOT NULL", "correction_id", "municipality", unique=True
        ),
    )

    statement_id: int = Field(
        sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("settlement_statement.id"), primary_key=True)
    )
    number: int = Field(sa_column=sa.Column(sa.Integer, primary_key=True, autoincrement=False))
    municipality: str = Field(sa_column=_code())
    kind: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    since: date = Field(sa_column=sa.Column(sa.Date, nullable=False))
    quantity: int = Field(sa_column=sa.Column(sa.BigInteger, nullable=False))
    rate: int = Field(sa_column=sa.Column(sa.BigInteger, nullable=False))
    amount: int = Field(sa_column=sa.Column(sa.BigInteger, nullable=False))
    corrects: str | None = Field(default=None, sa_column=sa.Column(sa.Text))
    correction_id: int | None = Field(
        default=None, sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("settlement_correction.id"))
    )


class SettledInquiry(SQLModel, table=True):
    """A municipality's part of an inquiry that a statement settles (work.py), in thousandths of an inquiry and of a
    minute; it stays when the inquiry and its journal are gone."""

    __tablename__ = "settled_inquiry"
    __table_args__ = (sa.Index("settled_inquiry_in", "inquiry_id"),)

    statement_id: int = Field(
        sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("settlement_statement.id"), primary_key=True)
    )
    inquiry_id: Any = Field(sa_column=sa.Column(sa.Uuid, primary_key=True))
    answering: str = Field(sa_column=sa.Column(sa.Text, primary_key=True))
    home: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    day: date = Field(sa_column=sa.Column(sa.Date, nullable=False))
    inquiries: int = Field(sa_column=sa.Column(sa.Integer, nullable=False))
    minutes: int = Field(sa_column=sa.Column(sa.BigInteger, nullable=False))
    paid: str = Field(sa_column=sa.Column(sa.Text, nullable=False))


class SettlementSaving(SQLModel, table=True):
    """What a member's citizens met in a month, simulated together and alone (savings.py): mean seconds in the queue,
    the shares answered in target and given up. Alone there is nothing where it has no agents."""

    __tablename__ = "settlement_saving"

    collaboration_id: int = Field(
        sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("collaboration.id"), primary_key=True)
    )
    month: str = Field(sa_column=sa.Column(sa.Text, primary_key=True))
    municipality: str = Field(sa_column=sa.Column(sa.Text, sa.ForeignKey("municipality.code"), primary_key=True))
    inquiries: int = Field(sa_column=sa.Column(sa.BigInteger, nullable=False))
    pooled_queue_time: float | None = Field(default=None, sa_column=sa.Column(sa.Double))
    pooled_in_target: float | None = Field(default=None, sa_column=sa.Column(sa.Double))
    pooled_abandoned: float | None = Field(default=None, sa_column=sa.Column(sa.Double))
    alone_queue_time: float | None = Field(default=None, sa_column=sa.Column(sa.Double))
    alone_in_target: float | None = Field(default=None, sa_column=sa.Column(sa.Double))
    alone_abandoned: float | None = Field(default=None, sa_column=sa.Column(sa.Double))
    made_at: datetime = Field(sa_column=moment())


class SettlementTotal(SQLModel, table=True):
    """What a statement comes to for one municipality, in øre: what all members may see of each other."""

    __tablename__ = "settlement_total"

    statement_id: int = Field(
        sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("settlement_statement.id"), primary_key=True)
    )
    municipality: str = Field(sa_column=sa.Column(sa.Text, sa.ForeignKey("municipality.code"), primary_key=True))
    amount: int = Field(sa_column=sa.Column(sa.BigInteger, nullable=False))
