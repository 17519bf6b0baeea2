"""assign(): whoever leads has an inquiry offered to one agent alone, out of the queue or out of somebody's hands."""

from datetime import datetime

from sqlmodel import Session, col, select

from hotline.agents.models import AgentWork, Presence
from hotline.clock import seconds
from hotline.db import on_behalf_of
from hotline.directory.models import Agent, AgentSkill, Person
from hotline.directory.together import together
from hotline.errors import HotlineError
from hotline.handling.actions import write_note
from hotline.handling.errors import (
    AgentAway,
    AgentDeactivated,
    AgentFull,
    AgentHasIt,
    AgentOfOthers,
    AgentOnBreak,
    AgentWithoutTopic,
)
from hotline.inquiries.errors import WrongState
from hotline.inquiries.facts import TakenOver
from hotline.inquiries.models import Inquiry
from hotline.inquiries.offer import Offer
from hotline.inquiries.states import HELD, State
from hotline.inquiries.step import step
from hotline.offers.actions import withdraw
from hotline.offers.give_back import give_back
from hotline.offers.make import make
from hotline.policies import current_policy
from hotline.routing import model
from hotline.routing.eligibility import units, why_not
from hotline.routing.together import Together
from hotline.routing.why import Why

ASSIGNED = "assigned to another"
# What keeps an agent from an inquiry that is meant for them by name, in the words of `why_not`.
ERRORS: dict[str, type[HotlineError]] = {
    "collaboration": AgentOfOthers,
    "skill": AgentWithoutTopic,
    "capacity": AgentFull,
}


def assign(session: Session, inquiry: Inquiry, lead: int | None, to_agent: int, reason: str, now: datetime) -> None:
    """Offer it to this agent at its age; who has it, or is asked, has it no longer. Its row must be locked.

    The agent may answer as they may any offer: what they refuse or miss goes to all. Their language, a ring that has
    not widened, a rest after a miss and that they said no before keep nobody from it: who leads has thought of that.
    `lead` is the person, none an operator.

    Raises WrongState where it is not read yet, parked or over, AgentHasIt, and AgentDeactivated, AgentAway,
    AgentOnBreak, AgentOfOthers, AgentWithoutTopic or AgentFull where they cannot take it.
    """
    if inquiry.state not in (State.WAITING, State.OFFERED, *HELD):
        raise WrongState(f"it is {inquiry.state}", state=inquiry.state)
    live = select(Offer).where(col(Offer.inquiry_id) == inquiry.id, col(Offer.released_at).is_(None))
    offer = session.exec(live).first()
    if offer is not None and offer.agent_id == to_agent:
        raise AgentHasIt
    agent, asked = _agent(session, inquiry, to_agent), as_the_core_sees(inquiry, together(session, now), to_agent)
    if reason_against := why_not(agent, asked):
        raise ERRORS[reason_against]
    write_note(session, inquiry, lead, reason, now)
    if inquiry.state in HELD:
        give_back(session, inquiry, now)
    elif offer is not None and offer.id is not None:
        withdraw(session, offer.id, now, ASSIGNED)
    step(session, inquiry, TakenOver(on_behalf_of(session)), now)
    why = Why(language=asked.language, at_home=agent.municipality == asked.municipality, by_name=True, by_hand=True)
    match = model.Match(asked.id, agent.id, units(agent, asked), asked.is_call, why)
    if make(session, [match], now, current_policy()) != 1:
        raise AgentFull  # by something that was offered to them in between


def _agent(session: Session, inquiry: Inquiry, to_agent: int) -> model.Agent:
    """The agent as the core sees them. Raises AgentDeactivated, AgentAway or AgentOnBreak."""
    person, facts = session.get_one(Person, to_agent), session.get_one(Agent, to_agent, populate_existing=True)
    work = session.get_one(AgentWork, to_agent, populate_existing=True)
    if not person.active:
        raise AgentDeactivated
    if not work.connected or work.presence == Presence.OFFLINE:
        raise AgentAway
    if work.presence == Presence.BREAK:
        raise AgentOnBreak
    skill = session.get(AgentSkill, (to_agent, inquiry.topic))
    return model.Agent(
        id=to_agent,
        municipality=facts.municipality,
        topics={skill.topic: skill.level} if skill else {},
        languages=frozenset(facts.languages),
        capacity=work.capacity,
        load=work.load,
        idle_since=0.0,
    )


def as_the_core_sees(inquiry: Inquiry, who: Together, only_agent: int | None) -> model.Inquiry:
    """The inquiry, which must have been read, meant for `only_agent` by name where that is not None."""
    assert inquiry.topic is not None and inquiry.speaks is not None and inquiry.deadline is not None  # it was read
    return model.Inquiry(
        id=str(inquiry.id),
        municipality=inquiry.municipality,
        topic=inquiry.topic,
        language=inquiry.speaks,
        channel=inquiry.channel,
        queued_at=seconds(inquiry.queued_at),
        deadline=seconds(inquiry.deadline),
        answered_by=None if inquiry.outside else who.answered_by(inquiry.municipality, inquiry.topic),
        only_agent=only_agent,
    )
