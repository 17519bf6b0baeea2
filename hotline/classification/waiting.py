"""A received inquiry gets its topic, language and urgency, and begins to wait."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from hotline.classification.bounded import bounded
from hotline.classification.examples import UNKNOWN
from hotline.classification.hints import weighed
from hotline.classification.reading import Reading, Reads
from hotline.clock import now
from hotline.db import transaction
from hotline.directory.models import Topic
from hotline.directory.together import together
from hotline.duties import NOT_ASIDE, failure, forget, is_no_rows_fault, said, set_aside
from hotline.inquiries.arrival import counts_from
from hotline.inquiries.facts import Classified
from hotline.inquiries.models import MOST_URGENT, Inquiry
from hotline.inquiries.states import State
from hotline.logs import log
from hotline.queue.enter import enter
from hotline.routing.together import Together
from hotline.tenant import at_work

AT_ONCE = 50
LANE = "classify"
# Reading 50 texts takes a tenth of a second; a text that never comes to an end must not stop those behind it.
MOST_SECONDS, MOST_SECONDS_ALONE = 5.0, 2.0
# Read in vain, it goes to `other`: somebody must answer it all the same.
UNREAD = Reading(UNKNOWN, 0.0, (), "da", urgent_because=None, routed=False)


def classify_waiting(reader: Reads) -> int:
    """Classify up to 50 received inquiries; how many of them wait now.

    Of several workers each takes others: a row that somebody works on is passed over. One that dies leaves its
    batch as it was. A batch that fails goes one by one: a text that cannot be read, or not in time, goes to `other`,
    an inquiry that breaks a rule of the database is set aside, and the others go on.
    """
    try:
        return _classify(reader, AT_ONCE)
    except Exception as error:  # whatever it was: one of them must not hold up the others
        if is_no_rows_fault(error):
            raise
        log(__name__).warning("one by one", lane=LANE, error=said(error))
    with transaction(at_work(LANE)) as session:
        ids = session.execute(_received(AT_ONCE).with_only_columns(col(Inquiry.id))).scalars().all()
    return sum(_alone(reader, inquiry_id) for inquiry_id in ids)


def _alone(reader: Reads, inquiry_id: UUID) -> int:
    try:
        return _classify(reader, 1, inquiry_id)
    except Exception as error:
        if is_no_rows_fault(error):
            raise
        failed = error
    try:
        done = _classify(_Nothing(), 1, inquiry_id)
        if done:
            failure(LANE, inquiry_id, failed)
        return done
    except Exception as error:
        if is_no_rows_fault(error):
            raise
        set_aside(LANE, inquiry_id, error)
        return 0


def _classify(reader: Reads, most: int, only: UUID | None = None) -> int:
    with transaction(at_work(LANE)) as session:
        # Whoever writes a row that names the inquiry, as a telephone exchange does, holds its key, and changes nothing.
        batch = session.exec(_received(most, only).with_for_update(skip_locked=True, key_share=True)).all()
        if not batch:
            return 0
        topics = dict(session.exec(select(Topic.slug, Topic.open).order_by(col(Topic.slug))).all())
        moment = now()
        who = together(session, moment)
        with bounded(MOST_SECONDS if only is None else MOST_SECONDS_ALONE):
            readings = reader.read([inquiry.text for inquiry in batch])
        for inquiry, reading in zip(batch, readings, strict=True):
            classify(session, inquiry, reading, topics, who, moment)
        session.flush()
        forget(session, LANE, *(inquiry.id for inquiry in batch))
        return len(batch)


def _received(most: int, only: UUID | None = None) -> SelectOfScalar[Inquiry]:
    alone = (col(Inquiry.id) == only,) if only else (text(NOT_ASIDE.format(duty=LANE, item="inquiry.id::text")),)
    return select(Inquiry).where(col(Inquiry.state) == State.RECEIVED, *alone).order_by(col(Inquiry.id)).limit(most)


class _Nothing:
    """Reads nothing from any text."""

    def read(self, texts: Sequence[str | None]) -> list[Reading]:
        return [UNREAD for _ in texts]


def classify(
    session: Session, inquiry: Inquiry, reading: Reading, topics: dict[str, bool], who: Together, moment: datetime
) -> None:
    """Take over what was read, where the integrator did not say it; then the inquiry waits.

    `topics` says of each whether it is open. A guess below the reader's threshold goes to `other`, with the guesses
    kept for the agent to see. What a bot guessed counts beside what the text says (hints.py).
    """
    guessed, sure = inquiry.topic is None, False
    if inquiry.topic is None:
        inquiry.topic, inquiry.topic_confidence, sure = _topic(inquiry.topic_hint, reading, topics)
        inquiry.alternatives = _guesses(reading, inquiry.topic, inquiry.topic_hint)
    inquiry.language = inquiry.language or reading.language
    inquiry.urgent, inquiry.urgent_because = reading.urgent, reading.urgent_because
    if reading.urgent and not inquiry.priority_given:
        inquiry.priority = MOST_URGENT
    classified = Classified(
        received_at=counts_from(inquiry).isoformat(),
        language=inquiry.language,
        priority=inquiry.priority,
        urgent=inquiry.urgent,
        guessed=guessed,
        confidence=inquiry.topic_confidence,
        sure=sure if guessed else None,
    )
    enter(session, inquiry, classified, moment, who)


def _topic(hint: dict[str, Any] | None, reading: Reading, topics: dict[str, bool]) -> tuple[str, float, bool]:
    """Where it goes, how likely that is right, and whether that is sure enough."""
    open_topics = {slug for slug, is_open in topics.items() if is_open}
    topic, likely, sure = reading.topic, reading.confidence, reading.routed
    if hint and hint["topic"] in open_topics:
        if not likely:  # of a text that says nothing the hint alone does
            return hint["topic"], hint["confidence"], False
        topic, likely = weighed(reading, hint["topic"], hint["confidence"])
        sure = likely >= reading.routed_from or (reading.routed and reading.topic == hint["topic"])
    if sure and topic in open_topics:
        return topic, likely, True
    return _anywhere(reading, topics), reading.confidence, False


def _anywhere(reading: Reading, topics: dict[str, bool]) -> str:
    """`other`; in a directory without it the likeliest topic that there is, open ones first: somebody must answer."""
    guesses = [reading.topic, *(slug for slug, _ in reading.alternatives), *topics]
    there = [slug for slug in (UNKNOWN, *guesses) if slug in topics]
    return next(iter([slug for slug in there if slug == UNKNOWN or topics[slug]] or there), UNKNOWN)


def _guesses(reading: Reading, topic: str, hint: dict[str, Any] | None) -> list[dict[str, Any]]:
    """What else it could be, what a bot guessed first."""
    hinted = {hint["topic"]: hint["confidence"]} if hint else {}
    guesses = hinted | dict([(reading.topic, reading.confidence), *reading.alternatives])
    return [{"topic": slug, "confidence": sure} for slug, sure in guesses.items() if slug != topic][:3]
