"""What we do wrong is a 500 with an id that the log has; 503 is for what passes. Neither quotes anybody."""

import errno
import json
import logging
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import asyncpg
import httpx
import psycopg
import pytest
import redis
import sqlalchemy.exc
from fastapi import FastAPI
from sqlalchemy import text
from starlette.responses import StreamingResponse
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from hotline import db as hotline_db
from hotline.faults import passes
from hotline.logs import begin
from hotline.web.error_pages import as_page
from hotline.web.problems import install
from tests.builders import HJORRING, PATIENCE, Api, Events, a_key, a_pool, an_agent, signed_in
from tests.building import owner
from tests.cli.commands import as_if_alone
from tests.conftest import forget, serving
from tests.waiting import until

SECRET = "Karla Opdigtet 010165-1237"
GOOD = {"channel": "web", "municipality": HJORRING, "text": SECRET}
PAGE = {"Accept": "text/html"}


@contextmanager
def broken(breaking, mending):
    """For the length of the block the database is not as the code expects it."""
    with owner().begin() as connection:
        connection.execute(text(breaking))
    try:
        yield
    finally:
        with owner().begin() as connection:
            connection.execute(text(mending))


def refusing(table):
    rule = f"ALTER TABLE {table} ADD CONSTRAINT never CHECK (false) NOT VALID"
    return rule, f"ALTER TABLE {table} DROP CONSTRAINT never"


NO_SKILLS = ("ALTER TABLE agent_skill RENAME TO gone", "ALTER TABLE gone RENAME TO agent_skill")
NO_SESSIONS = ("ALTER TABLE sign_in_session RENAME TO gone", "ALTER TABLE gone RENAME TO sign_in_session")
NO_KEYS = ("ALTER TABLE api_key RENAME TO gone", "ALTER TABLE gone RENAME TO api_key")


def the_fault(logs, answer):
    """The line of the log that this answer names by its id; checks what both say and do not say."""
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    document = answer.json()
    assert document.keys() == {"type", "title", "status", "id"} and document["type"] == "/problems/internal-error"
    [line] = [one for one in logs if one["event"] == "fault" and one["id"] == document["id"]]
    said = json.dumps(logs, default=str)
    assert not any(word in said + answer.text for word in ("Karla", "010165"))
    assert "never" not in answer.text and "gone" not in answer.text
    return line


def test_a_rule_of_the_database_that_we_break_is_our_fault_and_its_name_is_for_the_log(web):
    a_pool()
    agent, key = signed_in(web, an_agent()[1]), Api(web, a_key())
    with capture_logs() as logs:
        with broken(*refusing("presence_change")):
            line = the_fault(logs, agent.put("/me/presence", json={"state": "available"}))
        assert (line["error"], line["sqlstate"], line["constraint"]) == ("CheckViolation", "23514", "never")
        assert "hotline/agents/presence.py" in line["trace"] or "hotline/console/me.py" in line["trace"]
        with broken(*refusing("inquiry")):
            line = the_fault(logs, key.post("/inquiries", json=GOOD))
        assert (line["sqlstate"], line["constraint"]) == ("23514", "never")
        assert "hotline/intake/committer.py" in line["trace"]
    assert key.post("/inquiries", json=GOOD).status_code == 201
    assert agent.put("/me/presence", json={"state": "available"}).status_code == 200


def test_a_table_that_is_not_there_is_our_fault_in_calls_intake_and_streams(web):
    a_pool()
    agent, key = signed_in(web, an_agent()[1]), Api(web, a_key())
    with capture_logs() as logs, broken(*NO_SKILLS):
        assert the_fault(logs, agent.get("/me"))["sqlstate"] == "42P01"
    with capture_logs() as logs, broken(*NO_KEYS):
        assert the_fault(logs, key.post("/inquiries", json=GOOD))["sqlstate"] == "42P01"
    with capture_logs() as logs, broken(*NO_SESSIONS):
        assert the_fault(logs, agent.get("/me/events"))["sqlstate"] == "42P01"


