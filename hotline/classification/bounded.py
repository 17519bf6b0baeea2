"""bounded(): work that takes longer than it may is stopped in its midst."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

AGAIN = 0.2  # seconds: what was stopped may have caught it, and go on


class TookTooLong(Exception):
    """It took longer than it may; the cause says where it was."""


class _Stop(BaseException):
    """Nothing that work would catch as an error of its own."""


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Raises TookTooLong where the block is not through by then. Only a process's main thread can be stopped.

    What stands in C without looking at signals is stopped when it comes back; Python's own loops and patterns look.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    armed = True

    def stop(*_: object) -> None:
        if armed:
            raise _Stop

    before = signal.signal(signal.SIGALRM, stop)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
        yield
        armed = False
    except _Stop as where:
        armed = False
        raise TookTooLong from where
    finally:
        armed = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
