"""One inquiry for those who lead: why it went where it did."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from hotline.access.guards import may_lead
from hotline.access.pages import Visitor
from hotline.board.explanation import explanation
from hotline.board.sentences import sentences
from hotline.clock import now
from hotline.db import Db, acting
from hotline.directory.names import topic_names
from hotline.inquiries import guards
from hotline.web.formats import Formats
from hotline.web.language import chosen, translator
from hotline.web.one_thread import OneThread
from hotline.web.templates import page

router = APIRouter(include_in_schema=False, route_class=OneThread)


@router.get("/inquiries/{inquiry_id}")
def read_inquiry(request: Request, inquiry_id: UUID, person: Visitor, db: Db) -> HTMLResponse:
    """The whole page."""
    may_lead(person)
    inquiry = guards.inquiry(db, person, inquiry_id)
    with acting(db):
        told = explanation(db, inquiry, now(), person.municipality)
        names = topic_names(db, chosen(request))
    lines = sentences(told, translator(chosen(request)), Formats(chosen(request)))
    return page(request, "board/inquiry.html", inquiry=inquiry, lines=lines, topic_names=names)
