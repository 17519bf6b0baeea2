"""guidance_for(), search(), everything(): the guidance that counts, a municipality's own instead of the common one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import TextClause, text
from sqlmodel import Session, col, select

from hotline.guidance.models import Guidance

MOST = 20  # found at once
HOME, TOPIC = "CAST(:municipality AS text)", "CAST(:topic AS text)"
# Of each topic the last version that holds for this municipality's citizens.
HOLDS = f"""
    SELECT DISTINCT ON (g.topic) g.* FROM (
        SELECT DISTINCT ON (topic, municipality) * FROM guidance
        WHERE municipality = {HOME} OR municipality IS NULL
        ORDER BY topic, municipality, version DESC
    ) g WHERE g.text <> '' ORDER BY g.topic, g.municipality NULLS LAST
"""
OF_TOPIC = f"({TOPIC} IS NULL OR h.topic = {TOPIC})"
ALL = text(f"SELECT * FROM ({HOLDS}) h WHERE {OF_TOPIC} ORDER BY h.topic")
FOUND = text(f"""
    SELECT h.* FROM ({HOLDS}) h JOIN topic t ON t.slug = h.topic
    CROSS JOIN to_tsquery('danish', :words) q
    CROSS JOIN LATERAL (SELECT setweight(to_tsvector('danish', t.name), 'A')
                            || setweight(to_tsvector('danish', h.text), 'B') AS v OFFSET 0) w
    WHERE w.v @@ q AND {OF_TOPIC} ORDER BY ts_rank(w.v, q) DESC, h.topic LIMIT {MOST}
""")
LATEST = f"""
    SELECT DISTINCT ON (topic, municipality) topic, municipality, version, text <> '' AS there, owner, review_by, at
    FROM guidance WHERE municipality IS NULL OR {HOME} IS NULL OR municipality = {HOME}
    ORDER BY topic, municipality, version DESC
"""


@dataclass(frozen=True)
class Latest:
    """The last version of one guidance, without its words; `there` is false where it was taken back."""

    topic: str
    municipality: str | None
    version: int
    there: bool
    owner: str
    review_by: date
    at: datetime


def everything(session: Session, municipality: str | None = None, topic: str | None = None) -> list[Guidance]:
    """What holds for this municipality's citizens (None: the common guidance), topic by topic."""
    return _guidance(session, ALL, municipality=municipality, topic=topic)


def guidance_for(session: Session, municipality: str | None, topic: str) -> Guidance | None:
    """What holds about one topic."""
    return next(iter(everything(session, municipality, topic)), None)


def search(session: Session, words: str, municipality: str | None = None, topic: str | None = None) -> list[Guidance]:
    """What holds and has all of these words, in any form that Danish gives them; the last may be a beginning.

    The best first, MOST at the most.
    """
    said = re.findall(r"\w+", words)
    if not said:
        return []
    asked = " & ".join([*said[:-1], f"{said[-1]}:*"])
    return _guidance(session, FOUND, municipality=municipality, topic=topic, words=asked)


def versions(session: Session, municipality: str | None, topic: str) -> Sequence[Guidance]:
    """Every version of one guidance, the last first."""
    of_it = select(Guidance).where(
        Guidance.topic == topic, col(Guidance.municipality).is_not_distinct_from(municipality)
    )
    return session.exec(of_it.order_by(col(Guidance.version).desc())).all()


def latest(session: Session, municipality: str | None) -> list[Latest]:
    """The last version of the common guidance and of this municipality's; of everybody's where it is None."""
    rows = session.execute(text(LATEST), {"municipality": municipality}).mappings()
    return [Latest(**row) for row in rows]


def _guidance(session: Session, statement: TextClause, **asked: str | None) -> list[Guidance]:
    return list(session.scalars(select(Guidance).from_statement(statement), asked).all())
