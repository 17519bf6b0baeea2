"""One day counted from several sides: the run's diary, the timelines, the journal, the municipalities' sums."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

Counts = dict[tuple[str, str], float]  # by municipality and name of the count

SEEN_BY_THE_RUN = (
    "offered",
    "answered",
    "abandoned",
    "closed",
    "resolved_first_contact",
    "transferred",
    "offers_refused",
    "answered_by_others",
    "answered_for_others",
)
IN_TIMELINES = (
    "offered",
    "answered",
    "abandoned",
    "closed",
    "transferred",
    "handed_over",
    "callbacks",
    "offers_made",
    "offers_refused",
    "offers_lapsed",
    "wait_seconds",
)
IN_JOURNAL = tuple(dict.fromkeys(IN_TIMELINES + SEEN_BY_THE_RUN))
OF_EVENT = {
    "abandoned": "abandoned",
    "closed": "closed",
    "transferred": "transferred",
    "handed_over": "handed_over",
    "callback": "callbacks",
    "offered": "offers_made",
    "refused": "offers_refused",
    "lapsed": "offers_lapsed",
}
WAIT_TOLERANCE = 0.01  # seconds an answer: the sums are kept in 1/1024 s


@dataclass(frozen=True)
class Line:
    """Something that happened to an inquiry; `answering` and `outcome` where that side knows them."""

    event: str
    at: datetime | None = None
    answering: str | None = None
    outcome: str | None = None


@dataclass(frozen=True)
class Past:
    """One inquiry from one side: the citizen's municipality, what happened in order, and when it arrived, if known."""

    home: str
    lines: Sequence[Line]
    received_at: datetime | None = None

    def answer(self) -> Line | None:
        """The first time that an agent took it."""
        return next((line for line in self.lines if line.event == "accepted"), None)

    def waited(self) -> float | None:
        """Seconds from arrival to answer; None where one of them is not known."""
        answer = self.answer()
        if answer is None or answer.at is None or self.received_at is None:
            return None
        return (answer.at - self.received_at).total_seconds()


def counted(pasts: Iterable[Past]) -> Counts:
    """The counts of these inquiries by municipality. An answer is counted once, however often it is passed on; who
    was answered and hangs up after that is not counted as abandoned."""
    counts: Counts = defaultdict(float)
    for past in pasts:
        home, events = past.home, [line.event for line in past.lines]
        counts[home, "offered"] += 1
        for event in events:
            if event in OF_EVENT and not (event == "abandoned" and past.answer()):
                counts[home, OF_EVENT[event]] += 1
        if answer := past.answer():
            counts[home, "answered"] += 1
            counts[home, "wait_seconds"] += past.waited() or 0
            if answer.answering and answer.answering != home:
                counts[home, "answered_by_others"] += 1
                counts[answer.answering, "answered_for_others"] += 1
        if events.count("accepted") == 1:
            counts[home, "resolved_first_contact"] += sum(line.outcome == "resolved" for line in past.lines)
    return counts


def waits(pasts: Iterable[Past]) -> list[float]:
    """Seconds from arrival to answer of the answered, sorted."""
    return sorted(waited for past in pasts if (waited := past.waited()) is not None)


def differences(
    side: str, counts: Mapping[tuple[str, str], float], sums: Mapping[tuple[str, str], float], names: Collection[str]
) -> list[str]:
    """One sentence for each municipality and count where the sums are not what this side counted."""
    found = []
    for municipality, name in sorted({key for key in (*counts, *sums) if key[1] in names}):
        here, there = counts.get((municipality, name), 0), sums.get((municipality, name), 0)
        tolerance = WAIT_TOLERANCE * (1 + sums.get((municipality, "answered"), 0)) if name == "wait_seconds" else 0
        if abs(here - there) > tolerance:
            found.append(f"{municipality} {name}: {side} {here:g}, municipality's sum {there:g}")
    return found
