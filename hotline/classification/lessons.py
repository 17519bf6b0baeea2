"""Agents' corrections as they are kept: whose word, for which inquiry, and what stood there before."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from hotline.classification.weights import Said
from hotline.clock import danish
from hotline.inquiries.models import Inquiry
from hotline.inquiries.states import ENDED, sql

DAYS = 90  # for which a lesson counts

# A topic that the integrator said was never read, so nothing is to be learned from its correction.
KEEP = text("""
    INSERT INTO lesson (inquiry_id, was, topic, person_id, at)
    SELECT i.id, :was, :topic, :person, :now FROM inquiry i WHERE i.id = :inquiry AND i.topic_confidence IS NOT NULL
    ON CONFLICT (inquiry_id) DO UPDATE
    SET topic = excluded.topic, person_id = excluded.person_id, at = excluded.at
""")
KEPT = text(f"""
    SELECT l.inquiry_id, l.topic, l.person_id, l.at, i.text FROM lesson l JOIN inquiry i ON i.id = l.inquiry_id
    WHERE l.at > :since AND l.topic <> l.was AND i.text <> '' AND i.state IN {sql(ENDED)}
    ORDER BY l.at DESC, l.inquiry_id LIMIT :most
""")
TEXTS = text("SELECT id, text FROM inquiry WHERE id = ANY(:ids) AND text <> ''")


@dataclass(frozen=True)
class Kept:
    """A correction with its inquiry's text."""

    inquiry: UUID
    text: str
    topic: str
    person: int
    day: date

    @property
    def said(self) -> Said:
        """What its weight goes by."""
        return Said(self.person, self.day, self.topic)


def write_lesson(session: Session, inquiry: Inquiry, was: str, topic: str, person_id: int, now: datetime) -> None:
    """An agent says that this inquiry, whose topic was guessed to be `was`, is about `topic`. The last word holds."""
    said = {"inquiry": inquiry.id, "was": was, "topic": topic, "person": person_id, "now": now}
    session.execute(KEEP, said)


def kept(session: Session, now: datetime, most: int, without: Collection[UUID] = ()) -> list[Kept]:
    """The newest lessons at `now` (aware), oldest first: of inquiries that have ended and whose texts are there."""
    rows = session.execute(KEPT, {"since": now - timedelta(days=DAYS), "most": most}).all()
    return [
        Kept(row.inquiry_id, row.text, row.topic, row.person_id, danish(row.at).date())
        for row in reversed(rows)
        if row.inquiry_id not in without
    ]


def texts_of(session: Session, inquiry_ids: Collection[UUID]) -> dict[UUID, str]:
    """The texts of these inquiries that have not been erased."""
    return {row.id: row.text for row in session.execute(TEXTS, {"ids": list(inquiry_ids)})}
