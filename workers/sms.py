"""Beside the lanes: agents' answers go to SMS gateways from a thread of its own, which waits for no lane."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from hotline.faults import tell
from hotline.integrations.sms.sender import Sender
from hotline.integrations.transport import Transport


@contextmanager
def beside(goes_on: Callable[[], bool]) -> Iterator[None]:
    """Send for as long as the block runs; what is under way then is handed on again by another worker."""
    over = Event()
    thread = Thread(target=_send, args=(lambda: goes_on() and not over.is_set(),), name="sms", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()


def _send(goes_on: Callable[[], bool]) -> None:
    try:
        asyncio.run(Sender(Transport()).run(goes_on))
    except Exception as error:  # the worker goes on with its lanes, and its log says why nothing is sent
        tell(error, __name__, "SMS stopped")
