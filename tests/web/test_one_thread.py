"""Routes that work in one thread and one transaction."""

import asyncio
import threading
from typing import Annotated

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from sqlmodel import select

from hotline.app import create_app
from hotline.db import Db, enter_accounts, session
from hotline.directory.models import Collaboration
from hotline.errors import NotFound
from hotline.web import problems
from hotline.web.one_thread import OneThread, needs
from tests.building import transaction

router = APIRouter(route_class=OneThread)


def found(db: Db) -> int:
    """A guard that writes something, and says in which thread."""
    enter_accounts(db)
    db.add(Collaboration(name="Invented"))
    return threading.get_ident()


Found = Annotated[int, needs(found)]


@router.get("/threads")
def read_threads(founder: Found) -> list[int]:
    return [founder, threading.get_ident()]


@router.get("/loop")
async def read_loop() -> int:
    return threading.get_ident()


@router.get("/nothing")
def read_nothing(founder: Found) -> None:
    raise NotFound


class Waiting(OneThread):
    """A route whose answer waits for something after all."""

    def answer(self, answer, request):
        async def waits(request):
            answered = await answer(request)
            await asyncio.sleep(0)
            return answered

        return super().answer(waits, request)


@pytest.fixture
def browser(database):
    app = FastAPI()
    app.include_router(router)
    problems.install(app)
    with TestClient(app) as client:
        yield client


def collaborations():
    with transaction() as db:
        return list(db.exec(select(Collaboration.name).where(Collaboration.name == "Invented")))


def test_guard_and_call_are_one_thread_beside_the_event_loop(browser):
    guarded, called = browser.get("/threads").json()
    assert guarded == called != browser.get("/loop").json()


def test_what_was_done_is_there_when_the_answer_is(browser):
    assert browser.get("/threads").status_code == 200
    assert collaborations() == ["Invented"]


def test_after_an_error_nothing_was_done(browser):
    assert browser.get("/nothing").status_code == 404
    assert collaborations() == []


def test_a_route_that_waits_all_the_same_is_an_error_and_does_nothing(database):
    app = FastAPI()
    app.router.routes.append(Waiting("/waits", read_threads, methods=["GET"]))
    problems.install(app)
    with TestClient(app) as client:
        assert client.get("/waits").status_code == 500
    assert collaborations() == []


def test_whatever_asks_the_database_works_in_one_thread():
    routes = [one.original_route for one in iter_route_contexts(create_app().routes)]
    asking = [route for route in routes if asks(getattr(route, "dependant", None))]
    assert len(asking) > 30
    assert [route.path for route in asking if not isinstance(route, OneThread) or route.waits] == []


def asks(dependant):
    return dependant is not None and (dependant.call is session or any(map(asks, dependant.dependencies)))
