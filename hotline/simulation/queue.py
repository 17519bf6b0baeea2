"""What waits in a simulation, by class: of each no more is looked at than the live hotline reads of it."""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterator

from hotline.routing.fronts import Class, class_of
from hotline.routing.model import CROWDED, Ability, Inquiry


class Queue:
    """What waits, each class in the order in which it is due."""

    def __init__(self) -> None:
        self._waiting: dict[str, Inquiry] = {}
        self._classes: dict[Class, list[tuple[float, str]]] = {}
        self._calls: Counter[Ability] = Counter()

    def __contains__(self, inquiry: str) -> bool:
        return inquiry in self._waiting

    def __getitem__(self, inquiry: str) -> Inquiry:
        return self._waiting[inquiry]

    def __iter__(self) -> Iterator[Inquiry]:
        return iter(self._waiting.values())

    def enter(self, inquiry: Inquiry) -> None:
        """It waits from now on, in its place by when it is due."""
        self._waiting[inquiry.id] = inquiry
        self._calls[inquiry.topic, inquiry.language] += inquiry.is_call
        insort(self._classes.setdefault(class_of(inquiry), []), (inquiry.deadline, inquiry.id))

    def change(self, inquiry: Inquiry) -> None:
        """What is known of one that waits is different now."""
        self.leave(inquiry.id)
        self.enter(inquiry)

    def leave(self, inquiry: str) -> Inquiry:
        """It waits no longer."""
        left = self._waiting.pop(inquiry)
        self._calls[left.topic, left.language] -= left.is_call
        line = self._classes[class_of(left)]
        del line[bisect_left(line, (left.deadline, left.id))]
        if not line:
            del self._classes[class_of(left)]
        return left

    def calls(self, ability: Ability) -> int:
        """How many calls wait with this topic and language, beyond CROWDED no more."""
        return min(CROWDED, self._calls[ability])

    def fronts(self, room: Callable[[Ability], int]) -> list[Inquiry]:
        """Of each class those due first, as many as there is `room` for with its topic and language."""
        waiting = self._waiting
        return [
            waiting[id] for kind, line in self._classes.items() if (some := room(kind[:2])) for _, id in line[:some]
        ]
