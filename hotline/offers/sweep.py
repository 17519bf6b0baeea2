"""What the router looks after once a second, so that no vanished agent leaves anything behind."""

from datetime import datetime
from typing import Any

from sqlalchemy import TextClause, or_, text
from sqlmodel import Session, col, exists, select
from sqlmodel.sql.expression import SelectOfScalar

from hotline.access.ends import end_the_expired
from hotline.agents import presence
from hotline.agents.models import AgentWork, Presence
from hotline.clock import danish
from hotline.db import transaction
from hotline.directory.models import Agent, Person, Role
from hotline.directory.together import answers
from hotline.duties import NOT_ASIDE, each
from hotline.inquiries.models import Inquiry
from hotline.inquiries.offer import Offer, OfferState
from hotline.inquiries.states import HELD
from hotline.offers.actions import lapse, withdraw
from hotline.offers.give_back import GIVE_BACK, LONG_OFF_DUTY, flag_what_they_hold, give_back_stray, strays
from hotline.routing.policy import Policy
from hotline.tenant import at_ends, at_work

AT_ONCE = 200
LAPSE, WITHDRAW, FLAG = "lapse", "withdraw", "flag"

NOT_TOGETHER = "municipality left the collaboration"
OFFERED_ELSEWHERE = text(f"""
    SELECT o.id FROM offer o JOIN agent a ON a.id = o.agent_id JOIN inquiry i ON i.id = o.inquiry_id
    WHERE o.state = 'open' AND NOT {answers("i", "a.municipality", ":day")}
    ORDER BY o.lapses_at LIMIT :most
""")


def lapses(now: datetime) -> None:
    """Take back every offer whose time has run out, each in a transaction of its own."""
    each(LAPSE, _due(now), lambda session, offer_id: lapse(session, offer_id, now))


def absences(now: datetime, policy: Policy) -> None:
    """Take offers back from agents who are gone or whose municipality has left, flag what the gone and those long off
    duty hold, and give back what they do not come back to. Each is a transaction of its own."""
    with transaction(at_work("sweep")) as session:
        silent = presence.silent_for(session, policy.gone_after)
    each("absence", silent, lambda session, agent_id: presence.is_gone(session, agent_id, now, policy.gone_after))
    with transaction(at_ends("sweep")) as session:
        end_the_expired(session, now)
    take_back_from_the_absent(now)
    each(WITHDRAW, _offers_elsewhere(now), lambda s, offer_id: withdraw(s, offer_id, now, NOT_TOGETHER))
    each(FLAG, _gone_with_inquiries(now, policy), lambda s, agent_id: flag_what_they_hold(s, agent_id, now))
    with transaction(at_work("sweep")) as session:
        stray = strays(session, now, policy)
    each(GIVE_BACK, stray, lambda session, inquiry_id: give_back_stray(session, inquiry_id, now, policy))


def take_back_from_the_absent(now: datetime) -> None:
    """Whoever is on break, off duty or gone loses what they are offered, which goes back to the queue with its age."""
    each(WITHDRAW, _offers_of_the_absent(), lambda s, offer_id: _take_back(s, offer_id, now))


def _due(now: datetime) -> list[int]:
    due = select(Offer.id).where(
        col(Offer.state) == OfferState.OPEN, col(Offer.lapses_at) <= now, _tried(LAPSE, "offer")
    )
    return _ids(due.order_by(col(Offer.lapses_at)).limit(AT_ONCE))


def _take_back(session: Session, offer_id: int, now: datetime) -> None:
    agent = session.get_one(AgentWork, session.get_one(Offer, offer_id).agent_id)
    withdraw(session, offer_id, now, f"agent on {agent.presence}" if agent.connected else presence.ABSENT)


def _offers_of_the_absent() -> list[int]:
    gone = (
        select(Offer.id)
        .join(AgentWork, col(AgentWork.agent_id) == col(Offer.agent_id))
        .where(
            col(Offer.state) == OfferState.OPEN,
            or_(~col(AgentWork.connected), col(AgentWork.presence) != Presence.AVAILABLE),
            _tried(WITHDRAW, "offer"),
        )
    )
    return _ids(gone.order_by(col(Offer.lapses_at)).limit(AT_ONCE))  # the index of open offers; not all there ever were


def _offers_elsewhere(now: datetime) -> list[int]:
    with transaction(at_work("sweep")) as session:
        asked = {"day": danish(now).date(), "most": AT_ONCE}
        return list(session.execute(OFFERED_ELSEWHERE, asked).scalars())


def _gone_with_inquiries(now: datetime, policy: Policy) -> list[int]:
    held = exists().where(
        col(Inquiry.agent_id) == col(Agent.id), col(Inquiry.state).in_(HELD), col(Inquiry.flag).is_(None)
    )
    off_duty = text(LONG_OFF_DUTY.format(work="agent_work")).bindparams(now=now, away=policy.gives_back_after)
    gone = or_(~col(AgentWork.connected), ~col(Person.active), col(Person.role) != Role.AGENT, off_duty)
    people = select(Agent.id).join(Person, col(Person.id) == col(Agent.id))
    found = people.join(AgentWork, col(AgentWork.agent_id) == col(Agent.id)).where(gone, held, _tried(FLAG, "agent"))
    return _ids(found.limit(AT_ONCE))


def _tried(duty: str, table: str) -> TextClause:
    """What failed alone is passed over for a while, so that it is in nobody's way."""
    return text(NOT_ASIDE.format(duty=duty, item=f"{table}.id::text"))


def _ids(statement: SelectOfScalar[Any]) -> list[int]:
    with transaction(at_work("sweep")) as session:
        return [one for one in session.exec(statement).all() if one is not None]
