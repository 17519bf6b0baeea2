"""Things to do and to look at: inquiries with their journal, the offers of a pass, and what an agent does."""

from datetime import timedelta

from sqlmodel import col, select

from hotline import db
from hotline.clock import now
from hotline.directory.models import Agent
from hotline.inquiries.guards import held_inquiry
from hotline.inquiries.journal import JournalLine
from hotline.inquiries.offer import Offer
from hotline.queue.run import route
from hotline.tenant import at_work
from tests import building
from tests.builders import a_ready_agent, a_waiting_inquiry
from tests.building import transaction
from tests.invariants import check


def a_journalled_inquiry(topic="passport", channel="web", **facts):
    """An inquiry that waits, with the lines that intake and classification write; its id."""
    return a_waiting_inquiry(topic, channel, journalled=True, **facts)


def an_offer(channel="web", **agent):
    """The open offer of a fresh inquiry to a fresh agent, who alone can take it: offer, agent, inquiry."""
    agent_id = a_ready_agent(**agent)
    inquiry_id = a_journalled_inquiry(channel=channel)
    assert route() == 1
    offer = offer_of(inquiry_id)
    assert offer.agent_id == agent_id
    return offer.id, agent_id, inquiry_id


def offer_of(inquiry_id):
    """The newest offer of an inquiry, None where none was made."""
    with transaction() as session:
        return session.exec(select(Offer).where(Offer.inquiry_id == inquiry_id).order_by(col(Offer.id).desc())).first()


def look_at(table, key):
    """A row as it is committed now."""
    with transaction() as session:
        return session.get_one(table, key)


def by(agent_id, action, *facts, at=None):
    """Have an agent do something in a transaction of its own: action(session, *facts, agent, at)."""
    with db.transaction(at_work(f"person {agent_id}", agent_id)) as session:
        return action(session, *facts, session.get_one(Agent, agent_id), at or now())


def doing(held, action, *facts, at=None):
    """What the agent does with the inquiry in hand, in a transaction of its own; `held` are inquiry and agent."""
    inquiry_id, agent_id = held
    with transaction() as session:
        inquiry = held_inquiry(session, agent_id, inquiry_id)
        return action(session, inquiry, session.get_one(Agent, agent_id), *facts, at or now())


def events_of(inquiry_id):
    """The names of what happened to an inquiry, oldest first."""
    with transaction() as session:
        lines = select(JournalLine.event).where(JournalLine.inquiry_id == inquiry_id).order_by(col(JournalLine.id))
        return list(session.exec(lines).all())


def in_(**ahead):
    """The moment so far from now."""
    return now() + timedelta(**ahead)


def sound():
    """Fails unless everything is as it must be."""
    with building.session() as session:
        wrong = check(session)
    assert not wrong, "\n".join(wrong)
