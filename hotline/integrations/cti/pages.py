"""The page of the numbers: which one is whose citizens', who answers which telephone, what was dialled in vain."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from sqlalchemy import text
from sqlmodel import Session, col, select
from starlette.responses import HTMLResponse

from hotline.access.guards import may_see_the_pool
from hotline.access.pages import Visitor
from hotline.db import Db, act
from hotline.directory import usernames
from hotline.directory.errors import UnknownMunicipality, UnknownTopic
from hotline.directory.models import Agent, Municipality, Person, Topic
from hotline.directory.names import municipality_names, topic_names
from hotline.errors import NotFound
from hotline.integrations.cti.models import AnsweringNumber, CalledNumber
from hotline.integrations.cti.numbers import number as as_dialled
from hotline.integrations.errors import NotDialled, UnknownAgent
from hotline.web.language import chosen
from hotline.web.one_thread import OneThread
from hotline.web.templates import page

router = APIRouter(include_in_schema=False, route_class=OneThread)

Word = Annotated[str, Form(max_length=200)]

IN_VAIN = text("""
    SELECT called, in_vain, count(*) AS calls, max(heard_at) AS last FROM cti_call
    WHERE in_vain IS NOT NULL GROUP BY called, in_vain ORDER BY last DESC LIMIT 50
""")


@router.get("/integrations")
def read_numbers(request: Request, person: Visitor, db: Db) -> HTMLResponse:
    """Every number and telephone, and the calls of which nothing came."""
    may_see_the_pool(person)
    return _shown(request, db, "integrations/numbers.html")


@router.post("/integrations/numbers")
def create_number(
    request: Request,
    person: Visitor,
    db: Db,
    number: Word = "",
    municipality: Word = "",
    topic: Word = "",
    calls_back: Word = "",
) -> HTMLResponse:
    """Whoever dials this number is a citizen of this municipality, and rings about this topic, where one is said.

    With `calls_back` who hangs up before anybody answers is rung.
    """
    may_see_the_pool(person)
    dialled = _dialled(number)
    if db.get(Municipality, municipality) is None:
        raise UnknownMunicipality(code=municipality)
    if topic and db.get(Topic, topic) is None:
        raise UnknownTopic(topic)
    act(db)
    db.merge(CalledNumber(number=dialled, municipality=municipality, topic=topic or None, calls_back=bool(calls_back)))
    return _shown(request, db)


@router.post("/integrations/telephones")
def create_telephone(request: Request, person: Visitor, db: Db, number: Word = "", username: Word = "") -> HTMLResponse:
    """Whoever answers this telephone is this agent."""
    may_see_the_pool(person)
    dialled, agent = _dialled(number), usernames.bearer(db, username)
    if agent is None or agent.id is None or db.get(Agent, agent.id) is None:
        raise UnknownAgent
    act(db)
    db.merge(AnsweringNumber(number=dialled, agent_id=agent.id))
    return _shown(request, db)


@router.delete("/integrations/numbers/{number}")
def delete_number(request: Request, person: Visitor, db: Db, number: str) -> HTMLResponse:
    """Nobody's citizens dial it any more."""
    return _without(request, person, db, CalledNumber, number)


@router.delete("/integrations/telephones/{number}")
def delete_telephone(request: Request, person: Visitor, db: Db, number: str) -> HTMLResponse:
    """Nobody's telephone any more."""
    return _without(request, person, db, AnsweringNumber, number)


def _without(
    request: Request, person: Person, db: Session, table: type[CalledNumber] | type[AnsweringNumber], number: str
) -> HTMLResponse:
    may_see_the_pool(person)
    act(db)
    found = db.get(table, number)
    if found is None:
        raise NotFound
    db.delete(found)
    return _shown(request, db)


def _dialled(said: str) -> str:
    number = as_dialled(said)
    if not number:
        raise NotDialled
    return number


def _shown(request: Request, db: Session, template: str = "integrations/_numbers.html") -> HTMLResponse:
    db.flush()
    telephones = (
        select(AnsweringNumber.number, Person.username, Person.name)
        .join(Person, col(Person.id) == col(AnsweringNumber.agent_id))
        .order_by(AnsweringNumber.number)
    )
    return page(
        request,
        template,
        numbers=db.exec(select(CalledNumber).order_by(CalledNumber.number)).all(),
        telephones=db.exec(telephones).all(),
        in_vain=db.execute(IN_VAIN).all(),
        municipality_names=municipality_names(db),
        topic_names=topic_names(db, chosen(request)),
    )
