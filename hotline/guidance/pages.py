"""The editors' pages: what there is of each topic, what agents missed, and the next version of one guidance."""

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query, Request
from sqlmodel import Session, col, select
from starlette.responses import HTMLResponse, Response

from hotline.access.pages import Visitor
from hotline.clock import danish, now
from hotline.db import Db, act
from hotline.directory.models import WHOLE_POOL, Person
from hotline.directory.names import municipality_names, topic_names
from hotline.errors import NotFound
from hotline.guidance.models import GuidanceWish
from hotline.guidance.phrases import shown_phrases
from hotline.guidance.reading import guidance_for, latest, versions
from hotline.guidance.shown import shown
from hotline.guidance.whose import home_of
from hotline.guidance.writing import LONGEST, Written, done, known, write
from hotline.web.language import chosen
from hotline.web.one_thread import OneThread
from hotline.web.templates import page

router = APIRouter(include_in_schema=False, route_class=OneThread)

REVIEWED_FOR = timedelta(days=182)
WISHES, VERSIONS = 100, 20  # shown
Home = Annotated[str, Query(max_length=4)]
Words = Annotated[str, Form(max_length=4 * LONGEST)]


@router.get("/guidance")
def read_guidance(request: Request, person: Visitor, db: Db, municipality: Home = "") -> HTMLResponse:
    """What there is of each topic, in common and of one municipality, and what agents missed."""
    home = home_of(person, municipality)
    known(db, None, home)
    return _list(request, db, person, home)


@router.get("/guidance/{topic}")
def read_one_guidance(request: Request, topic: str, person: Visitor, db: Db, municipality: Home = "") -> HTMLResponse:
    """One guidance with its versions, to be written on."""
    home = home_of(person, municipality)
    known(db, topic, home)
    kept = versions(db, home, topic)
    common = guidance_for(db, None, topic) if home else None
    today = danish(now()).date()
    return page(
        request,
        "guidance/edit.html",
        topic=topic,
        topic_name=topic_names(db, chosen(request))[topic],
        home=home,
        home_name=municipality_names(db)[home] if home else None,
        versions=[(one, shown(one, today)) for one in kept[:VERSIONS]],
        last=kept[0] if kept else None,
        common=shown(common, today) if common else None,
        review_by=today + REVIEWED_FOR,
        longest=LONGEST,
    )


@router.post("/guidance/{topic}")
def create_version(
    topic: str,
    person: Visitor,
    db: Db,
    owner: Words,
    review_by: Annotated[date, Form()],
    after: Annotated[int, Form(ge=0, lt=2**31 - 1)],
    text: Words = "",
    hours: Words = "",
    for_citizens: Annotated[bool, Form()] = False,
    municipality: Home = "",
) -> Response:
    """Keep the next version, and go back to the list."""
    home = home_of(person, municipality)
    act(db)
    write(db, topic, home, Written(text, owner, review_by, hours, for_citizens), after)
    address = f"/guidance?municipality={home}" if home else "/guidance"
    return Response(status_code=204, headers={"HX-Redirect": address})


@router.delete("/guidance/wishes/{number}")
def delete_wish(
    request: Request, number: Annotated[int, Path(ge=1, lt=2**63)], person: Visitor, db: Db
) -> HTMLResponse:
    """It is dealt with."""
    home_of(person, "")
    act(db)
    if not done(db, number, person.municipality):
        raise NotFound
    return page(request, "guidance/_wishes.html", **_wishes(request, db, person))


def _list(request: Request, db: Session, person: Person, home: str | None) -> HTMLResponse:
    kept = latest(db, home)
    return page(
        request,
        "guidance/guidance.html",
        home=home,
        common={one.topic: one for one in kept if one.municipality is None and one.there},
        own={one.topic: one for one in kept if home and one.municipality == home and one.there},
        counts={one.topic: 0 for one in kept} | _counts(kept),
        today=danish(now()).date(),
        may_choose=person.role in WHOLE_POOL,
        **shown_phrases(db, home),
        **_wishes(request, db, person),
    )


def _counts(kept: list[Any]) -> dict[str, int]:
    """How many municipalities have guidance of their own, by topic."""
    own = [one.topic for one in kept if one.municipality is not None and one.there]
    return {topic: own.count(topic) for topic in own}


def _wishes(request: Request, db: Session, person: Person) -> dict[str, Any]:
    """What agents missed, the last first, as far as it is this person's to deal with."""
    wishes = select(GuidanceWish).order_by(col(GuidanceWish.id).desc()).limit(WISHES)
    if person.municipality is not None:
        wishes = wishes.where(GuidanceWish.municipality == person.municipality)
    names = {"topic_names": topic_names(db, chosen(request)), "municipality_names": municipality_names(db)}
    return {"wishes": db.exec(wishes).all()} | names
