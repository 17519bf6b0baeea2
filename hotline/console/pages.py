"""The agent's page: presence, offers and inquiries in hand. What is done with them, it asks of the API.

Whatever changes answers with the desk as it stands then; when the event stream tells of something else, the page looks.
"""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from hotline.access.guards import SignedInAgent
from hotline.access.pages import Visitor
from hotline.console.parts import asked_for, desk, parts
from hotline.db import Db
from hotline.web.language import chosen
from hotline.web.one_thread import OneThread
from hotline.web.templates import page

router = APIRouter(include_in_schema=False, route_class=OneThread)


@router.get("/desk")
def read_desk(request: Request, person: Visitor, agent: SignedInAgent, db: Db) -> HTMLResponse:
    """The whole console."""
    return page(request, "console/desk.html", **desk(db, agent.id, chosen(request), asked_for(request)))


@router.get("/desk/parts")
def read_parts(request: Request, agent: SignedInAgent, db: Db) -> HTMLResponse:
    """All of it that changes."""
    return parts(request, db, agent.id)
