"""Ready phrases: for an agent's keyboard, and as editors keep them."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query, Request
from pydantic import BaseModel
from sqlalchemy import or_
from sqlmodel import Session, col, delete, select
from starlette.responses import HTMLResponse

from hotline.access.guards import SignedInAgent
from hotline.access.pages import Visitor
from hotline.db import Db, act
from hotline.errors import NotFound
from hotline.guidance.errors import BadGuidance
from hotline.guidance.models import Phrase
from hotline.guidance.whose import home_of
from hotline.guidance.writing import known
from hotline.web.one_thread import OneThread
from hotline.web.templates import page

router = APIRouter(include_in_schema=False, route_class=OneThread)

LONGEST_NAME, LONGEST = 40, 1000
Words = Annotated[str, Form(max_length=4 * LONGEST)]


class PhraseAnswer(BaseModel):
    """One of them."""

    name: str
    text: str


def phrases(session: Session, home: str | None) -> list[Phrase]:
    """Those for everybody's citizens and for this municipality's own, by name."""
    theirs = or_(col(Phrase.municipality).is_(None), col(Phrase.municipality) == home)
    return list(session.exec(select(Phrase).where(theirs).order_by(col(Phrase.name), col(Phrase.id))).all())


def add_phrase(session: Session, home: str | None, name: str, words: str) -> None:
    """Keep it. Raises UnknownMunicipality, BadGuidance."""
    known(session, None, home)
    called, said = " ".join(name.split()), words.replace("\r\n", "\n").strip()
    if not called or not said or len(called) > LONGEST_NAME or len(said) > LONGEST or "\0" in called + said:
        raise BadGuidance(why="phrase", name=LONGEST_NAME, most=LONGEST)
    session.add(Phrase(municipality=home, name=called, text=said))
    session.flush()


@router.get("/desk/phrases")
def read_phrases(
    agent: SignedInAgent, db: Db, municipality: Annotated[str, Query(max_length=4)] = ""
) -> list[PhraseAnswer]:
    """What the citizens of this municipality may be told."""
    return [PhraseAnswer(name=one.name, text=one.text) for one in phrases(db, municipality or None)]


@router.post("/guidance/phrases")
def create_phrase(
    request: Request, person: Visitor, db: Db, name: Words, text: Words, municipality: str = ""
) -> HTMLResponse:
    """Another one."""
    home = home_of(person, municipality)
    act(db)
    add_phrase(db, home, name, text)
    return page(request, "guidance/_phrases.html", **shown_phrases(db, home))


@router.delete("/guidance/phrases/{number}")
def delete_phrase(
    request: Request, number: Annotated[int, Path(ge=1, lt=2**63)], person: Visitor, db: Db, municipality: str = ""
) -> HTMLResponse:
    """It is no longer to be said."""
    home = home_of(person, municipality)
    act(db)
    theirs = col(Phrase.id) == number, col(Phrase.municipality).is_not_distinct_from(home)
    if db.exec(delete(Phrase).where(*theirs)).rowcount != 1:
        raise NotFound
    return page(request, "guidance/_phrases.html", **shown_phrases(db, home))


def shown_phrases(session: Session, home: str | None) -> dict[str, Any]:
    """What the template needs: those of `home` alone, which its editors keep."""
    kept = [one for one in phrases(session, home) if one.municipality == home]
    return {"phrases": kept, "phrases_of": home, "longest_name": LONGEST_NAME, "longest_phrase": LONGEST}
