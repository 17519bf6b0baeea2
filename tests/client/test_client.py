"""The client: what it waits for, what it raises, and how it reads a stream."""

import asyncio
import json
import re
import socket
import threading
from contextlib import contextmanager
from textwrap import dedent

import pytest

from hotline import client as package
from hotline.client import AsyncClient, Away, Client, Event, Problem
from hotline.queue.run import route
from hotline.resources import ROOT
from tests.builders import HJORRING, PASSWORD, a_key, a_pool, a_waiting_inquiry, an_agent

GOOD = {"channel": "phone", "municipality": HJORRING, "citizen": {"phone": "+4520123456"}}
BUSY = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: %d\r\nContent-Length: 2\r\n\r\n{}"
MINE = b'HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{"load": 3.5}'


@contextmanager
def saying(*answers):
    """The address of a server that gives each connection the next of these answers, b"" for none, piece by piece."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            for answer in answers:
                line, _ = listening.accept()
                with line:
                    line.recv(65536)
                    for piece in answer if isinstance(answer, tuple) else (answer,):
                        line.sendall(piece)

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def ways(url, **more):
    """GET /me by either client."""
    yield lambda: Client(url, **more).me()

    async def later():
        async with AsyncClient(url, **more) as client:
            return await client.me()

    yield lambda: asyncio.run(later())


def test_a_call_that_dies_in_mid_answer_or_comes_too_often_is_tried_again():
    broken = MINE[:-4]
    with saying(*[b"", broken, BUSY % 0, MINE] * 2) as url:
        assert [way() for way in ways(url)] == [{"load": 3.5}] * 2


def test_who_should_come_later_than_patience_lasts_hears_so_at_once():
    with saying(*[BUSY % 900] * 2) as url:
        for way in ways(url):
            with pytest.raises(Problem) as refused:
                way()
            assert refused.value.status == 429


def test_a_hotline_that_stays_away_is_said_to_be():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    for way in ways(url, patience=0.3):
        with pytest.raises(Away, match="GET /me"):
            way()


def test_an_event_may_come_in_pieces_and_between_comments_and_hold_separators_of_lines():
    text = json.dumps({"text": "a\u2028b"}, ensure_ascii=False).encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
    pieces = (head, b": hello\n\nevent: off", b'er\nid: 4\ndata: {"id"', b": 7}\n", b"\ndata: " + text + b"\r\n\r\n")
    told = [Event("offer", {"id": 7}), Event("message", {"text": "a\u2028b"})]

    async def heard(url):
        async with AsyncClient(url) as client:
            return [event async for event in client.events()]

    with saying(pieces, pieces) as url:
        assert list(Client(url).events()) == told
        assert asyncio.run(heard(url)) == told


@pytest.mark.parametrize("told_in", ["docstring", "README"])
def test_the_example_hands_an_inquiry_in_and_says_what_becomes_of_it(web, capsys, told_in):
    a_pool()
    text = dedent(package.__doc__) if told_in == "docstring" else (ROOT / "README.md").read_text()
    example = dedent(re.search(r"^ *with Client\(.*?(?=\n\n|\n```)", text, re.M | re.S)[0])
    exec(example.replace("https://hotline.example.dk", web), {"key": a_key(), "Client": Client})
    assert capsys.readouterr().out == "received\n"


def test_an_inquiry_handed_in_again_under_its_key_is_the_same(web):
    a_pool()
    with Client(web, a_key()) as hotline:
        assert hotline.hand_in(GOOD, "a") == hotline.hand_in(GOOD, "a")
        with pytest.raises(Problem) as refused:
            hotline.hand_in(GOOD | {"municipality": "0000"})
        assert refused.value.status == 422 and refused.value.problem["title"]


def test_an_agent_works_by_its_methods_and_hears_of_it(web):
    a_pool()
    _, username = an_agent()
    inquiry = str(a_waiting_inquiry())
    with Client(web) as agent:
        agent.sign_in(username, PASSWORD)
        events = agent.events()
        heard = iter(events)
        assert next(heard).name == "presence"
        agent.be("available")
        route()
        offer = next(event.data for event in heard if event.name == "offer")
        agent.accept(offer["id"])
        with pytest.raises(Problem) as refused:
            agent.refuse(offer["id"])
        assert refused.value.kind == "offer-gone"
        agent.correct(inquiry, note="Vejledt.")
        agent.wrap_up(inquiry)
        agent.close(inquiry, "resolved")
        assert agent.me()["inquiries"] == []
        events.close()
        assert list(heard)[-1].name == "inquiry"


def test_without_a_sign_in_there_are_no_events(web):
    with pytest.raises(Problem) as refused:
        Client(web).events()
    assert refused.value.status == 401
