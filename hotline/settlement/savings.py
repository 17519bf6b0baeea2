"""What the pool spared each member's citizens in a month: the annex of a settlement, from a simulation of its days."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from hotline.directory.models import Collaboration, Membership
from hotline.settlement.models import SettlementSaving
from hotline.settlement.terms import Month
from hotline.statistics.tables import Column, Kind, Row, Table

# Of whoever has agreed on terms by the end of a month, and has no annex of it.
LACK = sa.text("""
    SELECT c.id FROM collaboration c
    WHERE EXISTS (SELECT 1 FROM settlement_terms t WHERE t.collaboration_id = c.id AND t.valid_from < :after)
      AND NOT EXISTS (SELECT 1 FROM settlement_saving s WHERE s.collaboration_id = c.id AND s.month = :month)
""")
FIGURES = ("queue_time", "in_target", "abandoned")


def lack_savings(session: Session, month: Month) -> list[int]:
    """The collaborations, by number, whose settlement of this month has no annex."""
    return list(session.execute(LACK, {"after": month.after, "month": str(month)}).scalars())


def write_savings(
    session: Session, collaboration: int, month: Month, found: Mapping[str, Mapping[str, Any]], now: datetime
) -> None:
    """Write the annex; one that is there stays. `found` are each municipality's figures together and alone."""
    memberships = session.exec(select(Membership).where(Membership.collaboration_id == collaboration)).all()
    members = {one.municipality for one in memberships if any(one.holds(day) for day in month.days)}
    for code in sorted(members & found.keys()):
        both = {
            f"{way}_{name}": found[code][way][name] if found[code][way] else None
            for way in ("pooled", "alone")
            for name in FIGURES
        }
        row = {"collaboration_id": collaboration, "month": str(month), "municipality": code, "made_at": now}
        number = {"inquiries": found[code]["pooled"]["number"]}
        session.execute(insert(SettlementSaving).values(row | number | both).on_conflict_do_nothing())


def savings(session: Session, held: Collaboration, month: Month) -> Sequence[SettlementSaving]:
    """The annex as far as the transaction may see it, by code; empty as long as there is none."""
    of_it = select(SettlementSaving).where(
        SettlementSaving.collaboration_id == held.id, SettlementSaving.month == str(month)
    )
    return session.exec(of_it.order_by(col(SettlementSaving.municipality))).all()


def annex(found: Sequence[SettlementSaving], names: Mapping[str, str]) -> Table:
    """The same as a table: waits in seconds, and the shares answered within the target and given up."""
    kinds = {"queue_time": Kind.DURATION, "in_target": Kind.PERCENT, "abandoned": Kind.PERCENT}
    columns = [
        Column("column.name", Kind.WORDS),
        Column("column.answered_for"),
        *(Column(f"column.{way}_{name}", kinds[name]) for name in FIGURES for way in ("pooled", "alone")),
    ]
    rows = [
        Row(
            [
                names.get(one.municipality, one.municipality),
                one.inquiries,
                *(getattr(one, f"{way}_{name}") for name in FIGURES for way in ("pooled", "alone")),
            ]
        )
        for one in found
    ]
    return Table("column.savings", columns, rows, words="settlement")
