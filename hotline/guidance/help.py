"""The help to an answer beside an open inquiry: the guidance of its topic, a search, and what is missing in it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import StringConstraints
from sqlmodel import Session
from starlette.responses import HTMLResponse

from hotline.access.guards import ActingAgent, SignedInAgent
from hotline.clock import danish, now
from hotline.db import Db
from hotline.directory.names import municipality_names, topic_names
from hotline.guidance.reading import guidance_for, search
from hotline.guidance.shown import COUNTER, shown
from hotline.guidance.writing import known, wish
from hotline.intake.requests import Code, Slug
from hotline.offers.requests import Request as Body
from hotline.web.language import chosen
from hotline.web.one_thread import OneThread
from hotline.web.templates import page

router = APIRouter(include_in_schema=False, route_class=OneThread)

Asked = Annotated[str, Query(max_length=40)]


class WishRequest(Body):
    """What is missing, in a line, about which topic and for whose citizens."""

    topic: Slug
    municipality: Code
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00]*$")]


@router.get("/desk/guidance")
def read_help(
    request: Request,
    agent: SignedInAgent,
    db: Db,
    topic: Asked,
    municipality: Asked,
    q: Annotated[str, Query(max_length=200)] = "",
) -> HTMLResponse:
    """What holds of this topic for this municipality's citizens, or, with `q`, all that has these words."""
    known(db, topic, municipality)
    return page(request, "guidance/_found.html", **_found(db, chosen(request), topic, municipality, q))


@router.post("/desk/guidance/wishes", status_code=201)
def create_wish(request: Request, body: WishRequest, agent: ActingAgent, db: Db) -> HTMLResponse:
    """Tell the editors."""
    wish(db, body.topic, body.municipality, body.text)
    return page(request, "guidance/_thanks.html", 201)


def _found(session: Session, language: str, topic: str, municipality: str, words: str) -> dict[str, Any]:
    said = words.strip()
    found = search(session, said, municipality) if said else [guidance_for(session, municipality, topic)]
    today, counter = danish(now()).date(), guidance_for(session, municipality, COUNTER)
    return {
        "found": [shown(one, today, counter) for one in found if one is not None],
        "words": said,
        "topic_names": topic_names(session, language),
        "municipality_name": municipality_names(session)[municipality],
    }
