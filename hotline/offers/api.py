"""Offers over HTTP: an agent answers one, a phone system says that the citizen hung up."""

from uuid import UUID

from fastapi import APIRouter

from hotline.access.errors import NotAllowed
from hotline.access.guards import ActingAgent, HandsIn, KeyHolder
from hotline.clock import now
from hotline.db import Db, act
from hotline.inquiries import guards
from hotline.inquiries.answers import StateAnswer
from hotline.inquiries.states import State
from hotline.offers import actions as offers
from hotline.offers.abandon import abandon
from hotline.offers.requests import OfferId, RefusalRequest
from hotline.web.problems import problems
from hotline.web.shown import Shown

router = APIRouter(route_class=Shown)


@router.post("/inquiries/{inquiry_id}/abandonment", tags=["inquiries"], responses=problems(401, 403, 404, 409, 422))
def create_abandonment(inquiry_id: UUID, caller: HandsIn, db: Db) -> StateAnswer:
    """The citizen hung up before anybody answered. A call from the same number soon after takes its old place."""
    if not isinstance(caller, KeyHolder):
        raise NotAllowed("the phone system says when a citizen has hung up")
    inquiry = guards.inquiry(db, caller, inquiry_id)
    act(db)
    abandon(db, inquiry, now())
    return StateAnswer(id=inquiry.id, state=State.ABANDONED)


@router.post("/offers/{offer_id}/acceptance", tags=["agents"], responses=problems(401, 403, 404, 409))
def create_acceptance(offer_id: OfferId, agent: ActingAgent, db: Db) -> StateAnswer:
    """Take it. Of two answers to one offer the first wins; the other gets 409."""
    inquiry = offers.accept(db, offer_id, agent, now())
    return StateAnswer(id=inquiry.id, state=inquiry.state)


@router.post("/offers/{offer_id}/refusal", status_code=204, tags=["agents"], responses=problems(401, 403, 404, 409))
def create_refusal(offer_id: OfferId, agent: ActingAgent, db: Db, body: RefusalRequest | None = None) -> None:
    """Leave it to somebody else; it keeps its age."""
    offers.refuse(db, offer_id, agent, body.reason if body else None, now())
