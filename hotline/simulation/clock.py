"""The clock of a simulation: what happens next, and when."""

from collections.abc import Iterable, Iterator
from enum import IntEnum
from heapq import heapify, heappop, heappush
from typing import NamedTuple


class Kind(IntEnum):
    """What can happen, in the order in which one second has it."""

    SIGNS_IN = 0
    SIGNS_OFF = 1
    IS_FREE = 2
    COMES = 3
    WIDENS = 4
    MAY_BEGIN = 5
    GIVES_UP = 6


class Event(NamedTuple):
    """`number` tells apart what happens in one second, in the order it was planned in."""

    at: float
    kind: Kind
    number: int
    agent: int
    inquiry: str


class Clock:
    """Events in the order of their time. More may be planned while it runs, none before now."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._number = 0

    def plan(self, at: float, kind: Kind, agent: int = -1, inquiry: str = "") -> None:
        """This will happen then."""
        self._number += 1
        heappush(self._events, Event(at, kind, self._number, agent, inquiry))

    def plan_all(self, events: Iterable[tuple[float, Kind, int, str]]) -> None:
        """All of these will; cheaper than one by one."""
        for at, kind, agent, inquiry in events:
            self._number += 1
            self._events.append(Event(at, kind, self._number, agent, inquiry))
        heapify(self._events)

    def is_next(self, at: float, latest: Kind) -> bool:
        """Whether something more happens at this very second, of a kind no later than that."""
        return bool(self._events) and self._events[0].at == at and self._events[0].kind <= latest

    def __iter__(self) -> Iterator[Event]:
        while self._events:
            yield heappop(self._events)
