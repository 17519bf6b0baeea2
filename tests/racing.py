"""The one way to race in a test: begin everything at the same moment, and see what each came to."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from hotline.errors import HotlineError
from tests.waiting import LONG


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each of these came to, in their order: its value, or the name of the error with which it was refused."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        start.wait(LONG)
        try:
            return act()
        except HotlineError as error:
            return type(error).__name__

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
