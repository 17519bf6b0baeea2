"""A received inquiry gets its topic, language and urgency, and begins to wait."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from hotline.classification.reading import UNKNOWN, Reader, Reading
from hotline.clock import now
from hotline.db import transaction
from hotline.directory.models import Topic
from hotline.inquiries.arrival import counts_from
from hotline.inquiries.facts import Classified
from hotline.inquiries.journal import record
from hotline.inquiries.models import LIVE_CHANNELS, MOST_URGENT, Inquiry
from hotline.inquiries.states import State
from hotline.live import wake_router_later
from hotline.policies import current
from hotline.tenant import at_work

AT_ONCE = 50


def classify_waiting(reader: Reader) -> int:
    """Classify up to 50 received inquiries in one transaction; how many there were.

    Of several workers each takes others: a row that somebody works on is passed over. One that dies leaves its
    batch as it was.
    """
    with transaction(at_work("classify")) as session:
        received = select(Inquiry).where(col(Inquiry.state) == State.RECEIVED).order_by(col(Inquiry.id)).limit(AT_ONCE)
        batch = session.exec(received.with_for_update(skip_locked=True)).all()
        if not batch:
            return 0
        open_topics = set(session.exec(select(Topic.slug).where(col(Topic.open))).all())
        moment = now()
        for inquiry, reading in zip(batch, reader.read([inquiry.text for inquiry in batch]), strict=True):
            classify(session, inquiry, reading, open_topics, moment)
        session.flush()
        wake_router_later(session)
        return len(batch)


def classify(session: Session, inquiry: Inquiry, reading: Reading, open_topics: set[str], moment: datetime) -> None:
    """Take over what was read, where the integrator did not say it; then the inquiry waits.

    A guess below the reader's threshold goes to `other`, with the guesses kept for the agent to see. The hint of a
    bot stands where the reader is unsure and the hint is surer.
    """
    guessed = inquiry.topic is None
    if inquiry.topic is None:
        inquiry.topic, inquiry.topic_confidence = _topic(inquiry.topic_hint, reading, open_topics)
        inquiry.alternatives = _guesses(reading, inquiry.topic)
    inquiry.language = inquiry.language or reading.language
    inquiry.urgent = reading.urgent
    if reading.urgent and not inquiry.priority_given:
        inquiry.priority = MOST_URGENT
    target = current().target(inquiry.channel in LIVE_CHANNELS, inquiry.priority)
    inquiry.deadline = inquiry.queued_at + timedelta(seconds=target)
    inquiry.speaks, inquiry.state = inquiry.language, State.WAITING
    session.add(inquiry)
    classified = Classified(
        received_at=counts_from(inquiry).isoformat(),
        language=inquiry.language,
        priority=inquiry.priority,
        urgent=inquiry.urgent,
        guessed=guessed,
        confidence=inquiry.topic_confidence,
    )
    record(session, inquiry, classified, moment)


def _topic(hint: dict[str, Any] | None, reading: Reading, open_topics: set[str]) -> tuple[str, float]:
    if reading.routed and reading.topic in open_topics:
        return reading.topic, reading.confidence
    if hint and hint["topic"] in open_topics and hint["confidence"] > reading.confidence:
        return hint["topic"], hint["confidence"]
    return UNKNOWN, reading.confidence


def _guesses(reading: Reading, topic: str) -> list[dict[str, Any]]:
    guesses = [(reading.topic, reading.confidence), *reading.alternatives]
    return [{"topic": slug, "confidence": sure} for slug, sure in guesses if slug != topic][:3]
