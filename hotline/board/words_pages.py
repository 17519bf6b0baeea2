"""Words that point to a topic, as those who run the pool keep them; beside how well texts are read."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Request
from sqlmodel import Session
from starlette.responses import HTMLResponse

from hotline.access.guards import may_see_the_pool
from hotline.access.pages import Visitor
from hotline.classification.word_list import (
    LONGEST,
    MOST,
    WEIGHTS,
    add_word,
    listed,
    remove_word,
    topics_of_words,
)
from hotline.clock import now
from hotline.db import Db, acting
from hotline.directory.names import topic_names
from hotline.web.language import chosen
from hotline.web.one_thread import OneThread
from hotline.web.templates import page

router = APIRouter(include_in_schema=False, route_class=OneThread)


@router.post("/classification/words")
def create_word(
    request: Request,
    person: Visitor,
    db: Db,
    topic: Annotated[str, Form(max_length=60)],
    word: Annotated[str, Form(max_length=200)],
    weight: Annotated[float, Form()],
) -> HTMLResponse:
    """Another one. Raises BadWord, KnownWord."""
    may_see_the_pool(person)
    with acting(db):
        add_word(db, topic, word, weight)
    return page(request, "board/_words.html", **shown_words(request, db))


@router.delete("/classification/words/{number}")
def delete_word(
    request: Request, number: Annotated[int, Path(ge=1, lt=2**63)], person: Visitor, db: Db
) -> HTMLResponse:
    """It points nowhere any more. Raises NoSuchWord."""
    may_see_the_pool(person)
    with acting(db):
        remove_word(db, number, now())
    return page(request, "board/_words.html", **shown_words(request, db))


def shown_words(request: Request, session: Session) -> dict[str, Any]:
    """What the template needs."""
    names = topic_names(session, chosen(request))
    of_words = topics_of_words()
    return {
        "words": listed(session),
        "topic_names": names,
        "word_topics": {slug: name for slug, name in names.items() if slug in of_words},
        "weights": WEIGHTS,
        "longest_word": LONGEST,
        "most_words": MOST,
    }
