"""Home first: whose agents may answer an inquiry by now, under each agreement of its municipality."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

Serves = Callable[[frozenset[str]], bool]  # whether anybody of these municipalities is at work who could take it


class Ring(IntEnum):
    """Who may answer: the citizen's own municipality, its named partners as well, or every member."""

    HOME = 0
    PARTNERS = 1
    EVERYONE = 2


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the members of a collaboration have agreed: how long home and then partners are asked alone (seconds), who
    the partners of each are, and which topics each keeps for its own agents."""

    members: frozenset[str]
    home_first_seconds: float = 0.0
    partner_seconds: float = 0.0
    partners: Mapping[str, frozenset[str]] = field(default_factory=dict)
    kept: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def helped_by(self, municipality: str) -> list[str]:
        """Those whose partner this municipality is."""
        return [code for code, theirs in self.partners.items() if municipality in theirs]


@dataclass(frozen=True, slots=True)
class Opening:
    """How far one agreement has opened an inquiry, and since when (seconds on the clock)."""

    agreement: Agreement
    ring: Ring
    since: float


def home_first(agreements: Iterable[Agreement]) -> tuple[Agreement, ...] | None:
    """All agreements, where by one of them not every member answers everything at once."""
    agreed = tuple(agreements)
    return agreed if any(one.home_first_seconds or one.partner_seconds or one.kept for one in agreed) else None


def begin(home: str, topic: str, queued_at: float, agreements: Iterable[Agreement]) -> tuple[Opening, ...]:
    """Where an inquiry begins: at home, under each agreement that its municipality is in and does not keep it from."""
    return tuple(
        Opening(one, Ring.HOME, queued_at)
        for one in agreements
        if home in one.members and topic not in one.kept.get(home, frozenset())
    )


def widen(opening: Opening, home: str, serves: Serves, now: float) -> Opening:
    """The same by now. A ring lasts its seconds, or until nobody of it is at work who could take the inquiry."""
    while opening.ring < Ring.EVERYONE:
        ends = widens_at(opening)
        if now < ends and serves(_asked(opening, home)):
            return opening
        opening = Opening(opening.agreement, Ring(opening.ring + 1), min(now, ends))
    return opening


def widens_at(opening: Opening) -> float:
    """When the ring widens at the latest; infinity where it is as wide as it gets."""
    if opening.ring is Ring.EVERYONE:
        return float("inf")
    agreed = opening.agreement
    return opening.since + (agreed.home_first_seconds if opening.ring is Ring.HOME else agreed.partner_seconds)


def open_to(home: str, openings: Sequence[Opening]) -> frozenset[str]:
    """The municipalities whose agents may answer by now; what one agreement has opened stays open."""
    return frozenset({home}).union(*(_let_in(one, home) for one in openings))


def answered_by(home: str, openings: Sequence[Opening]) -> frozenset[str]:
    """The municipalities whose agents may ever answer."""
    return frozenset({home}).union(*(one.agreement.members for one in openings))


def _asked(opening: Opening, home: str) -> frozenset[str]:
    """Those this ring waits for: home alone, then the partners."""
    return frozenset({home}) if opening.ring is Ring.HOME else opening.agreement.partners.get(home, frozenset())


def _let_in(opening: Opening, home: str) -> frozenset[str]:
    if opening.ring is Ring.EVERYONE:
        return opening.agreement.members
    return opening.agreement.partners.get(home, frozenset()) if opening.ring is Ring.PARTNERS else frozenset()
