"""A call-back over HTTP: asked for by who handed an inquiry in, or by the agent who has it in hand."""

from uuid import UUID

from fastapi import APIRouter, Request

from hotline.access.guards import HandsIn, KeyHolder, acting_agent, signed_in_agent
from hotline.callbacks.numbers import number_to_call
from hotline.callbacks.promise import request as request_callback
from hotline.callbacks.requests import CallbackAnswer, CallbackRequest
from hotline.clock import now
from hotline.db import Db, act
from hotline.handling import actions
from hotline.inquiries import guards
from hotline.web.problems import problems
from hotline.web.shown import Shown

router = APIRouter(tags=["inquiries"], route_class=Shown)


@router.post("/inquiries/{inquiry_id}/callback", responses=problems(401, 403, 404, 409, 422))
def create_callback(
    request: Request, inquiry_id: UUID, body: CallbackRequest, caller: HandsIn, db: Db
) -> CallbackAnswer:
    """The citizen hangs up and is rung when it is their turn: the place is kept, and it is not counted as abandoned.

    For the integrator that handed it in, as long as nobody has answered, and for the agent who has it in hand. Asked
    for again by the same number it is the same call-back. A citizen who rings in meanwhile takes its place.
    """
    if isinstance(caller, KeyHolder):
        own = guards.inquiry(db, caller, inquiry_id)
        act(db)
        inquiry = request_callback(db, caller, own.id, number_to_call(body.phone), body.not_before, now())
    else:
        agent = acting_agent(request, signed_in_agent(caller, db), db)
        inquiry = guards.held_inquiry(db, agent.id, inquiry_id)
        actions.call_back(db, inquiry, agent, number_to_call(body.phone), body.not_before, now())
    return CallbackAnswer(id=inquiry.id, state=inquiry.state, not_before=inquiry.call_from)
