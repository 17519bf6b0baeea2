"""Whoever goes away in the middle leaves one line in the log at the most, and nothing else."""

import socket
import struct
import time
from urllib.parse import urlsplit

import pytest

from hotline.logs import begin
from tests.builders import PASSWORD, PATIENCE, Api, a_key, a_pool, an_agent, signed_in
from tests.conftest import serving

BODY = b'{"channel": "web", "municipality": "0860", "text": "Mit pas"}'
JSON, CHUNKED = "Content-Type: application/json", "Transfer-Encoding: chunked"
FORM, PARTS = "Content-Type: application/x-www-form-urlencoded", "Content-Type: multipart/form-data; boundary=b"


def request(method, path, *headers, body=b"", length=None):
    head = [f"{method} {path} HTTP/1.1", "Host: hotline", *headers]
    head += [f"Content-Length: {len(body) if length is None else length}"] if body or length else []
    return "\r\n".join([*head, "", ""]).encode() + body


# What is sent before the other side goes away. {key} and {agent} are ways in; a body is announced longer than it is.
WAYS = {
    "in a body": request("POST", "/api/v1/inquiries", "Authorization: Bearer {key}", JSON, body=BODY, length=5000),
    "in a body without a key": request("POST", "/api/v1/inquiries", JSON, body=BODY, length=5000),
    "in a body far too large": request("POST", "/api/v1/inquiries", JSON, body=BODY, length=9_000_000),
    "in a chunk": request("POST", "/api/v1/inquiries", "Authorization: Bearer {key}", JSON, CHUNKED) + b"ff\r\nhalf",
    "in the body of a call": request("PUT", "/api/v1/me/presence", "Authorization: Bearer {agent}", JSON, length=500),
    "in the body of a sign-in": request("POST", "/api/v1/sessions", JSON, body=b'{"user', length=500),
    "in a form": request("POST", "/sign-in", FORM, body=b"user", length=50),
    "in a form of many parts": request("POST", "/sign-in", PARTS, length=50),
    "before the answer": request("GET", "/api/v1/me", "Authorization: Bearer {agent}"),
    "before the answer of the intake": request(
        "POST", "/api/v1/inquiries", "Authorization: Bearer {key}", JSON, body=BODY
    ),
    "in a stream": request("GET", "/api/v1/me/events", "Authorization: Bearer {agent}"),
    "in a page that is not there": request("POST", "/nowhere", body=b"half", length=5000),
    "in a large file": request("GET", "/static/vendor/swagger-ui/swagger-ui-bundle.js"),
}


@pytest.mark.parametrize("abruptly", [False, True], ids=["closed", "reset"])
def test_a_request_that_is_broken_off_is_one_line_at_most(with_facts, capsys, abruptly):
    a_pool()
    key = a_key()
    username = an_agent()[1]
    begin("web")
    said = {}
    with serving() as url:
        agent = signed_in(url, username).token
        place = urlsplit(url)
        capsys.readouterr()
        for name, sent in WAYS.items():
            with socket.create_connection((place.hostname, place.port), timeout=PATIENCE) as line:
                line.sendall(sent.replace(b"{key}", key.encode()).replace(b"{agent}", agent.encode()))
                time.sleep(0.1)
                if abruptly:
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            assert Api(url).http.get(f"{url}/healthz").text == "ok"
            time.sleep(0.1)
            said[name] = "".join(capsys.readouterr()).splitlines()
        assert Api(url).post("/sessions", json={"username": username, "password": PASSWORD}).status_code == 201
    assert {name: lines for name, lines in said.items() if len(lines) > 1 or "Traceback" in str(lines)} == {}
