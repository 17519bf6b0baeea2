"""accept, refuse, lapse, withdraw: what becomes of an offer, and of the inquiry and the agent with it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, bindparam, case, or_
from sqlalchemy.sql.dml import ReturningUpdate
from sqlmodel import Session, col, select, update

from hotline.agents.models import AgentWork, Presence, PresenceChange
from hotline.clock import at, seconds
from hotline.directory.models import Agent
from hotline.directory.together import together
from hotline.errors import NotFound
from hotline.inquiries.arrival import waited
from hotline.inquiries.facts import Accepted, Lapsed, Refused, Withdrawn
from hotline.inquiries.models import Inquiry
from hotline.inquiries.offer import Offer, OfferState
from hotline.inquiries.step import step
from hotline.live import tell_agents_later, wake_router_later
from hotline.offers.errors import OfferGone
from hotline.policies import current_policy
from hotline.privacy.lookups import opened
from hotline.queue.enter import enter, promised_seconds
from hotline.routing import timing

MISSED = "missed offers"

# Made once: to put such a statement together takes longer than to carry it out.
_ONE = or_(bindparam("agent", type_=BigInteger).is_(None), col(Offer.agent_id) == bindparam("agent"))
_ITS_INQUIRY = select(Offer.inquiry_id).where(col(Offer.id) == bindparam("offer"), _ONE).scalar_subquery()
LOCK = (
    select(Inquiry).where(col(Inquiry.id) == _ITS_INQUIRY).with_for_update().execution_options(populate_existing=True)
)
FOUND = select(Offer).where(col(Offer.id) == bindparam("offer"), _ONE).execution_options(populate_existing=True)
ANSWER = (
    update(Offer)
    .where(col(Offer.id) == bindparam("offer"), col(Offer.state) == OfferState.OPEN)
    .values(state=bindparam("new"), answered_at=bindparam("now"), answer_reason=bindparam("said"))
    .execution_options(synchronize_session=False)
)
_RELEASE = (
    update(Offer)
    .where(col(Offer.released_at).is_(None))
    .values(released_at=bindparam("now"))
    .returning(col(Offer.agent_id), col(Offer.units))
    .execution_options(synchronize_session=False)
)
RELEASE = _RELEASE.where(col(Offer.id) == bindparam("offer"))
RELEASE_OF = _RELEASE.where(col(Offer.inquiry_id) == bindparam("inquiry"))
_WORK = (
    update(AgentWork).where(col(AgentWork.agent_id) == bindparam("agent")).execution_options(synchronize_session=False)
)
MISSED_NOTHING = _WORK.values(misses=0, rests_until=None, missed=None)
HAS_ROOM = _WORK.values(
    load=AgentWork.load - bindparam("units"),
    idle_since=case((col(AgentWork.load) == bindparam("units"), bindparam("now")), else_=AgentWork.idle_since),
)


def accept(session: Session, offer_id: int, agent: Agent, now: datetime) -> Inquiry:
    """Give the inquiry to this agent; of two answers to one offer, the first wins.

    Raises NotFound for an offer of somebody else, OfferGone where it was answered before, its time has run out, or the
    agent may not answer this municipality's citizens any more.
    """
    offer, inquiry = _lock(session, offer_id, agent.id)
    who = together(session, now)
    if agent.municipality not in who.answered_by(inquiry.municipality, inquiry.topic, is_outside=inquiry.outside):
        raise OfferGone
    if not _answer(session, offer, OfferState.ACCEPTED, now, None, col(Offer.lapses_at) > now):
        raise OfferGone
    session.exec(MISSED_NOTHING, params={"agent": agent.id})
    hold(session, inquiry, agent, offer_id, now)
    return inquiry


def hold(session: Session, inquiry: Inquiry, agent: Agent, offer_id: int, now: datetime) -> None:
    """By this offer, which is accepted, the agent has it in hand; a look at its citizen is written down."""
    first = inquiry.answered_at is None
    inquiry.agent_id, inquiry.answered_at, inquiry.flag = agent.id, now, None
    opened(session, inquiry.id)
    wait = waited(session, inquiry, now)
    step(session, inquiry, Accepted(offer_id, first, wait, promised_seconds(inquiry)), now, by=agent)
    tell_agents_later(session, [agent.id])


def refuse(session: Session, offer_id: int, agent: Agent, reason: str | None, now: datetime) -> None:
    """Say no: the inquiry goes back with its age, the agent stays as they are.

    The `reason` that they typed stands in the offer alone, not in the journal, which phone systems read too.

    Raises NotFound for an offer of somebody else, OfferGone where it was answered before.
    """
    offer, inquiry = _lock(session, offer_id, agent.id)
    if not _answer(session, offer, OfferState.REFUSED, now, reason):
        raise OfferGone
    release(session, offer, now)
    enter(session, inquiry, Refused(_id(offer)), now, together(session, now), by=agent)
    tell_agents_later(session, [agent.id])


def lapse(session: Session, offer_id: int, now: datetime) -> bool:
    """Take back an offer whose time has run out; false where it was answered after all.

    The agent rests a while, longer with each miss in a row, and is set on break when the policy's count is reached.
    """
    offer, inquiry = _lock(session, offer_id)
    if not _answer(session, offer, OfferState.LAPSED, now, None, col(Offer.lapses_at) <= now):
        return False
    release(session, offer, now)
    agent = miss(session, offer.agent_id, inquiry, now)
    enter(session, inquiry, Lapsed(_id(offer)), now, together(session, now), by=agent)
    tell_agents_later(session, [agent.id])
    return True


def withdraw(session: Session, offer_id: int, now: datetime, reason: str, *, requeue: bool = True) -> bool:
    """Take back an open offer for a `reason` of ours; false where it was answered before.

    With `requeue` the inquiry goes back to the queue with its age; without, the caller says where it goes.
    """
    offer, inquiry = _lock(session, offer_id)
    if not _answer(session, offer, OfferState.WITHDRAWN, now, reason):
        return False
    release(session, offer, now)
    agent, withdrawn = session.get_one(Agent, offer.agent_id), Withdrawn(_id(offer), reason)
    if requeue:
        enter(session, inquiry, withdrawn, now, together(session, now), by=agent)
    else:
        step(session, inquiry, withdrawn, now, by=agent)
    tell_agents_later(session, [agent.id])
    return True


def take_back(session: Session, inquiry: Inquiry, now: datetime, reason: str) -> None:
    """Withdraw what is offered of this inquiry; the caller says where it goes. Its row must be locked."""
    offers = select(Offer.id).where(col(Offer.inquiry_id) == inquiry.id, col(Offer.state) == OfferState.OPEN)
    for offer_id in session.exec(offers).all():
        if offer_id is not None:
            withdraw(session, offer_id, now, reason, requeue=False)


def release(session: Session, offer: Offer, now: datetime) -> None:
    """Give the agent back what this offer held of them; a second time changes nothing."""
    _give_back(session, RELEASE, {"offer": offer.id, "now": now})


def release_of(session: Session, inquiry: Inquiry, now: datetime) -> None:
    """The same of whichever offer of this inquiry holds something."""
    _give_back(session, RELEASE_OF, {"inquiry": inquiry.id, "now": now})


def _give_back(session: Session, release: ReturningUpdate[int, int], which: Mapping[str, Any]) -> None:
    for agent_id, units in session.execute(release, which).all():
        session.execute(HAS_ROOM, {"agent": agent_id, "units": units, "now": which["now"]})
        wake_router_later(session)


def miss(session: Session, agent_id: int, inquiry: Inquiry, now: datetime) -> Agent:
    """The agent was offered it and could not be had: a rest, longer with each miss in a row, and then a break."""
    policy = current_policy()
    work = session.get_one(AgentWork, agent_id, with_for_update=True, populate_existing=True)
    work.misses += 1
    work.missed = {"topic": inquiry.topic, "municipality": inquiry.municipality, "at": now.isoformat()}
    work.rests_until = at(timing.rests_until(seconds(now), work.misses, policy))
    if timing.takes_a_break(work.misses, policy) and work.presence == Presence.AVAILABLE:
        work.presence, work.presence_reason = Presence.BREAK, MISSED
        session.add(PresenceChange.to(work, now, MISSED))
    session.add(work)
    session.flush()
    return session.get_one(Agent, agent_id)


def _lock(session: Session, offer_id: int, agent_id: int | None = None) -> tuple[Offer, Inquiry]:
    """The offer and its inquiry, which is locked first as everywhere. Raises NotFound for another agent's."""
    whose = {"offer": offer_id, "agent": agent_id}
    inquiry = session.exec(LOCK, params=whose).first()
    offer = session.exec(FOUND, params=whose).first()
    if offer is None or inquiry is None:
        raise NotFound
    return offer, inquiry


def _answer(
    session: Session, offer: Offer, state: OfferState, now: datetime, reason: str | None, *still: ColumnElement[bool]
) -> bool:
    values = {"offer": offer.id, "new": state, "now": now, "said": reason}
    return session.exec(ANSWER.where(*still), params=values).rowcount == 1


def _id(offer: Offer) -> int:
    assert offer.id is not None  # it came from the database
    return offer.id
