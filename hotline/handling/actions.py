"""wrap_up, close, call_back, transfer, hand_over, correct: what an agent does with the inquiry in hand."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from hotline.agents.models import AgentWork, Presence
from hotline.callbacks.park import not_answered
from hotline.callbacks.promise import promise
from hotline.classification.lessons import write_lesson
from hotline.clock import seconds
from hotline.directory.errors import TopicClosed, UnknownTopic
from hotline.directory.models import Agent, AgentSkill, Person, Topic
from hotline.directory.queries import load
from hotline.directory.together import together
from hotline.errors import Invalid
from hotline.handling.errors import AgentAway, AgentDeactivated, AgentOfOthers, AgentOnBreak
from hotline.inquiries.again import seconds_since_last
from hotline.inquiries.facts import Closed, Corrected, HandedOver, Transferred, Wrapping
from hotline.inquiries.guards import must_hold
from hotline.inquiries.models import Inquiry, Outcome
from hotline.inquiries.notes import Note
from hotline.inquiries.states import State
from hotline.inquiries.step import step
from hotline.live import tell_agents_later
from hotline.offers.hands import first_contact, let_go, spent
from hotline.privacy.hits import NOTE, Hit, take_out
from hotline.privacy.models import KeptCpr
from hotline.queue.enter import enter, set_deadline


def wrap_up(session: Session, inquiry: Inquiry, agent: Agent, now: datetime) -> None:
    """The talk has ended, the work has not. Said twice it is the same. Raises WrongState if it is not in hand."""
    must_hold(inquiry, agent)
    if inquiry.state == State.WRAPPING:
        return
    inquiry.wrapping_at = now
    step(session, inquiry, Wrapping(), now, by=agent)
    tell_agents_later(session, [agent.id])


def close(session: Session, inquiry: Inquiry, agent: Agent, outcome: Outcome, note: str | None, now: datetime) -> None:
    """The work has ended, and the agent is free at once. Raises WrongState if it is not in hand, or closed before.

    A call-back that nobody answered ends only once the policy's attempts are used; before that it is parked again.
    """
    must_hold(inquiry, agent)
    write_note(session, inquiry, agent.id, note, now)
    worked = spent(session, inquiry, agent, now)
    if outcome != Outcome.NO_ANSWER or not not_answered(session, inquiry, now, worked, agent):
        closed = Closed(
            **worked,
            outcome=str(outcome),
            first_contact=first_contact(session, inquiry),
            again_after=seconds_since_last(session, inquiry),
        )
        inquiry.ended_at, inquiry.outcome = now, outcome
        step(session, inquiry, closed, now, by=agent)
    let_go(session, inquiry, agent, now)


def call_back(
    session: Session, inquiry: Inquiry, agent: Agent, number: str, not_before: datetime | None, now: datetime
) -> None:
    """The agent has told the citizen that somebody will ring at `number` (see number_to_call); the agent is free.

    Raises WrongState, and what `promise` raises.
    """
    must_hold(inquiry, agent)
    promise(session, inquiry, number, not_before, now, spent=spent(session, inquiry, agent, now), by=agent)
    let_go(session, inquiry, agent, now)


def transfer(
    session: Session,
    inquiry: Inquiry,
    agent: Agent,
    topic: str | None,
    to_agent: int | None,
    note: str | None,
    now: datetime,
) -> None:
    """Back to the queue at its original age, for another topic or for one agent alone (for a while).

    Raises WrongState, UnknownTopic, TopicClosed, Invalid where the other agent lacks the skill or is the same, and
    AgentDeactivated, AgentOfOthers, AgentAway or AgentOnBreak where they would not be offered it soon.
    """
    must_hold(inquiry, agent)
    wanted = open_topic(session, topic) if topic else inquiry.topic
    if to_agent is not None:
        _must_be_there(session, agent, to_agent, inquiry, wanted, now)
    write_note(session, inquiry, agent.id, note, now)
    worked = spent(session, inquiry, agent, now)
    inquiry.topic = wanted
    inquiry.transfers += 1
    let_go(session, inquiry, agent, now)
    transferred = Transferred(**worked, to_topic=topic, to_agent=to_agent)
    enter(session, inquiry, transferred, now, together(session, now), by=agent, only_agent=to_agent)


def hand_over(session: Session, inquiry: Inquiry, agent: Agent, note: str | None, now: datetime) -> None:
    """The citizen's own municipality goes on with the case; for the hotline it has ended. Raises WrongState."""
    must_hold(inquiry, agent)
    write_note(session, inquiry, agent.id, note, now)
    worked = spent(session, inquiry, agent, now)
    inquiry.ended_at = now
    step(session, inquiry, HandedOver(**worked), now, by=agent)
    let_go(session, inquiry, agent, now)


