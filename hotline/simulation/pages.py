"""The page of simulations: days that were, by one policy or two, asked for, watched and kept."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from sqlmodel import Session, col, select
from starlette.responses import HTMLResponse, RedirectResponse, Response

from hotline.access.guards import may_see_the_pool
from hotline.access.pages import Visitor
from hotline.clock import danish, now
from hotline.db import Db, acting
from hotline.directory.names import municipality_names, topic_names
from hotline.errors import NotFound
from hotline.policies import names
from hotline.settings import settings
from hotline.simulation.asked import ask
from hotline.simulation.models import Simulation
from hotline.web.language import chosen
from hotline.web.one_thread import OneThread
from hotline.web.templates import page

router = APIRouter(include_in_schema=False, route_class=OneThread)

SHOWN = 20


@router.get("/simulations")
def read_simulations(request: Request, person: Visitor, db: Db) -> HTMLResponse:
    """What to ask for, last Monday unless another day is chosen, and what was asked for lately."""
    may_see_the_pool(person)
    lately = db.exec(select(Simulation).order_by(col(Simulation.id).desc()).limit(SHOWN)).all()
    today = danish(now()).date()
    return page(
        request,
        "simulation/simulations.html",
        lately=lately,
        monday=today - timedelta(days=today.weekday() or 7),
        today=today,
        policies=names(),
        current=settings().policy,
    )


@router.post("/simulations")
def create_simulation(
    request: Request,
    person: Visitor,
    db: Db,
    day: Annotated[date, Form()],
    days: Annotated[int, Form()] = 1,
    first: Annotated[str, Form(max_length=200)] = "",
    second: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Have it simulated, and go to where it can be watched."""
    may_see_the_pool(person)
    with acting(db):
        number = ask(db, day, days, [first, *([second] if second else [])], danish(now()).date())
    address = f"/simulations/{number}"
    if "HX-Request" in request.headers:
        return Response(status_code=204, headers={"HX-Redirect": address})
    return RedirectResponse(address, 303)


@router.get("/simulations/{number}")
def read_simulation(request: Request, person: Visitor, db: Db, number: int) -> HTMLResponse:
    """The whole page; until it has ended it asks for the part below every second."""
    return _page(request, person, db, number, "simulation/simulation.html")


@router.get("/simulations/{number}/now")
def read_simulation_now(request: Request, person: Visitor, db: Db, number: int) -> Response:
    """How far it has come; once it has ended the page is asked for anew."""
    may_see_the_pool(person)
    if _found(db, number).ended_at is not None:
        return Response(status_code=204, headers={"HX-Refresh": "true"})
    return _page(request, person, db, number, "simulation/_progress.html")


def _page(request: Request, person: Visitor, db: Session, number: int, template: str) -> HTMLResponse:
    may_see_the_pool(person)
    return page(
        request,
        template,
        one=_found(db, number),
        topic_names=topic_names(db, chosen(request)),
        municipality_names=municipality_names(db),
    )


def _found(db: Session, number: int) -> Simulation:
    """Raises NotFound."""
    found = db.get(Simulation, number) if number < 1 << 63 else None
    if found is None:
        raise NotFound
    return found
