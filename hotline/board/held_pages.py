"""What is in hand or waits in vain, for those who may take it over or end it; that, the page asks of the API."""

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import HTMLResponse, Response

from hotline.access.guards import may_lead
from hotline.access.pages import Visitor
from hotline.board.held import held
from hotline.clock import now
from hotline.db import Db, acting
from hotline.directory.models import Person
from hotline.directory.names import topic_names
from hotline.inquiries.models import Outcome
from hotline.queue.in_vain import in_vain
from hotline.web.language import chosen
from hotline.web.one_thread import OneThread
from hotline.web.templates import page

router = APIRouter(include_in_schema=False, route_class=OneThread)


@router.get("/held")
def read_held(request: Request, person: Visitor, db: Db) -> HTMLResponse:
    """The whole page."""
    may_lead(person)
    return _page(request, db, person, "board/held.html")


@router.get("/held/now")
def read_held_now(request: Request, person: Visitor, db: Db) -> HTMLResponse:
    """The list alone."""
    may_lead(person)
    return _page(request, db, person, "board/_held.html")


def after_a_lead(request: Request) -> Response | None:
    """What is in hand now that the lead has taken something out of somebody's hands; None where no lead did."""
    session, lead = getattr(request.state, "led", (None, None))
    if session is None or lead is None:
        return None
    return _page(request, session, lead, "board/_held.html")


def _page(request: Request, db: Session, person: Person, template: str) -> HTMLResponse:
    # Who has it is named to whoever leads the citizen's municipality, wherever the agent is.
    with acting(db):
        rows, vain = held(db, now(), person.municipality), in_vain(db, now(), person.municipality)
        names = topic_names(db, chosen(request))
    outcomes = [str(outcome) for outcome in Outcome]
    return page(request, template, held=rows, in_vain=vain, topic_names=names, outcomes=outcomes)