def correct(
    session: Session, inquiry: Inquiry, agent: Agent, changes: dict[str, Any], note: str | None, now: datetime
) -> None:
    """Take an agent's word for topic, language or priority; `changes` holds those that were said.

    Raises WrongState, UnknownTopic, TopicClosed. What was said before stays in the journal, to learn from.
    """
    must_hold(inquiry, agent)
    if "topic" in changes:
        open_topic(session, changes["topic"])
    before = {name: getattr(inquiry, name) for name in changes}
    for name, value in changes.items():
        setattr(inquiry, name, value)
    if "priority" in changes:
        set_deadline(inquiry)
    session.add(inquiry)
    write_note(session, inquiry, agent.id, note, now)
    if changes:
        step(session, inquiry, Corrected(before, changes), now, by=agent)
    if "topic" in changes and changes["topic"] != before["topic"]:
        write_lesson(session, inquiry, before["topic"], changes["topic"], agent.id, now)
    tell_agents_later(session, [agent.id])


def open_topic(session: Session, slug: str) -> str:
    """The slug, where a topic of that name is open. Raises UnknownTopic or TopicClosed."""
    topic = session.get(Topic, slug)
    if topic is None:
        raise UnknownTopic(slug)
    if not topic.open:
        raise TopicClosed(slug)
    return topic.slug


def write_note(session: Session, inquiry: Inquiry, author: int | None, note: str | None, now: datetime) -> None:
    """Keep what this person (none: an operator) wrote, with CPR numbers taken out and sealed.

    Nothing is kept of an empty note.
    """
    words = note.strip() if note else ""
    if not words:
        return
    written = Note(inquiry_id=inquiry.id, person_id=author, at=now, text="")
    session.add(written)
    session.flush()
    written.text, hits = take_out(words, f"{NOTE}{written.id}")
    keep(session, inquiry, hits, now)


def keep(session: Session, inquiry: Inquiry, hits: Sequence[Hit], now: datetime) -> None:
    """Keep these numbers sealed, numbered on from those that the inquiry has; its row is locked, so nobody else counts
    beside us."""
    if not hits:
        return
    has = session.exec(select(func.max(KeptCpr.n)).where(col(KeptCpr.inquiry_id) == inquiry.id)).one() or 0
    may_reveal = load(session).keeps_cpr(inquiry.municipality, now)
    for n, hit in enumerate(hits, start=has + 1):
        session.add(KeptCpr(inquiry_id=inquiry.id, n=n, may_reveal=may_reveal, **asdict(hit)))


def _must_be_there(
    session: Session, agent: Agent, to_agent: int, inquiry: Inquiry, topic: str | None, now: datetime
) -> None:
    if to_agent == agent.id:
        raise Invalid("an inquiry cannot be transferred to the one who has it")
    other, person = session.get(Agent, to_agent, populate_existing=True), session.get(Person, to_agent)
    if other is None or person is None or session.get(AgentSkill, (to_agent, topic)) is None:
        raise Invalid("there is no such agent with the skill for this topic")
    if not person.active:
        raise AgentDeactivated
    who = together(session, now)
    assert topic is not None  # it was in hand
    facts = inquiry.municipality, topic, seconds(inquiry.queued_at), inquiry.opened, seconds(now)
    reach = who.reach(*facts, is_outside=inquiry.outside)
    if other.municipality not in reach.open_to:
        raise AgentOfOthers
    work = session.get_one(AgentWork, to_agent, populate_existing=True)
    if not work.connected or work.presence == Presence.OFFLINE:
        raise AgentAway
    if work.presence == Presence.BREAK:
        raise AgentOnBreak
