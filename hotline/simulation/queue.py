"""What waits in a simulation, by class: within one the oldest presses most, so its front speaks for all of it."""

from collections import Counter, deque
from collections.abc import Iterator

from hotline.routing.model import CROWDED, Ability, Inquiry

Class = tuple[str, str, float, bool]  # channel, municipality where that matters, seconds of its target, from outside


class Queue:
    """What waits. What has left is taken from the front of its class when somebody comes by."""

    def __init__(self) -> None:
        self._waiting: dict[str, Inquiry] = {}
        self._classes: dict[Ability, dict[Class, deque[str]]] = {}
        self._calls: Counter[Ability] = Counter()

    def __contains__(self, inquiry: str) -> bool:
        return inquiry in self._waiting

    def __getitem__(self, inquiry: str) -> Inquiry:
        return self._waiting[inquiry]

    def __iter__(self) -> Iterator[Inquiry]:
        return iter(self._waiting.values())

    def enter(self, inquiry: Inquiry) -> None:
        """It waits from now on, behind all of its class."""
        self._waiting[inquiry.id] = inquiry
        ability = inquiry.topic, inquiry.language
        self._calls[ability] += inquiry.is_call
        home = inquiry.municipality if inquiry.answered_by is not None else ""
        within = round(inquiry.deadline - inquiry.queued_at, 3)
        kind = inquiry.channel, home, within, inquiry.is_outside
        ids = self._classes.setdefault(ability, {}).setdefault(kind, deque())
        last = self._waiting.get(ids[-1]) if ids else None
        ids.append(inquiry.id)
        if last is not None and last.queued_at > inquiry.queued_at:  # it comes from another class
            there = sorted((one for one in ids if one in self._waiting), key=lambda one: self._waiting[one].queued_at)
            self._classes[ability][kind] = deque(there)

    def change(self, inquiry: Inquiry) -> None:
        """What is known of one that waits is different now."""
        if self._waiting[inquiry.id].language == inquiry.language:
            self._waiting[inquiry.id] = inquiry
        else:
            self.leave(inquiry.id)
            self.enter(inquiry)

    def leave(self, inquiry: str) -> Inquiry:
        """It waits no longer."""
        left = self._waiting.pop(inquiry)
        self._calls[left.topic, left.language] -= left.is_call
        return left

    def calls(self, ability: Ability) -> int:
        """How many calls wait with this topic and language, beyond CROWDED no more."""
        return min(CROWDED, self._calls[ability])

    def fronts(self, abilities: frozenset[Ability]) -> list[Inquiry]:
        """The oldest of each class that somebody with these abilities has topic and language for."""
        found: list[Inquiry] = []
        for ability in [one for one in self._classes if one in abilities]:
            classes = self._classes[ability]
            for kind in list(classes):
                front = self._front(classes[kind], ability)
                if front is None:
                    del classes[kind]
                else:
                    found.append(front)
            if not classes:
                del self._classes[ability]
        return found

    def _front(self, ids: "deque[str]", ability: Ability) -> Inquiry | None:
        while ids:
            one = self._waiting.get(ids[0])
            if one is not None and (one.topic, one.language) == ability:
                return one
            ids.popleft()
        return None
