"""Who sends too much is told so, and not of a broken pipe."""

import asyncio
import socket
import time
from urllib.parse import urlsplit

import pytest
from fastapi import HTTPException

from hotline.web.body_limit import BodyLimit
from tests.builders import PATIENCE, a_key

PIECE, PIECES = b"x" * 100_000, 30


def heard(url, *headers, method="POST", path="/api/v1/inquiries"):
    """The status line of the answer to a client on a slow line that sends all of its body before it listens.

    It says that it wants one answer only, as Python's urllib does: the server then closes once it has answered.
    """
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port), timeout=PATIENCE) as line:
        head = [f"{method} {path} HTTP/1.1", f"Host: {place.netloc}", "Connection: close", *headers]
        line.sendall("\r\n".join([*head, f"Content-Length: {len(PIECE) * PIECES}", "", ""]).encode())
        for _ in range(PIECES):
            line.sendall(PIECE)
            time.sleep(0.005)
        return line.recv(100).split(b"\r\n")[0].decode()


@pytest.mark.parametrize("length, named", [("9" * 5000, 413), ("0" * 5000 + "2", 200), ("9" * 25, 413)])
def test_a_length_of_any_number_of_digits_is_read(length, named):
    """Of thousands of digits, as a proxy may pass on, Python makes no number."""

    async def reader(scope, receive, send):
        status = 200
        try:
            await receive()
        except HTTPException as error:
            status = error.status_code
        await send({"type": "http.response.start", "status": status, "headers": []})

    async def receive():
        return {"type": "http.request", "body": b"{}", "more_body": False}

    async def send(message):
        told.append(message["status"])

    told = []
    scope = {"type": "http", "headers": [(b"content-length", length.encode())]}
    asyncio.run(BodyLimit(reader, most=1000)(scope, receive, send))
    assert told == [named]


@pytest.mark.parametrize("named, asks", [("413", {}), ("405", {"method": "DELETE"}), ("404", {"path": "/nowhere"})])
def test_a_body_far_beyond_the_limit_is_answered_and_not_cut_off(web, named, asks):
    assert named in heard(web, f"Authorization: Bearer {a_key()}", "Content-Type: application/json", **asks)


def test_without_a_key_it_is_answered_too(web):
    assert "401" in heard(web)
