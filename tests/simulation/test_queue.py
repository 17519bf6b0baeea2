"""What waits in a simulation is counted as it comes and goes."""

from hotline.routing.model import CROWDED
from hotline.simulation.queue import Queue
from tests.routing.snapshots import an_inquiry

PASSPORT = "passport", "da"


def test_calls_are_counted_while_they_wait_and_beyond_a_crowd_no_further():
    queue = Queue()
    for number in range(CROWDED + 1):
        queue.enter(an_inquiry(f"call {number}", channel="phone"))
    queue.enter(an_inquiry("form"))
    queue.enter(an_inquiry("another", channel="phone", topic="mitid"))
    assert queue.calls(PASSPORT) == CROWDED
    for number in range(2, CROWDED + 1):
        queue.leave(f"call {number}")
    queue.leave("form")
    assert queue.calls(PASSPORT) == 2
