"""What those who run the pool are alerted about: on top of the queue, and on a page with what has ended."""

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import HTMLResponse

from hotline.access.guards import may_see_the_pool
from hotline.access.pages import Visitor
from hotline.clock import now
from hotline.db import Db
from hotline.directory.models import Person
from hotline.directory.names import municipality_names, topic_names
from hotline.statistics.alerting import shown
from hotline.statistics.alerts import rules
from hotline.web.language import chosen
from hotline.web.one_thread import OneThread
from hotline.web.templates import page

router = APIRouter(include_in_schema=False, route_class=OneThread)


@router.get("/alerts")
def read_alerts(request: Request, person: Visitor, db: Db) -> HTMLResponse:
    """Those that run, and those of the last month."""
    return _page(request, person, db, "statistics/alerts.html")


@router.get("/alerts/now")
def read_alerts_now(request: Request, person: Visitor, db: Db) -> HTMLResponse:
    """Those that run, for the top of another page."""
    return _page(request, person, db, "statistics/_alerts.html")


def _page(request: Request, person: Person, db: Session, template: str) -> HTMLResponse:
    may_see_the_pool(person)
    every = shown(db, now())
    return page(
        request,
        template,
        running=[one for one in every if one.ended_at is None],
        ended=[one for one in every if one.ended_at is not None],
        rules=rules(),
        names={"promise": municipality_names(db)}
        | dict.fromkeys(("waiting", "surge"), topic_names(db, chosen(request))),
    )
