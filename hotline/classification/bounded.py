"""bounded(): work that takes more of the processor than it may is stopped in its midst."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, thread_time

AGAIN = 0.2  # seconds from look to look: it may be waiting for its turn, or have caught what stopped it and go on
# So many times as long may it take by the clock: others want the processor, too. It must end before PostgreSQL gives up
# on the transaction around it (db.py).
BY_THE_CLOCK = 5


class TookTooLong(Exception):
    """It took longer than it may; the cause says where it was."""


class _Stop(BaseException):
    """Nothing that work would catch as an error of its own."""


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Raises TookTooLong where the block is not through by then. Only a process's main thread can be stopped.

    Seconds are those of the processor that this thread was given, or five times as many by the clock.
    What stands in C without looking at signals is stopped when it comes back; Python's own loops and patterns look.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    armed, begun, begun_at = True, thread_time(), monotonic()

    def stop(*_: object) -> None:
        spent = max(thread_time() - begun, (monotonic() - begun_at) / BY_THE_CLOCK)
        if armed and spent >= seconds:
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
