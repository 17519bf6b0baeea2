"""another(): a second matter of the same citizen, in the same talk, is an inquiry of its own, in the same hands."""

from datetime import datetime

from sqlmodel import Session

from hotline.agents.models import AgentWork
from hotline.db import rows_changed
from hotline.directory.models import Agent
from hotline.directory.together import together
from hotline.errors import Invalid
from hotline.handling import actions
from hotline.handling.errors import NoRoom
from hotline.handling.reopen import HOLD
from hotline.ids import new_id, reference_of
from hotline.inquiries.facts import Classified, Offered, Received
from hotline.inquiries.guards import must_hold
from hotline.inquiries.models import USUAL_PRIORITY, Channel, Citizen, Inquiry, Outcome
from hotline.inquiries.offer import Offer, OfferState
from hotline.inquiries.states import State
from hotline.inquiries.step import begin, step
from hotline.offers.actions import hold
from hotline.privacy.hits import TEXT, take_out
from hotline.queue.enter import enter

ANOTHER = "another matter of the same citizen"
DANISH = "da"  # where nobody has said another language


def another(
    session: Session,
    inquiry: Inquiry,
    agent: Agent,
    topic: str,
    words: str,
    outcome: Outcome,
    note: str | None,
    now: datetime,
) -> Inquiry:
    """Close the one in hand with this outcome and note, and have the other matter in hand, of the same citizen.

    As if it had come in, been offered and accepted at `now`, which the journal then tells. Raises WrongState where it
    is not in hand, UnknownTopic, TopicClosed, Invalid where nobody was spoken with, and NoRoom.
    """
    must_hold(inquiry, agent)
    if outcome == Outcome.NO_ANSWER:
        raise Invalid("who did not answer has no other matter")
    actions.open_topic(session, topic)
    actions.close(session, inquiry, agent, outcome, note, now)
    session.flush()
    other = _received(session, inquiry, topic, words, now)
    classified = Classified(now.isoformat(), other.language or DANISH, other.priority, urgent=False)
    enter(session, other, classified, now, together(session, now))
    _takes(session, other, agent, now)
    return other


def _received(session: Session, inquiry: Inquiry, topic: str, words: str, now: datetime) -> Inquiry:
    number = new_id(now)
    text, hits = take_out(words, TEXT)
    other = Inquiry(
        id=number,
        reference=reference_of(number),
        integrator_id=inquiry.integrator_id,
        channel=inquiry.channel,
        came_by=inquiry.came_by,
        municipality=inquiry.municipality,
        outside=inquiry.outside,
        text=text,
        state=State.RECEIVED,
        topic=topic,
        language=inquiry.language,
        priority=USUAL_PRIORITY,
        priority_given=False,
        received_at=now,
        queued_at=now,
    )
    begin(session, other, Received(now.isoformat()), now)
    citizen = session.get(Citizen, inquiry.id)
    if citizen is not None:
        session.add(Citizen(**citizen.model_dump(exclude={"inquiry_id"}), inquiry_id=number))
    actions.keep(session, other, hits, now)
    session.flush()
    return other


def _takes(session: Session, other: Inquiry, agent: Agent, now: datetime) -> None:
    is_call = other.channel == Channel.PHONE
    units = session.get_one(AgentWork, agent.id, populate_existing=True).capacity if is_call else 1
    if not rows_changed(session, HOLD, {"agent": agent.id, "units": units}):
        raise NoRoom
    offer = Offer(
        inquiry_id=other.id,
        agent_id=agent.id,
        units=units,
        is_call=is_call,
        state=OfferState.ACCEPTED,
        reason=ANOTHER,
        made_at=now,
        lapses_at=now,
        answered_at=now,
    )
    session.add(offer)
    session.flush()
    assert offer.id is not None
    step(session, other, Offered(offer.id, now.isoformat()), now, by=agent)
    hold(session, other, agent, offer.id, now)
