"""A router that stops in the middle of a pass: another one goes on, and the first harms nothing when it comes back."""

import signal
import subprocess
import sys
import time
from contextlib import contextmanager

from sqlalchemy import text

from hotline.queue.run import route
from tests.builders import a_ready_agent
from tests.building import owner
from tests.offers.doing import a_journalled_inquiry, offer_of, sound

IN_THE_MIDDLE = text("""
    SELECT count(*) FROM pg_locks had JOIN pg_locks wanted ON wanted.pid = had.pid
    WHERE had.locktype = 'advisory' AND had.granted AND NOT wanted.granted
""")


def test_another_router_goes_on_where_one_has_stopped_in_the_middle_of_a_pass(with_facts):
    agent = a_ready_agent()
    inquiry = a_journalled_inquiry()
    with a_router() as router:
        with owner().connect() as held:
            held.execute(text("SELECT 1 FROM agent_work WHERE agent_id = :agent FOR UPDATE"), {"agent": agent})
            with owner().connect() as looking:
                until(lambda: looking.execute(IN_THE_MIDDLE).scalar_one() == 1)
            router.send_signal(signal.SIGSTOP)
            held.rollback()
        assert route() == 1  # no longer than a lock is waited for
        assert offer_of(inquiry).agent_id == agent
        router.send_signal(signal.SIGCONT)
        following = a_journalled_inquiry()
        until(lambda: offer_of(following) is not None)
        assert router.poll() is None
    sound()


@contextmanager
def a_router():
    """A process of its own that routes."""
    process = subprocess.Popen([sys.executable, "-m", "hotline", "router"])
    try:
        yield process
    finally:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        process.wait(60)


def until(holds):
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)
