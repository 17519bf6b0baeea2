"""Reports for a municipality's council: asked for, and fetched as files."""

from datetime import date

from fastapi import APIRouter, Form, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from hotline.access.guards import may_see_figures
from hotline.access.pages import Visitor
from hotline.clock import now
from hotline.db import Db, acting
from hotline.directory.models import Person
from hotline.errors import Invalid, NotFound
from hotline.statistics import queries
from hotline.statistics.reports import ask, report_of
from hotline.web.one_thread import OneThread

router = APIRouter(include_in_schema=False, route_class=OneThread)


@router.post("/municipalities/{code}/reports")
def create_report(request: Request, person: Visitor, db: Db, code: str, month: str = Form(max_length=7)) -> Response:
    """Have a month's report made, and go back to the month."""
    _may(db, person, code)
    asked = _month(month)
    with acting(db):
        ask(db, code, asked, now())
    address = f"/municipalities/{code}/statistics?span=month&date={asked}"
    if "HX-Request" in request.headers:
        return Response(status_code=204, headers={"HX-Redirect": address})
    return RedirectResponse(address, 303)


@router.get("/municipalities/{code}/reports/{month}.pdf")
def read_report(person: Visitor, db: Db, code: str, month: str) -> Response:
    """The file of a month."""
    _may(db, person, code)
    made = report_of(db, code, _month(month))
    if made is None:
        raise NotFound
    headers = {"Content-Disposition": f'attachment; filename="hotline-{code}-{month}.pdf"'}
    return Response(made, media_type="application/pdf", headers=headers)


def _may(db: Session, person: Person, code: str) -> None:
    may_see_figures(person, code)
    if queries.municipality(db, code) is None:
        raise NotFound


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Invalid("that is no month") from None
