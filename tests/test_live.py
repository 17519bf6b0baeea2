"""A Redis that hangs, or that somebody else writes to, delays nobody and has nothing carried out."""

import json
import os
import signal
import time
import zlib
from contextlib import contextmanager

import httpx
import redis

from hotline.db import transaction
from hotline.duties import LANES
from hotline.inquiries.models import Inquiry
from hotline.inquiries.states import State
from hotline.lanes import later
from hotline.live import LANE, WAKE, connection, is_silent, tell_agents_later, wait_for, wake, wake_router_later
from hotline.settings import settings
from hotline.tenant import at_work
from hotline.web.checks import failures
from tests.builders import PATIENCE, a_waiting_inquiry
from tests.offers.doing import look_at
from workers import work


def received():
    unknown = {"state": State.RECEIVED, "topic": None, "language": None, "speaks": None, "deadline": None}
    return a_waiting_inquiry(**unknown)


@contextmanager
def hung():
    """Valkey stands still for the length of the block."""
    pid = connection().info("server")["process_id"]
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def test_all_that_a_transaction_has_to_say_is_said_once_and_after_the_commit(with_facts):
    with transaction(at_work("test")) as session:
        wake_router_later(session)
        wake_router_later(session)
        later(session, "retain")
        tell_agents_later(session, [3, 1])
        assert connection().keys("hotline:*") == []
    assert [connection().llen(key) for key in (WAKE, LANE + "retain")] == [1, 1]


def test_nobody_asks_a_redis_that_hangs_again_and_again(with_facts):
    with hung():
        begun = time.monotonic()
        wake(WAKE)
        once = time.monotonic() - begun
        assert is_silent()
        begun = time.monotonic()
        for _ in range(20):
            wake(WAKE)
        assert time.monotonic() - begun < once, "twenty more took less than the first"
        assert wait_for([WAKE], 60.0) is None


def test_a_web_process_is_ready_while_redis_hangs(web):
    with hung():
        assert httpx.get(web + "/readyz", timeout=PATIENCE).status_code == 200
        assert failures()["redis"]


def test_a_worker_classifies_while_redis_hangs(with_facts, trained):
    inquiry = received()
    with hung():
        work.run(lambda: look_at(Inquiry, inquiry).state == State.RECEIVED)
        assert is_silent()


def test_what_somebody_else_writes_to_redis_is_never_carried_out(with_facts, trained, tmp_path):
    """An RQ job in every way that one is written, and lanes by the name of whatever might be imported."""
    proof = tmp_path / "proof"
    call = json.dumps(["os.system", None, [f"touch {proof}"], {}])
    job = {"data": zlib.compress(call.encode()), "origin": "classify", "success_callback_name": "os.system"}
    raw = redis.Redis.from_url(settings().redis_url)
    raw.hset("rq:job:forged", mapping=job)
    for lane in LANES:
        raw.lpush(f"rq:queue:{lane}", "forged")
        raw.lpush(LANE + lane, call, "forged", "os.system")
    raw.lpush(LANE + "os.system", call)
    raw.lpush(WAKE, call)
    inquiry = received()
    turns = iter(range(8))
    work.run(lambda: next(turns, None) is not None)
    assert look_at(Inquiry, inquiry).state == State.WAITING
    assert not proof.exists() and failures()["duties"] is None
