"""What the citizen's own municipality is handed of a case, over HTTP, and the colleagues it may go to instead."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from hotline.access.guards import ActingAgent, SignedIn
from hotline.clock import now
from hotline.db import Db
from hotline.handling.colleagues import Colleague, colleagues
from hotline.handling.handover_note import HandoverNote, handover_note
from hotline.inquiries import guards
from hotline.inquiries.guards import Held
from hotline.web.problems import problems
from hotline.web.shown import Shown
from hotline.web.templates import page

router = APIRouter(tags=["agents"], route_class=Shown)


@router.get("/inquiries/{inquiry_id}/handover", responses=problems(401, 403, 404, 422))
def read_handover(inquiry_id: UUID, person: SignedIn, db: Db) -> HandoverNote:
    """The case for the citizen's own municipality, with the KLE number of its topic; for whoever may see the inquiry.

    Each look is journalled.
    """
    return handover_note(db, guards.inquiry(db, person, inquiry_id))


@router.get(
    "/inquiries/{inquiry_id}/handover.txt",
    response_class=PlainTextResponse,
    responses=problems(401, 403, 404, 422),
)
def read_handover_in_words(request: Request, inquiry_id: UUID, person: SignedIn, db: Db) -> PlainTextResponse:
    """The same as a text, for a case system that takes nothing else."""
    note = handover_note(db, guards.inquiry(db, person, inquiry_id))
    said = page(request, "handling/handover.txt", note=note)
    name = f'attachment; filename="{note.reference}.txt"'
    return PlainTextResponse(bytes(said.body), headers={"Content-Disposition": name, "Cache-Control": "no-store"})


@router.get(
    "/inquiries/{inquiry_id}/colleagues",
    response_model=list[Colleague],
    responses=problems(401, 403, 404, 409, 422),
)
def read_colleagues(request: Request, inquiry: Held, agent: ActingAgent, db: Db) -> Response:
    """Who is at work and could be given the inquiry that is in my hands, those who are free first."""
    found = colleagues(db, inquiry, agent, now())
    if "hx-request" in request.headers:
        return page(request, "handling/_colleagues.html", found=found, inquiry_id=inquiry.id)
    return JSONResponse([one.model_dump(mode="json") for one in found])
