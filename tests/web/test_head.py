"""Whatever can be read can be asked for by its head alone; nothing else happens by it."""

import httpx
import pytest

from tests.builders import PATIENCE, Api, a_key, a_pool


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/docs", "/problems", "/sign-in", "/nothing"])
def test_the_head_of_a_page_is_the_one_it_comes_with(web, path):
    page, head = (httpx.request(method, web + path, timeout=PATIENCE) for method in ("GET", "HEAD"))
    assert (head.status_code, head.content) == (page.status_code, b"")
    assert head.headers.keys() == page.headers.keys()
    assert head.headers["content-type"] == page.headers["content-type"]


def test_the_head_of_a_call_asks_for_the_key_as_the_call_does(web):
    a_pool()
    assert httpx.head(f"{web}/api/v1/inquiries", timeout=PATIENCE).status_code == 401
    assert Api(web, a_key()).request("HEAD", "/inquiries", params={"limit": 1}).status_code == 200


def test_a_connection_is_kept_after_a_head(web):
    with httpx.Client(base_url=web, timeout=PATIENCE) as client:
        assert [client.head("/healthz").content, client.get("/healthz").content] == [b"", b"ok"]


def test_a_stream_has_no_head_and_what_changes_something_has_none(web):
    for path in ("/api/v1/me/events", "/api/v1/sessions"):
        assert httpx.head(web + path, timeout=PATIENCE).status_code == 405, path


def test_where_a_method_is_refused_head_is_named_beside_get(web):
    named = {
        "/api/v1/topics": {"GET", "HEAD"},
        "/healthz": {"GET", "HEAD"},
        "/api/v1/me/events": {"GET"},
        "/api/v1/sessions": {"POST"},
    }
    for path, methods in named.items():
        refused = httpx.put(web + path, timeout=PATIENCE)
        assert (refused.status_code, {*refused.headers["allow"].split(", ")}) == (405, methods), path
