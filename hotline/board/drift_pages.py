"""How well texts are read, for those who run the pool, who may make a topic of what is new."""

import re
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from sqlmodel import Session
from starlette.responses import HTMLResponse

from hotline.access.guards import may_see_the_pool
from hotline.access.pages import Visitor
from hotline.board.drift import drift
from hotline.board.words_pages import shown_words
from hotline.clock import now
from hotline.db import Db, acting, being
from hotline.directory.names import topic_names
from hotline.directory.topics import open_topic
from hotline.live import wake_router_later
from hotline.tenant import at_accounts
from hotline.text import readable
from hotline.web.language import chosen
from hotline.web.one_thread import OneThread
from hotline.web.templates import page

router = APIRouter(include_in_schema=False, route_class=OneThread)

BETWEEN = re.compile(r"[^a-z0-9]+")
Word = Annotated[str, Form(max_length=100)]


@router.get("/classification")
def read_drift(request: Request, person: Visitor, db: Db) -> HTMLResponse:
    """The whole page."""
    may_see_the_pool(person)
    return _page(request, db, "board/drift.html", **shown_words(request, db))


@router.post("/classification/topics")
def create_topic(
    request: Request,
    person: Visitor,
    db: Db,
    name: Word,
    name_en: Word,
    like: Word,
    examples: Annotated[list[UUID], Form(min_length=1, max_length=20)],
) -> HTMLResponse:
    """A topic of its own for what is like these inquiries, from now on, answered by those who can another.

    Raises UnknownTopic, BadName, NoExample, KnownTopic.
    """
    from hotline.classification.teaching import show_examples

    may_see_the_pool(person)
    slug = BETWEEN.sub("-", readable(name_en).lower()).strip("-")
    with being(db, lambda asker: at_accounts(asker.user)):
        agents = open_topic(db, slug, name, name_en, like)
    with acting(db):
        show_examples(db, slug, examples, person.id, now())
    wake_router_later(db)
    return _page(request, db, "board/_drift.html", made=name, agents=agents)


def _page(request: Request, db: Session, template: str, **facts: Any) -> HTMLResponse:
    return page(
        request, template, **(facts | {"drift": drift(db, now()), "topic_names": topic_names(db, chosen(request))})
    )
