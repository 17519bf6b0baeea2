"""What the hotline learns of its topics as it goes: how long they take, how many come, whether more come than usual."""

from collections import defaultdict
from collections.abc import Mapping
from math import exp, log
from typing import Any

PRESENT = 1800.0  # seconds that what comes now is counted over
USUAL = 400_000.0  # and what usually comes
SURPRISE = 1.3  # times as many as usual are no surprise yet
FEW = 3.0  # so few more in half an hour are none either
REMEMBERED = 150.0  # inquiries of a topic that its mean handling time is taken over
FIRST_GUESS = {True: 300.0, False: 600.0}  # seconds in hand, of a call and of anything else, before anything is known
GUESSES = 3.0  # inquiries that the first guess counts for
GIVEN = 2_000_000.0  # seconds of work, of which half is forgotten then: so that who gave little may make up for it
LEAST = 0.01  # share that each is taken to have of both citizens and work, lest few of either say much
KEPT = ("_present", "_usual", "_languages", "_municipalities", "_given")


class Learned:
    """Sums over what has happened so far; nothing in it looks ahead. Told only of what has come or is over.

    The same events told in the same order always leave the same sums.
    """

    def __init__(self) -> None:
        self._seconds: dict[tuple[str, bool], float] = {}
        self._handled: dict[tuple[str, bool], float] = {}
        self._present: dict[str, float] = defaultdict(float)
        self._usual: dict[str, float] = defaultdict(float)
        self._languages: dict[str, float] = defaultdict(float)
        self._municipalities: dict[str, float] = defaultdict(float)
        self._given: dict[str, float] = defaultdict(float)
        self._all_present = self._all_usual = self._all = self._all_given = 0.0
        self._at: float | None = None

    @classmethod
    def of(cls, sums: Mapping[str, Any]) -> "Learned":
        """What `sums` told."""
        made = cls()
        for topic, is_call, seconds, handled in sums["handled"]:
            made._seconds[topic, is_call], made._handled[topic, is_call] = seconds, handled
        for name in KEPT:
            getattr(made, name).update(sums.get(name, {}))  # an older version knew less
        made._all_present, made._all_usual, made._all, made._at = sums["all"]
        made._all_given = sum(made._given.values())
        return made

    def sums(self) -> dict[str, Any]:
        """All that is known, as JSON can keep it."""
        return {
            "handled": [[*kind, self._seconds[kind], handled] for kind, handled in self._handled.items()],
            **{name: dict(getattr(self, name)) for name in KEPT},
            "all": [self._all_present, self._all_usual, self._all, self._at],
        }

    def came(self, topic: str, language: str, now: float, municipality: str = "") -> None:
        """Somebody has called or begun a chat; written work misses no agent, and is not counted."""
        past = 0.0 if self._at is None else max(0.0, now - self._at)
        self._at = now if self._at is None else max(self._at, now)
        present, usual = exp(-past / PRESENT), exp(-past / USUAL)
        for counts, kept in ((self._present, present), (self._usual, usual)):
            for one in counts:
                counts[one] *= kept
        self._present[topic] += 1.0
        self._all_present = self._all_present * present + 1.0
        unsurprising = self.usual_to_present(topic, SURPRISE)  # a surge is not to become usual by lasting
        self._usual[topic] += unsurprising
        self._all_usual = self._all_usual * usual + unsurprising
        self._languages[language] += 1.0
        self._municipalities[municipality] += 1.0
        self._all += 1.0

    @property
    def has_heard_of_any(self) -> bool:
        """Whether anybody has called or begun a chat at all."""
        return self._all > 0

    def was_handled(self, topic: str, is_call: bool, seconds: float, by: str = "") -> None:
        """An inquiry is out of the hands of an agent of this municipality after so many seconds, reckoned at the usual
        pace."""
        kind, kept = (topic, is_call), 1.0 - 1.0 / REMEMBERED
        self._seconds[kind] = self._seconds.get(kind, FIRST_GUESS[is_call] * GUESSES) * kept + seconds
        self._handled[kind] = self._handled.get(kind, GUESSES) * kept + 1.0
        self._given[by] += seconds
        self._all_given += seconds
        if self._all_given > GIVEN:
            self._given = defaultdict(float, {code: some / 2 for code, some in self._given.items()})
            self._all_given /= 2

    def handling(self, topic: str, is_call: bool) -> float:
        """Mean seconds in hand."""
        kind = topic, is_call
        return self._seconds[kind] / self._handled[kind] if kind in self._handled else FIRST_GUESS[is_call]

    def arrivals(self, topic: str) -> float:
        """How many of a topic come in an hour, by the last half hour."""
        return (self._present.get(topic, 0.0) + 0.2) * 3600.0 / PRESENT

    def share(self, language: str) -> float:
        """How many of all inquiries are in this language."""
        return (self._languages.get(language, 0.0) + 0.5) / (self._all + 2.0)

    def share_of(self, municipality: str) -> float:
        """How many of all inquiries are of this municipality's citizens."""
        return self._municipalities.get(municipality, 0.0) / max(1.0, self._all)

    def owes(self, municipality: str) -> float:
        """How much a municipality's share of the citizens is more than its share of the work, as a logarithm; below 0
        where its agents have done more than their part."""
        done = self._given.get(municipality, 0.0) / max(1.0, self._all_given)
        return log((self.share_of(municipality) + LEAST) / (done + LEAST))

    def usual_to_present(self, topic: str, slack: float) -> float:
        """How many of this topic usually come beside so many others, over how many come now; at the most 1.

        `slack` times the usual number is still usual.
        """
        present, usual = self._present.get(topic, 0.0), self._usual.get(topic, 0.0)
        others_now, others = self._all_present - present, self._all_usual - usual
        expected = slack * usual * (others_now + 1.0) / (others + 1.0)
        return min(1.0, (expected + FEW) / (present + FEW))
