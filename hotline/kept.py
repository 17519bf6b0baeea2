"""What takes long to count, counted once for all who ask."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")

AT_LEAST = 1.0  # seconds that a value is told for
SHARE = 10  # and so many times as long as it took, so that counting never takes more of a process than a tenth


class Kept(Generic[Value]):
    """A value of this process that the first to ask makes anew when it is old; who asks meanwhile is told the old one.

    Only before there is any does everybody wait for the one who makes it.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._making = clock, threading.Lock()
        self._value: Value | None = None
        self._told_until = 0.0

    def get(self, make: Callable[[], Value]) -> Value:
        """The value, by `make` where it is old. What that raises, it raises, and keeps what there was."""
        value = self._value
        if value is not None and self._clock() < self._told_until:
            return value
        if not self._making.acquire(blocking=value is None):
            assert value is not None
            return value
        try:
            if self._value is None or self._clock() >= self._told_until:
                begun = self._clock()
                self._value = make()
                done = self._clock()
                self._told_until = done + max(AT_LEAST, SHARE * (done - begun))
            return self._value
        finally:
            self._making.release()
