"""The examples of docs/integrators are run as they stand."""

import os
import re
import shlex

import httpx
import pytest
from sqlmodel import select

from hotline.classification.waiting import classify_waiting
from hotline.inquiries.models import Inquiry
from hotline.integrations.cti.models import CalledNumber
from hotline.resources import ROOT
from tests.builders import HJORRING, PATIENCE, a_key, a_pool, an_agent
from tests.building import transaction
from tests.callbacks.steps import Nothing

SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture
def run(web, monkeypatch):
    """Runs the examples of a page with a key of ours; the answers, in order."""
    a_pool()
    with transaction() as session:
        session.add(CalledNumber(number=f"115{HJORRING}", municipality=HJORRING))
    monkeypatch.setenv("URL", web)
    monkeypatch.setenv("KEY", a_key())

    def examples(page):
        for block in SHELL.findall((ROOT / "docs" / "integrators" / page).read_text()):
            for line in block.replace("\\\n", "").splitlines():
                yield curl(os.path.expandvars(line))
                classify_waiting(Nothing())

    return examples


def curl(line):
    """What curl does with these arguments."""
    words = iter(shlex.split(line)[1:])
    headers, data, url, method = {}, [], None, None
    for word in words:
        if word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name.lower()] = value
        elif word == "-d":
            data.append(next(words))
        elif word == "-X":
            method = next(words)
        elif word != "-s":
            url = word
    if data:
        headers.setdefault("content-type", "application/x-www-form-urlencoded")
    method = method or ("POST" if data else "GET")
    return httpx.request(method, url, headers=headers, content="&".join(data).encode(), timeout=PATIENCE)


def test_from_a_key_to_the_first_inquiry_in_the_queue(run):
    taken, waiting, wrong = run("README.md")
    assert (taken.status_code, waiting.status_code, wrong.status_code) == (201, 200, 422)
    assert [one["external_id"] for one in waiting.json()["items"]] == ["pbx-1"]
    assert wrong.json()["type"] == "/problems/unknown-municipality"


def test_a_text_message_is_an_inquiry(run):
    [taken] = run("sms.md")
    assert taken.status_code == 201
    with transaction() as session:
        [inquiry] = session.exec(select(Inquiry))
        assert (inquiry.channel, inquiry.external_id) == ("sms", "sms-4711")


def test_a_call_that_is_told_of_is_answered_and_wraps_up(run):
    agent, _ = an_agent(username="anna", connected=True, presence="available")
    assert [answer.json() for answer in run("cti.md")] == [{}] * 3
    with transaction() as session:
        [inquiry] = session.exec(select(Inquiry))
        assert (inquiry.state, inquiry.agent_id) == ("wrapping", agent)