def test_a_fault_in_an_open_stream_is_in_the_log_and_the_stream_tells_what_comes_after_it(web):
    a_pool()
    agent = signed_in(web, an_agent()[1])
    events = Events(agent)
    events.wait_for("presence")
    with capture_logs() as logs:
        with broken(*NO_SKILLS):
            agent.put("/me/presence", json={"state": "available"})
            until(lambda: any(one["event"] == "fault" for one in logs), "the fault is in the log")
        [line, *_] = [one for one in logs if one["event"] == "fault"]
        assert line["sqlstate"] == "42P01" and "hotline/console/hub.py" in line["trace"]
        events.wait_for("presence", lambda data: data["state"] == "available")
    events.close()


def test_who_asks_while_all_connections_are_in_use_is_told_to_come_again_in_a_moment(with_facts, monkeypatch):
    monkeypatch.setenv("HOTLINE_POOL_SIZE", "1")
    a_pool()
    username, keys = an_agent()[1], [a_key(), a_key()]
    forget()
    with serving() as url, ThreadPoolExecutor(4) as pool, owner().connect() as other:
        agent = signed_in(url, username)
        with hotline_db.engine().connect() as one, hotline_db.engine().connect() as two:
            one.execute(text("SELECT 1"))
            two.execute(text("SELECT 1"))
            other.execute(text("LOCK TABLE inquiry"))  # the first to be stored holds the intake's only connection
            asked = [pool.submit(Api(url, key).post, "/inquiries", json=GOOD) for key in keys]
            asked += [pool.submit(agent.get, "/me"), pool.submit(agent.get, "/me/events")]
            answers = [one.result() for one in asked]
            page = httpx.get(
                f"{url}/account", headers=PAGE | {"Authorization": f"Bearer {agent.token}"}, timeout=PATIENCE
            )
            other.rollback()
        assert [(one.status_code, one.json()["type"]) for one in answers] == [(503, "/problems/not-ready")] * 4
        assert [one.headers["retry-after"] for one in (*answers, page)] == ["1"] * 5
        assert (page.status_code, page.headers["content-type"][:9]) == (503, "text/html")
        assert Api(url, keys[0]).post("/inquiries", json=GOOD).status_code == 201
        assert agent.get("/me").status_code == 200


@pytest.fixture
def app():
    """A small application with the same guard, and errors of every kind in it."""
    app = FastAPI()
    install(app, page=as_page)

    @app.get("/raise/{name}")
    def fail(name: str):
        raise KINDS[name]

    @app.get("/stream")
    def stream():
        async def pieces():
            yield "one"
            raise KeyError(SECRET)

        return StreamingResponse(pieces(), media_type="text/plain")

    with TestClient(app) as client:
        yield client


def driver(kind, sqlstate=None):
    error = kind(SECRET)
    error.sqlstate = sqlstate
    return sqlalchemy.exc.DBAPIError.instance("SELECT", {}, error, psycopg.Error)


