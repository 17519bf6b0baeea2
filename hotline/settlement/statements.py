"""preview(), close(): a month of a collaboration as it would be closed now, and closed for good."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from hotline.directory.collaborations import named
from hotline.directory.models import Collaboration
from hotline.settlement.agree import agreed, last_closed
from hotline.settlement.collect import Before, collect, midnight
from hotline.settlement.errors import CannotClose
from hotline.settlement.lines import Correction, Facts, Kind, Line
from hotline.settlement.models import (
    SettledInquiry,
    SettlementCorrection,
    SettlementLine,
    SettlementStatement,
    SettlementTotal,
)
from hotline.settlement.reckon import reckon, traced
from hotline.settlement.terms import Month, Terms, stretches
from hotline.settlement.work import Paid, Piece


@dataclass(frozen=True)
class Settlement:
    """A month of a collaboration: `closed_at` is None as long as it is a preview."""

    collaboration: str
    month: Month
    closed_at: datetime | None
    lines: tuple[Line, ...]
    pieces: tuple[Piece, ...]
    totals: Mapping[str, int]  # øre that each municipality is owed in all; below nought it owes

    def of(self, code: str) -> "Settlement":
        """What one municipality may see: its own lines and inquiries, and what all come to."""
        lines = tuple(line for line in self.lines if line.municipality == code)
        pieces = tuple(piece for piece in self.pieces if code in (piece.home, piece.answering))
        return replace(self, lines=lines, pieces=pieces)


def preview(session: Session, name: str, month: Month, now: datetime) -> Settlement:
    """The closed statement, or what `close` would write at `now`. Raises UnknownCollaboration, InhabitantsUnknown."""
    held = named(session, name)
    return closed(session, held, month) or _reckoned(session, held, month, now)


def close(session: Session, name: str, month: Month, now: datetime) -> Settlement:
    """Close the month: its lines are written, and nobody changes them ever after. Closed before, it stays as it was.

    What ends later on its days is settled in the next month. Raises UnknownCollaboration, InhabitantsUnknown, and
    CannotClose where the month has not begun, another is to be closed before it, or nothing was agreed.
    """
    held = named(session, name)
    session.execute(IN_TURN, {"collaboration": f"settlement {held.id}"})
    if before := closed(session, held, month):
        return before
    _must_be_next(session, held, month, now)
    statement = _begin(session, held, month, now)
    settled = _reckoned(session, held, month, now)
    _write(session, statement, settled)
    return replace(settled, closed_at=now)


# Of two who close at once, one waits; whoever agrees on other terms waits for the row that is referred to.
IN_TURN = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:collaboration, 0))")


def totals(lines: Sequence[Line]) -> dict[str, int]:
    """What each municipality is owed in all by these lines, in øre."""
    found: dict[str, int] = {}
    for line in lines:
        found[line.municipality] = found.get(line.municipality, 0) + line.amount
    return found


def closed(session: Session, held: Collaboration, month: Month) -> Settlement | None:
    """The statement of this month as far as the transaction may see it, if it is closed."""
    of_it = select(SettlementStatement).where(
        SettlementStatement.collaboration_id == held.id, SettlementStatement.month == str(month)
    )
    statement = session.exec(of_it).first()
    if statement is None:
        return None
    lines = select(SettlementLine).where(SettlementLine.statement_id == statement.id)
    pieces = select(SettledInquiry).where(SettledInquiry.statement_id == statement.id)
    sums = select(SettlementTotal).where(SettlementTotal.statement_id == statement.id)
    ordered = pieces.order_by(col(SettledInquiry.day), col(SettledInquiry.inquiry_id), col(SettledInquiry.answering))
    return Settlement(
        held.name,
        month,
        statement.closed_at,
        tuple(map(_line, session.exec(lines.order_by(col(SettlementLine.number))))),
        tuple(map(_piece, session.exec(ordered))),
        {one.municipality: one.amount for one in session.exec(sums.order_by(col(SettlementTotal.municipality)))},
    )


def _must_be_next(session: Session, held: Collaboration, month: Month, now: datetime) -> None:
    last = last_closed(session, held)
    if midnight(month.first) > now:
        raise CannotClose(why="not_begun", month=str(month))
    if last is not None and last.next != month:
        raise CannotClose(why="order", month=str(month), next=str(last.next))
    if not stretches(month, agreed(session, held)):
        raise CannotClose(why="nothing", month=str(month))


def _begin(session: Session, held: Collaboration, month: Month, now: datetime) -> int:
    until = min(now, midnight(month.after))
    row = {"collaboration_id": held.id, "month": str(month), "until": until, "closed_at": now}
    begun = insert(SettlementStatement).values(row).returning(col(SettlementStatement.id))
    return int(session.execute(begun).scalar_one())


def _reckoned(session: Session, held: Collaboration, month: Month, now: datetime) -> Settlement:
    versions = agreed(session, held)
    facts = collect(session, held, month, versions, _before(session, held, month), now)
    lines = reckon(month, versions, facts, _corrections(session, held))
    return Settlement(held.name, month, None, tuple(lines), tuple(_in_order(month, versions, facts)), totals(lines))


def _in_order(month: Month, versions: Sequence[Terms], facts: Facts) -> list[Piece]:
    return sorted(traced(month, versions, facts), key=lambda piece: (piece.day, piece.inquiry, piece.answering))


def _before(session: Session, held: Collaboration, month: Month) -> Before | None:
    """How far the months before are settled, if any is closed."""
    theirs = (col(SettlementStatement.collaboration_id) == held.id, col(SettlementStatement.month) < str(month))
    both = sa.func.min(SettlementStatement.month), sa.func.max(SettlementStatement.until)
    first, until = session.execute(sa.select(*both).where(*theirs)).one()
    return Before(Month.read(first), until) if first else None


def _corrections(session: Session, held: Collaboration) -> list[Correction]:
    """Those that no statement has taken in."""
    taken = select(SettlementLine.correction_id).where(col(SettlementLine.correction_id).is_not(None))
    open_ones = select(SettlementCorrection).where(
        SettlementCorrection.collaboration_id == held.id, col(SettlementCorrection.id).not_in(taken)
    )
    return [
        Correction(one.id or 0, one.month, one.payer, one.payee, one.amount)
        for one in session.exec(open_ones.order_by(col(SettlementCorrection.id)))
    ]


def _write(session: Session, statement: int, settled: Settlement) -> None:
    of = {"statement_id": statement}
    lines = [
        of
        | {"number": number, "municipality": one.municipality, "kind": str(one.kind), "since": one.since}
        | {"quantity": one.quantity, "rate": one.rate, "amount": one.amount}
        | {"corrects": one.corrects, "correction_id": one.correction}
        for number, one in enumerate(settled.lines, 1)
    ]
    sums = [of | {"municipality": code, "amount": amount} for code, amount in settled.totals.items()]
    pieces = [of | asdict(one) | {"inquiry_id": UUID(one.inquiry), "paid": str(one.paid)} for one in settled.pieces]
    for piece in pieces:
        del piece["inquiry"]
    for model, rows in ((SettlementLine, lines), (SettlementTotal, sums), (SettledInquiry, pieces)):
        if rows:
            session.connection().execute(sa.insert(model), rows)


def _line(row: SettlementLine) -> Line:
    return Line(
        row.municipality,
        Kind(row.kind),
        row.since,
        row.quantity,
        row.rate,
        row.amount,
        row.corrects,
        row.correction_id,
    )


def _piece(row: SettledInquiry) -> Piece:
    return Piece(str(row.inquiry_id), row.day, row.home, row.answering, row.inquiries, row.minutes, Paid(row.paid))
