"""The only way to obtain an inquiry: with the person or integrator who asks for it."""

import uuid
from collections.abc import Mapping
from typing import Annotated, Any

from sqlalchemy import BigInteger, BindParameter, ColumnElement, and_, bindparam, exists, false, or_, text, true
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from hotline.access.guards import ActingAgent, ActingHand, ActingLead, KeyHolder
from hotline.db import Db
from hotline.directory.models import WHOLE_POOL, Agent, Person, Role
from hotline.directory.together import TODAY, answers
from hotline.errors import NotFound
from hotline.inquiries.errors import WrongState
from hotline.inquiries.models import Inquiry
from hotline.inquiries.offer import Offer, OfferState
from hotline.inquiries.states import HELD
from hotline.web.one_thread import needs

HOME = "(SELECT municipality FROM person WHERE id = :asks)"
ANSWERED = answers("inquiry", HOME, TODAY)


def inquiry(session: Session, caller: KeyHolder | Person, inquiry_id: uuid.UUID) -> Inquiry:
    """The inquiry, where this caller may see it. Raises NotFound, whether it is missing or somebody else's."""
    found = session.exec(select(Inquiry).where(Inquiry.id == inquiry_id, may_see(caller))).first()
    if found is None:
        raise NotFound
    return found


def held_inquiry(session: Session, agent_id: int, inquiry_id: uuid.UUID) -> Inquiry:
    """The inquiry that this agent has in hand, its row locked until the transaction ends. Raises NotFound.

    An inquiry that the agent once had and that has moved on is returned too, so that the action can say so.
    """
    return _locked(session, _HELD, {"inquiry": inquiry_id, "asks": agent_id})


def led_inquiry(session: Session, person: Person, inquiry_id: uuid.UUID) -> Inquiry:
    """The inquiry, where this person may take it out of somebody's hands; its row locked until the transaction ends.

    That are those who run the pool, and team leads for their own municipality's agents or citizens. Raises NotFound.
    """
    return _locked(session, _locking(may_lead(person)), {"inquiry": inquiry_id})


def may_lead(person: Person) -> ColumnElement[bool]:
    """The condition on Inquiry that says which ones this person may take out of somebody's hands."""
    if person.role in WHOLE_POOL:
        return true()
    if person.role != Role.TEAM_LEAD:
        return false()
    return or_(col(Inquiry.municipality) == person.municipality, _in_hands_of(person.municipality))


def held(inquiry_id: uuid.UUID, agent: ActingAgent, db: Db) -> Inquiry:
    """The inquiry of the address, in the hands of the agent who asks: see `held_inquiry`."""
    return held_inquiry(db, agent.id, inquiry_id)


def led(inquiry_id: uuid.UUID, lead: ActingLead, db: Db) -> Inquiry:
    """The inquiry of the address, in the hands of whomever this person leads: see `led_inquiry`."""
    return led_inquiry(db, lead, inquiry_id)


def in_hand(inquiry_id: uuid.UUID, hand: ActingHand, db: Db) -> Inquiry:
    """The inquiry of the address, for the agent who has it as for whoever leads them."""
    return held_inquiry(db, hand.id, inquiry_id) if isinstance(hand, Agent) else led_inquiry(db, hand, inquiry_id)


# The scope of a route, said once; the row is locked until its transaction ends.
Held = Annotated[Inquiry, needs(held)]
Led = Annotated[Inquiry, needs(led)]
InHand = Annotated[Inquiry, needs(in_hand)]


def holds(inquiry: Inquiry, agent_id: int) -> bool:
    """Whether the inquiry is in this agent's hands now."""
    return inquiry.agent_id == agent_id and inquiry.state in HELD


def must_hold(inquiry: Inquiry, agent: Agent) -> None:
    """Raises WrongState unless the inquiry is in this agent's hands now."""
    if not holds(inquiry, agent.id):
        raise WrongState(f"it is {inquiry.state} and not in your hands", state=inquiry.state)


def may_see(caller: KeyHolder | Person) -> ColumnElement[bool]:
    """The condition on Inquiry that says which ones this caller may see.

    An integrator sees what it handed in, for the municipalities of its key; the secretariat and administrators all;
    a team lead those of the own municipality's citizens and those in the hands of its agents; an agent what is in their
    hands, and what was or is offered to them while their municipality answers its citizens; a viewer none.
    """
    if isinstance(caller, KeyHolder):
        handed_in = col(Inquiry.integrator_id) == caller.integrator_id
        return (
            and_(handed_in, col(Inquiry.municipality).in_(caller.municipalities))
            if caller.municipalities
            else handed_in
        )
    if caller.role in WHOLE_POOL:
        return true()
    touched = _touched(_asks(caller.id), (OfferState.OPEN, OfferState.ACCEPTED))
    if caller.role == Role.TEAM_LEAD:
        return or_(may_lead(caller), touched)
    return touched if caller.role == Role.AGENT else false()


def _in_hands_of(municipality: str | None) -> ColumnElement[bool]:
    theirs = exists().where(col(Agent.id) == col(Inquiry.agent_id), col(Agent.municipality) == municipality)
    return and_(col(Inquiry.state).in_(HELD), theirs)


def within_reach(agent_id: int | None) -> ColumnElement[bool]:
    """The condition on Inquiry that this agent has it in hand, or that their municipality answers its citizen today."""
    return _within_reach(_asks(agent_id))


def _locked(session: Session, which: SelectOfScalar[Inquiry], values: Mapping[str, Any]) -> Inquiry:
    found = session.exec(which, params=values).first()
    if found is None:
        raise NotFound
    return found


def _locking(theirs: ColumnElement[bool]) -> SelectOfScalar[Inquiry]:
    return (
        select(Inquiry)
        .where(col(Inquiry.id) == bindparam("inquiry"), theirs)
        .with_for_update(of=Inquiry)
        .execution_options(populate_existing=True)
    )


def _touched(asks: BindParameter[Any], states: tuple[OfferState, ...]) -> ColumnElement[bool]:
    by_them = exists().where(
        col(Offer.inquiry_id) == col(Inquiry.id), col(Offer.agent_id) == asks, col(Offer.state).in_(states)
    )
    return and_(by_them, _within_reach(asks))


def _within_reach(asks: BindParameter[Any]) -> ColumnElement[bool]:
    in_hand = and_(col(Inquiry.agent_id) == asks, col(Inquiry.state).in_(HELD))
    return or_(in_hand, text(ANSWERED).bindparams(asks))


def _asks(agent_id: int | None = None) -> BindParameter[Any]:
    return bindparam("asks", agent_id, BigInteger)


# Asked with every action: to put it together takes longer than to carry it out.
_HELD = _locking(_touched(_asks(), (OfferState.ACCEPTED,)))
