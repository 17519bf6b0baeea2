"""The one way to wait in a test: ask again until it is so, and say what never came."""

import time
from collections.abc import Callable
from typing import Any

ASKS_EVERY = 0.02  # seconds
LONG = 60.0  # seconds after which it will not come any more, on a machine that is busy with other tests


def until(condition: Callable[[], Any], what: str, seconds: float = LONG) -> Any:
    """What `condition` gives once that is true of it; fails with `what` where it has not come within `seconds`."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"{what}: not within {seconds:.0f} s"
        time.sleep(ASKS_EVERY)
    return found
