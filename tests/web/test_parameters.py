"""A query parameter that a call does not know is refused by every call of the API, and passed over by pages."""

import httpx

from hotline.app import create_app
from tests.access.test_every_route import EVERY_WAY, documented
from tests.builders import Api, a_key, a_pool

NAMES = {"{inquiry_id}": "019bb2c4-0000-7000-8000-000000000000", "{offer_id}": "1", "{code}": "0860", "{n}": "1"}
CALLS = sorted(way for way in documented(create_app()) if way.partition(" ")[2].startswith("/api/v1"))


def asked(web, way, **more):
    """The answer to this call with a parameter that there is not."""
    method, path = way.split(" ")
    for name, value in NAMES.items():
        path = path.replace(name, value)
    return httpx.request(method, f"{web}{path}", params={"unknown": "1"}, **more)


def test_there_are_calls():
    assert len(CALLS) >= 15 and set(CALLS) <= EVERY_WAY.keys()


def test_every_call_of_the_api_refuses_a_parameter_that_there_is_not(web):
    for way in CALLS:
        answer = asked(web, way)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid"), way
        assert "unknown" in str(answer.json()["errors"]), way


def test_a_slip_of_the_pen_in_a_filter_is_no_longer_list(web):
    a_pool()
    api = Api(web, a_key())
    assert api.get("/inquiries", params={"municipalty": "0860"}).status_code == 422
    assert api.get("/inquiries", params={"municipality": "0860", "limit": 5}).status_code == 200


def test_what_is_given_twice_is_refused_and_not_half_listened_to(web):
    a_pool()
    api = Api(web, a_key())
    for name, values in (("state", ["closed", "waiting"]), ("limit", [1, 1])):
        answer = api.get("/inquiries", params={name: values})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"#/{name}")


def test_pages_pass_over_what_others_add_to_their_links(web):
    for path in ("/sign-in", "/problems", "/docs", "/healthz"):
        assert httpx.get(web + path, params={"utm_source": "mail"}).status_code == 200, path
