"""work(): what was asked is simulated a little at a time, so that a worker's other lanes wait for no more than that."""

import time
from collections.abc import Generator
from typing import Any

from sqlalchemy import Row, text

from hotline.clock import now
from hotline.db import transaction
from hotline.duties import is_no_rows_fault, said
from hotline.faults import tell
from hotline.policies import current_policy, named
from hotline.simulation.asked import beat, end, take
from hotline.simulation.recorded import Days, recorded
from hotline.simulation.report import Report, report
from hotline.tenant import at_work

SLICE = 0.1  # seconds
EVERY = 1.0  # seconds between two signs of life
LONGEST = 900.0  # seconds after which it is given up


class Work:
    """The simulation that this process is at, if any."""

    def __init__(self) -> None:
        self._taken: Row[Any] | None = None
        self._steps: Generator[float, None, Report] | None = None
        self._begun = self._told = self._share = 0.0

    def go_on(self) -> bool:
        """Begin the next one, or go on for a slice; whether more is left."""
        if self._taken is None:
            return self._begin()
        try:
            if self._steps is None:
                self._steps = self._read(self._taken)
            until = time.monotonic() + SLICE
            while time.monotonic() < until:
                self._share = next(self._steps)
        except StopIteration as done:
            return self._end(done.value, None)
        except Exception as error:
            if is_no_rows_fault(error):
                raise
            tell(error, __name__, "simulation failed", simulation=self._taken.id)
            return self._end(None, said(error))
        if time.monotonic() - self._begun > LONGEST:
            return self._end(None, "it took too long")
        if time.monotonic() - self._told > EVERY:
            self._told = time.monotonic()
            with transaction(at_work("simulate")) as session:
                if not beat(session, self._taken, self._share, now()):
                    self._taken = self._steps = None
        return True

    def _begin(self) -> bool:
        with transaction(at_work("simulate")) as session:
            self._taken = take(session, now())
        self._begun = self._told = time.monotonic()
        return self._taken is not None

    def _read(self, taken: Row[Any]) -> Generator[float, None, Report]:
        with transaction(at_work("simulate")) as session:
            session.execute(text("SET LOCAL statement_timeout = '60s'"))
            scenario = recorded(session, Days(taken.day, taken.days), current_policy(), now())
        return report(scenario, {name: named(name) for name in taken.policies})

    def _end(self, result: Report | None, error: str | None) -> bool:
        taken, self._taken, self._steps = self._taken, None, None
        assert taken is not None
        with transaction(at_work("simulate")) as session:
            end(session, taken, now(), result, error)
        return True
