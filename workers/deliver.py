"""Beside the lanes: webhooks are sent from a thread of their own, which waits for no lane and holds none up."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from hotline.faults import tell
from hotline.integrations.transport import Transport
from hotline.integrations.webhooks.deliver import Deliverer


@contextmanager
def beside(goes_on: Callable[[], bool]) -> Iterator[None]:
    """Deliver for as long as the block runs; what is under way then is sent again by another worker."""
    over = Event()
    thread = Thread(target=_deliver, args=(lambda: goes_on() and not over.is_set(),), name="webhooks", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()


def _deliver(goes_on: Callable[[], bool]) -> None:
    try:
        asyncio.run(Deliverer(Transport()).run(goes_on))
    except Exception as error:  # the worker goes on with its lanes, and its log says why nothing is sent
        tell(error, __name__, "webhooks stopped")
