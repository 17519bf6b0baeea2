"""check(): what must be true of the desk at every moment between two transactions, whatever happened before."""

from collections import defaultdict
from dataclasses import asdict

from sqlmodel import Session, col, select

from hotline.agents.models import AgentWork
from hotline.inquiries.facts import fact_of
from hotline.inquiries.journal import JournalLine
from hotline.inquiries.models import Citizen, Inquiry
from hotline.inquiries.offer import Offer, OfferState
from hotline.inquiries.states import ENDED, HELD, QUEUED, STEPS, Event, State
from hotline.intake.models import IdempotencyKey

ANSWERS = {
    OfferState.ACCEPTED: Event.ACCEPTED,
    OfferState.REFUSED: Event.REFUSED,
    OfferState.LAPSED: Event.LAPSED,
    OfferState.WITHDRAWN: Event.WITHDRAWN,
}


def check(session: Session) -> list[str]:
    """Everything that is not as it must be, one line each; empty where all is well.

    Looks at inquiries against their offers, at agents against what they hold, at the journal against both.
    """
    inquiries = session.exec(select(Inquiry)).all()
    offers = session.exec(select(Offer).order_by(col(Offer.id))).all()
    agents = session.exec(select(AgentWork)).all()
    of_inquiry = defaultdict(list)
    of_agent = defaultdict(list)
    for offer in offers:
        of_inquiry[offer.inquiry_id].append(offer)
        of_agent[offer.agent_id].append(offer)
    journal = defaultdict(list)
    for line in session.exec(select(JournalLine).order_by(col(JournalLine.id))).all():
        journal[line.inquiry_id].append(line)

    wrong = [f"journal of {lost}, which is no inquiry" for lost in journal.keys() - {one.id for one in inquiries}]
    for inquiry in inquiries:
        here = _of_offers(inquiry, of_inquiry[inquiry.id]) + _of_fields(inquiry)
        here += _of_journal(inquiry, journal[inquiry.id], of_inquiry[inquiry.id])
        wrong += [f"inquiry {inquiry.id} ({inquiry.state}): {one}" for one in here]
    for agent in agents:
        wrong += [f"agent {agent.agent_id}: {one}" for one in _of_agent(agent, of_agent[agent.agent_id])]
    stored = {one.id for one in inquiries}
    for table in (Citizen, IdempotencyKey):
        rows = session.exec(select(table.inquiry_id)).all()
        wrong += [f"{table.__name__} of {row}, which is no inquiry" for row in rows if row not in stored]
    session.rollback()
    return wrong


def _of_offers(inquiry: Inquiry, offers: list[Offer]) -> list[str]:
    live = [offer for offer in offers if offer.released_at is None]
    wrong = []
    if inquiry.state == State.OFFERED:
        if [offer.state for offer in live] != [OfferState.OPEN]:
            wrong.append(f"is offered, with live offers {[offer.state for offer in live]}")
    elif inquiry.state in HELD:
        if [(offer.state, offer.agent_id) for offer in live] != [(OfferState.ACCEPTED, inquiry.agent_id)]:
            wrong.append(f"is in hand of {inquiry.agent_id}, with live {[(o.state, o.agent_id) for o in live]}")
    elif live:
        wrong.append(f"holds {[(offer.state, offer.agent_id) for offer in live]}")
    wrong += [f"offer {o.id} is open and answered" for o in offers if o.state == OfferState.OPEN and o.answered_at]
    wrong += [
        f"offer {o.id} is {o.state}, not answered" for o in offers if o.state != OfferState.OPEN and not o.answered_at
    ]
    return wrong


def _of_fields(inquiry: Inquiry) -> list[str]:
    wrong = []
    if (inquiry.ended_at is not None) != (inquiry.state in ENDED):
        wrong.append(f"ended at {inquiry.ended_at}")
    if (inquiry.outcome is not None) != (inquiry.state == State.CLOSED):
        wrong.append(f"has outcome {inquiry.outcome}")
    if (inquiry.wrapping_at is not None) and inquiry.state in QUEUED:
        wrong.append("waits and wraps up at once")
    if inquiry.agent_id is not None and inquiry.state in QUEUED:
        wrong.append(f"waits in the hands of {inquiry.agent_id}")
    if inquiry.queued_at > inquiry.received_at:
        wrong.append("is younger than its arrival")
    return wrong


def _of_agent(agent: AgentWork, offers: list[Offer]) -> list[str]:
    live = [offer for offer in offers if offer.released_at is None]
    units = sum(offer.units for offer in live)
    wrong = []
    if agent.load != units:
        wrong.append(f"load {agent.load}, holds {units}")
    if not 0 <= agent.load <= agent.capacity:
        wrong.append(f"load {agent.load} of {agent.capacity}")
    calls = [offer for offer in live if offer.is_call]
    if calls and len(live) > 1:
        wrong.append(f"a call and {len(live) - 1} more")
    return wrong


def _of_journal(inquiry: Inquiry, lines: list[JournalLine], offers: list[Offer]) -> list[str]:
    wrong = []
    state: State | None = None
    for line in lines:
        before, step = state, STEPS[Event(line.event)]
        state = step.leads_to or state
        if before is not None if not step.sources else before not in step.sources:
            wrong.append(f"{line.event} while {before}")
        if unknown := line.data.keys() - {"v", *asdict(fact_of(line.event, line.data))}:
            wrong.append(f"{line.event} tells {sorted(unknown)}, which no fact has")
    if state != inquiry.state:
        wrong.append(f"the journal ends in {state}")
    events = [line.event for line in lines]
    ends = sum(STEPS[Event(event)].leads_to in ENDED for event in events) - events.count(Event.REOPENED)
    if ends != (inquiry.state in ENDED):
        wrong.append(f"ends {ends} times")
    if events.count(Event.OFFERED) != len(offers):
        wrong.append(f"{events.count(Event.OFFERED)} offers in the journal, {len(offers)} made")
    for answer, event in ANSWERS.items():
        answered = sum(offer.state == answer for offer in offers)
        if events.count(event) != answered:
            wrong.append(f"{events.count(event)} {event} in the journal, {answered} offers {answer}")
    return wrong
