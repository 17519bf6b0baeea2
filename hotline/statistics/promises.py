"""What a municipality's collaboration has promised: by which formula, and which share of its citizens in time."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from hotline.clock import danish
from hotline.directory.models import Collaboration, Membership
from hotline.statistics.measures import DEFAULT_FORMULA
from hotline.statistics.models import table_of

USUAL_PERCENT = 90


def sl_formula(session: Session, code: str, at: datetime) -> str:
    """The letter of the service-level formula of the collaboration that this municipality is in at that moment.

    In several, the oldest membership decides; in none, the default does.
    """
    return str(session.execute(sa.select(formula_of(sa.literal(code), at))).scalar_one())


def sl_target(session: Session, code: str, at: datetime) -> float:
    """The share that is to be answered within the target, 0 to 1, by the same collaboration."""
    return int(session.execute(sa.select(percent_of(sa.literal(code), at))).scalar_one()) / 100


def formula_of(code: Any, at: datetime) -> Any:
    """The same letter as an expression, of the municipality that `code` is an expression of."""
    return _rule_of("sl_formula", code, at, DEFAULT_FORMULA)


def percent_of(code: Any, at: datetime) -> Any:
    """The same share in per cent, likewise."""
    return _rule_of("sl_percent", code, at, USUAL_PERCENT)


def _rule_of(rule: str, code: Any, at: datetime, default: object) -> Any:
    day = danish(at).date()
    m, c = table_of(Membership).c, table_of(Collaboration).c
    member = sa.and_(m.municipality == code, m.joined <= day, sa.or_(m.left_on.is_(None), m.left_on > day))
    of_collaboration = (
        sa.select(c[rule]).where(c.id == m.collaboration_id, member).order_by(m.joined, c.id).limit(1).scalar_subquery()
    )
    return sa.func.coalesce(of_collaboration, default)