KINDS = {
    "ours: a name that is not there": KeyError(SECRET),
    "ours: a file": FileNotFoundError(errno.ENOENT, SECRET, "/somewhere"),
    "ours: a type": TypeError(SECRET),
    "ours: a uniqueness": driver(psycopg.errors.UniqueViolation, "23505"),
    "ours: a statement": driver(psycopg.errors.SyntaxError, "42601"),
    "ours: a right": driver(psycopg.errors.InsufficientPrivilege, "42501"),
    "ours: a division": driver(psycopg.errors.DivisionByZero, "22012"),
    "ours: a transaction that failed before": driver(psycopg.errors.InFailedSqlTransaction, "25P02"),
    "ours: a column, asyncpg": asyncpg.UndefinedColumnError(SECRET),
    "ours: arguments, asyncpg": asyncpg.InterfaceError(f"the server expects 1 argument, {SECRET}"),
    "passes: the pool": sqlalchemy.exc.TimeoutError(SECRET),
    "passes: a connection": driver(psycopg.OperationalError),
    "passes: a connection, closed": driver(psycopg.InterfaceError),
    "passes: a lock": driver(psycopg.errors.LockNotAvailable, "55P03"),
    "passes: a deadlock": driver(psycopg.errors.DeadlockDetected, "40P01"),
    "passes: two in each other's way": driver(psycopg.errors.SerializationFailure, "40001"),
    "passes: a statement too long": driver(psycopg.errors.QueryCanceled, "57014"),
    "passes: a restart": driver(psycopg.errors.AdminShutdown, "57P01"),
    "passes: a start": driver(psycopg.errors.CannotConnectNow, "57P03"),
    "passes: too many connections": driver(psycopg.errors.TooManyConnections, "53300"),
    "passes: a standby": driver(psycopg.errors.ReadOnlySqlTransaction, "25006"),
    "passes: idle too long": driver(psycopg.errors.IdleInTransactionSessionTimeout, "25P03"),
    "passes: a lock, asyncpg": asyncpg.LockNotAvailableError(SECRET),
    "passes: a connection, asyncpg": asyncpg.ConnectionDoesNotExistError(SECRET),
    "passes: torn, asyncpg": asyncpg.InternalClientError(SECRET),
    "passes: a pool that closes": asyncpg.InterfaceError("pool is closing"),
    "passes: a refusal": ConnectionRefusedError(errno.ECONNREFUSED, SECRET),
    "passes: no route": OSError(errno.EHOSTUNREACH, SECRET),
    "passes: several hosts": OSError(f"Multiple exceptions: {SECRET}"),
    "passes: a time-out": TimeoutError(),
    "passes: a name of a host": socket.gaierror(socket.EAI_AGAIN, SECRET),
    "passes: Redis": redis.ConnectionError(SECRET),
    "sender: too long": driver(psycopg.errors.StringDataRightTruncation, "22001"),
    "sender: too large": driver(psycopg.errors.NumericValueOutOfRange, "22003"),
    "sender: a character": driver(psycopg.DataError),
}
ANSWERS = {"ours": (500, "internal-error"), "passes": (503, "not-ready"), "sender": (422, "invalid")}


@pytest.mark.parametrize("name", KINDS)
def test_each_error_is_told_as_what_it_is_and_quotes_nobody(app, name):
    with capture_logs() as logs:
        answer = app.get(f"/raise/{name}")
    status, slug = ANSWERS[name.partition(":")[0]]
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}")
    assert passes(KINDS[name]) is (status == 503)
    if status == 500:
        assert "web/test_faults.py" in the_fault(logs, answer)["trace"]
    assert "Karla" not in f"{logs}{answer.text}{answer.headers}"


def test_people_are_shown_a_page_with_the_number_of_the_fault_and_htmx_a_notice(app):
    with capture_logs() as logs:
        page = app.get("/raise/ours: a type", headers=PAGE)
        notice = app.get("/raise/ours: a type", headers={"HX-Request": "true"})
    assert [page.status_code, notice.status_code] == [500, 500]
    for shown, line in zip((page, notice), logs, strict=True):
        assert line["id"] in shown.text and "Karla" not in shown.text
    assert notice.headers["HX-Retarget"] == "#notices" and "<html" in page.text


def test_an_answer_that_fails_in_the_middle_is_cut_off_and_in_the_log(app):
    with capture_logs() as logs:
        answer = app.get("/stream")
    assert answer.text == "one"
    assert [one["error"] for one in logs if one["event"] == "fault"] == ["KeyError"] and "Karla" not in str(logs)


@pytest.mark.parametrize(
    ("error", "level", "kind"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, SECRET), "warning", "ConnectionRefusedError"),
        (ValueError(SECRET), "error", "ValueError"),
        (None, "warning", None),
    ],
)
def test_what_a_library_says_by_itself_is_one_line_without_its_words(monkeypatch, error, level, kind):
    monkeypatch.setattr(logging, "lastResort", None)
    with as_if_alone():
        begin("web")
        with capture_logs() as lines:
            said = {"name": "asyncpg.pool", "levelno": logging.WARNING, "msg": f"It failed; {SECRET}\nKarla"}
            logging.lastResort.handle(logging.makeLogRecord(said | {"exc_info": error and (type(error), error, None)}))
    [line] = lines
    assert (line["event"], line["module"], line["log_level"], line.get("error")) == (
        "It failed",
        "asyncpg.pool",
        level,
        kind,
    )
    assert "Karla" not in str(line)
