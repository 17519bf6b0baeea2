"""What the citizen's own municipality is handed of a case, over HTTP, and the colleagues it may go to instead."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from hotline.access.guards import ActingAgent, SignedIn
from hotline.clock import now
from hotline.db import Db
from hotline.handling.colleagues import Colleague, colleagues
from hotline.handling.handover_note import HandoverNote, handover_note
from hotline.handling.handover_pdf import pdf
from hotline.inquiries import guards
from hotline.inquiries.guards import Held
from hotline.web.language import chosen
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
    return PlainTextResponse(_in_words(request, note), headers=_kept_as(f"{note.reference}.txt"))


@router.get(
    "/inquiries/{inquiry_id}/handover.pdf",
    response_class=Response,
    responses={**problems(401, 403, 404, 422), 200: {"content": {"application/pdf": {}}}},
)
def read_handover_as_pdf(request: Request, inquiry_id: UUID, person: SignedIn, db: Db) -> Response:
    """The same as a document."""
    note = handover_note(db, guards.inquiry(db, person, inquiry_id))
    made = pdf(_in_words(request, note), chosen(request))
    return Response(made, media_type="application/pdf", headers=_kept_as(f"{note.reference}.pdf"))


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


def _in_words(request: Request, note: HandoverNote) -> str:
    return bytes(page(request, "handling/handover.txt", note=note).body).decode()


def _kept_as(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
