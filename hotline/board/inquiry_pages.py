"""One inquiry for those who lead: why it went where it did, what was written, and to whom it could be assigned."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import HTMLResponse, Response

from hotline.access.guards import may_lead, tenant_of
from hotline.access.pages import Visitor
from hotline.board.explanation import explanation
from hotline.board.not_able import by_hand
from hotline.board.sentences import sentences
from hotline.clock import now
from hotline.db import Db, acting, being
from hotline.directory.models import Person
from hotline.directory.names import topic_names
from hotline.handling.messages import thread
from hotline.inquiries import guards
from hotline.inquiries.models import Inquiry
from hotline.inquiries.states import HELD, State
from hotline.policies import current_policy
from hotline.web.formats import Formats
from hotline.web.language import chosen, translator
from hotline.web.one_thread import OneThread
from hotline.web.templates import page

router = APIRouter(include_in_schema=False, route_class=OneThread)
MAY_BE_ASSIGNED = (State.WAITING, State.OFFERED, *HELD)


@router.get("/inquiries/{inquiry_id}")
def read_inquiry(request: Request, inquiry_id: UUID, person: Visitor, db: Db) -> HTMLResponse:
    """The whole page."""
    may_lead(person)
    return _page(request, db, person, guards.inquiry(db, person, inquiry_id), "board/inquiry.html")


def after_a_lead(request: Request) -> Response | None:
    """The inquiry as it is now that a lead has done something with it on its page; None where they did it elsewhere."""
    session, lead = getattr(request.state, "led", (None, None))
    inquiry_id = request.path_params.get("inquiry_id")
    shown = urlsplit(request.headers.get("hx-current-url", "")).path
    if session is None or lead is None or shown != f"/inquiries/{inquiry_id}":
        return None
    inquiry = session.get_one(Inquiry, UUID(str(inquiry_id)), populate_existing=True)
    return _page(request, session, lead, inquiry, "board/_inquiry.html")


def _page(request: Request, db: Session, person: Person, inquiry: Inquiry, template: str) -> HTMLResponse:
    with acting(db):
        told = explanation(db, inquiry, now(), person.municipality)
        agents = by_hand(db, inquiry, now(), current_policy()) if inquiry.state in MAY_BE_ASSIGNED else []
        names = topic_names(db, chosen(request))
    with being(db, lambda _: tenant_of(person)):  # what was written, the lead reads as themselves
        written = thread(db, inquiry.id)
    lines = sentences(told, translator(chosen(request)), Formats(chosen(request)))
    facts: dict[str, Any] = {"inquiry": inquiry, "lines": lines, "topic_names": names, "thread": written}
    return page(request, template, agents=agents, may_be_assigned=inquiry.state in MAY_BE_ASSIGNED, **facts)
