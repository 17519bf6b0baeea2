"""The live queue for those who run the pool."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from hotline.access.guards import may_see_the_pool
from hotline.access.pages import Visitor
from hotline.board.board import board
from hotline.clock import now
from hotline.db import Db
from hotline.directory.names import topic_names
from hotline.web.language import chosen
from hotline.web.one_thread import OneThread
from hotline.web.templates import page

router = APIRouter(include_in_schema=False, route_class=OneThread)


@router.get("/queue")
def read_queue(request: Request, person: Visitor, db: Db) -> HTMLResponse:
    """The whole page; it asks for the part below every two seconds."""
    may_see_the_pool(person)
    return page(request, "board/queue.html", board=board(db, now()), topic_names=topic_names(db, chosen(request)))


@router.get("/queue/now")
def read_queue_now(request: Request, person: Visitor, db: Db) -> HTMLResponse:
    """The figures and rows alone."""
    may_see_the_pool(person)
    return page(request, "board/_queue.html", board=board(db, now()), topic_names=topic_names(db, chosen(request)))
