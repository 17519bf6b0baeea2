"""Many who sign in at once hold nobody else up: neither a connection nor a thread waits for passwords to be counted."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from hotline.access import passwords
from hotline.queue.run import route
from tests.access.test_account import browser
from tests.builders import PASSWORD, Api, a_person, a_pool, a_sign_in, an_agent
from tests.conftest import forget
from tests.offers.doing import a_journalled_inquiry, offer_of

MANY = 60  # more than there are threads for requests


@pytest.fixture
def small(monkeypatch, with_facts):
    """A web process with two connections at most."""
    monkeypatch.setenv("HOTLINE_POOL_SIZE", "1")
    forget()


@pytest.fixture
def counting():
    """Have both threads that count passwords at work until this is set."""
    done = Event()
    for _ in range(2):
        passwords.HASHING.submit(done.wait, 120)
    yield done
    done.set()


def test_offers_are_taken_while_sixty_sign_in_and_one_changes_a_password(small, web, counting):
    a_pool()
    agent_id, _ = an_agent(presence="available", connected=True)
    token = a_sign_in(agent_id)
    names = [a_person("viewer") for _ in range(3)]
    chooses = browser(web, a_sign_in(names[0]))
    inquiries = [a_journalled_inquiry() for _ in range(3)]
    assert route() == 3
    with ThreadPoolExecutor(MANY + 1) as beside:

        def signs_in(n):
            form = {"username": names[n % 3], "password": PASSWORD}
            if n % 2:
                return Api(web).post("/sessions", json=form).status_code
            return Api(web).http.post(f"{web}/sign-in", data=form).status_code

        coming = [beside.submit(signs_in, n) for n in range(MANY)]
        changed = beside.submit(chooses.post, "/account/password", data={"current": "another"})
        while passwords.HASHING._work_queue.qsize() < MANY + 1:
            assert not any(one.done() for one in [*coming, changed])
        agent = Api(web, token)
        for inquiry in inquiries:
            assert agent.post(f"/offers/{offer_of(inquiry).id}/acceptance").status_code == 200
        assert not any(one.done() for one in [*coming, changed])
        counting.set()
        assert {one.result() for one in coming} == {201, 303}
        assert changed.result().status_code == 422
