"""The short way in answers as the long way does, whatever is sent."""

import json
from uuid import uuid4

import httpx
import pytest

from hotline.settings import settings
from tests.builders import SKANDERBORG, a_key, a_pool, a_ready_agent, an_agent
from tests.intake.test_sending_again import CALL, GOOD, stored

BY_CHANCE = {"id", "reference", "received_at", "links"}
JSON = {"Content-Type": "application/json"}
WAYS = {
    "taken in": (GOOD, {}, 201),
    "with a CPR number": (GOOD | {"text": "cpr 010165-1237", "attributes": {"nr": [1, "010165-1237"]}}, {}, 201),
    "a call": (CALL, {}, 201),
    "sent again": (GOOD, {"Idempotency-Key": "known"}, 201),
    "other body": (GOOD | {"text": "andet"}, {"Idempotency-Key": "known"}, 422),
    "external id again": (GOOD | {"external_id": "known"}, {}, 409),
    "no key": (GOOD, {"Authorization": ""}, 401),
    "wrong key": (GOOD, {"Authorization": "Bearer hk_no"}, 401),
    "no scheme": (GOOD, {"Authorization": "hk_no"}, 401),
    "form": (GOOD, {"Content-Type": "application/x-www-form-urlencoded"}, 415),
    "packed": (GOOD, {"Content-Encoding": "gzip"}, 415),
    "as it is": (GOOD, {"Content-Encoding": "identity"}, 201),
    "no JSON": (b"{", {}, 400),
    "nothing": (b"", {}, 400),
    "no inquiry": ({"channel": "pigeon", "010165-1237": 1}, {}, 422),
    "NUL": (b'{"text": "\\u0000"}', {}, 422),
    "half a pair": (b'{"channel": "web", "municipality": "0860", "text": "\\ud800"}', {}, 400),
    "no member": (GOOD | {"municipality": "9999"}, {}, 422),
    "empty idempotency key": (GOOD, {"Idempotency-Key": '""'}, 400),
    "too large": (b" " * (settings().max_body_bytes + 1), {}, 413),
    "as large as may be": (json.dumps(GOOD).encode().ljust(settings().max_body_bytes), {}, 201),
    "another's municipality": (GOOD, {"Authorization": "bound"}, 403),
}


@pytest.fixture
def keys(web):
    a_pool()
    key, bound = a_key(), a_key(municipalities=(SKANDERBORG,))
    for headers, body in (({"Idempotency-Key": "known"}, GOOD), ({}, GOOD | {"external_id": "known"})):
        assert said(web, key, body, headers).status_code == 201
    return {"key": key, "bound": bound}


def test_a_call_that_nobody_on_duty_could_take_is_offered_to_be_rung_back_as_it_comes(keys, web):
    a_ready_agent(topics=("passport",), municipality=SKANDERBORG)
    a_ready_agent(topics=("mitid",), municipality="0727")  # of another collaboration
    an_agent(topics=("doctor",), municipality=SKANDERBORG)  # not there
    ways = {(topic, channel): said(web, keys["key"], CALL | {"topic": topic, "channel": channel}, {})
            for topic in ("passport", "mitid", "doctor", None) for channel in ("phone", "chat", "web")}  # fmt: skip
    offered = {way for way, answer in ways.items() if answer.json()["callback"]}
    assert offered == {(topic, channel) for topic in ("mitid", "doctor") for channel in ("phone", "chat")}


def said(web, key, body, headers, *, long_way=False, **more):
    """The answer; what is sent in pieces of a length that nobody tells takes the long way."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {key}"} | JSON | headers
    return httpx.post(
        f"{web}/api/v1/inquiries", content=iter([content]) if long_way else content, headers=headers, timeout=60, **more
    )


def alike(answer):
    """What must be the same of two inquiries: not their names and moments."""
    headers = {name: value for name, value in answer.headers.items() if name not in ("date", "location")}
    body = answer.json()
    told = {name: value for name, value in body.items() if name not in BY_CHANCE} if answer.is_success else body
    return answer.status_code, headers, list(body), told


@pytest.mark.parametrize("way", WAYS)
def test_every_answer_is_that_of_the_long_way(web, keys, way):
    body, headers, status = WAYS[way]
    if headers.get("Authorization") == "bound":
        headers = {"Authorization": f"Bearer {keys['bound']}"}
    short, long = (said(web, keys["key"], body, headers, long_way=one) for one in (False, True))
    assert short.status_code == status, short.text
    assert alike(short) == alike(long)
    if status == 201:
        assert short.headers["location"] == short.json()["links"]["self"]
    if "known" in headers.values():
        assert short.content == long.content


@pytest.mark.parametrize(
    ("method", "query", "status"),
    [("POST", "?limit=1", 422), ("HEAD", "", 200), ("PUT", "", 405), ("GET", "", 200), ("POST", "?", 201)],
)
def test_other_requests_to_the_address_are_as_ever(web, keys, method, query, status):
    headers = {"Authorization": f"Bearer {keys['key']}"}
    body = {"json": GOOD} if method in ("POST", "PUT") else {}
    answer = httpx.request(method, f"{web}/api/v1/inquiries{query}", headers=headers, timeout=60, **body)
    assert answer.status_code == status
    if status == 405:
        assert {"GET", "POST"} <= set(answer.headers["allow"].split(", "))


def test_a_request_that_is_wrong_is_counted_and_stored_once_at_the_most(web, keys):
    before = stored()
    name = str(uuid4())
    for _ in range(2):
        said(web, keys["key"], GOOD | {"external_id": name}, {})
    assert stored() == before + 1
