"""Beside the lanes: mail is fetched and sent from a thread of its own, which waits for no lane and holds none up."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from hotline.faults import tell
from hotline.integrations.mail.postman import Postman


@contextmanager
def beside(goes_on: Callable[[], bool]) -> Iterator[None]:
    """Fetch and send for as long as the block runs; what is under way then is done again by another worker."""
    over = Event()
    thread = Thread(target=_work, args=(lambda: goes_on() and not over.is_set(),), name="mail", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()


def _work(goes_on: Callable[[], bool]) -> None:
    try:
        asyncio.run(Postman().run(goes_on))
    except Exception as error:  # the worker goes on with its lanes, and its log says why there is no mail
        tell(error, __name__, "mail stopped")
