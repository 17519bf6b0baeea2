"""Who answers whose citizens, and by when: those that share a collaboration by what it agreed, and each its own."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import product

from hotline.routing import rings
from hotline.routing.rings import Agreement, Opening, Ring, Serves

# By a collaboration's id in words, since when (seconds on the clock) the partners are asked, or None where every member
# is; what is asked at home alone is not in it.
Opened = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Reach:
    """How far an inquiry is open: to whom, by which word, what is to be remembered of it, and when it opens further
    (seconds on the clock; None where it is as wide as it gets)."""

    open_to: frozenset[str]
    circle: str
    opened: dict[str, float | None]
    widens_at: float | None


def anybody(municipalities: frozenset[str]) -> bool:
    """Takes it that somebody of these is at work, where there are any."""
    return bool(municipalities)


@dataclass(frozen=True, eq=False)
class Together:
    """The municipalities at one moment, and by its id what the members of each collaboration have agreed."""

    municipalities: tuple[str, ...]
    agreements: Mapping[int, Agreement]

    def answered_by(self, municipality: str, topic: str | None = None, *, is_outside: bool = False) -> frozenset[str]:
        """The municipalities whose agents may ever answer its citizens: on this topic, or on any.

        What came from outside of all agreements every member may answer.
        """
        if is_outside:
            return self._members
        mine = (one for one in self.agreements.values() if municipality in one.members)
        if topic is not None:
            mine = (one for one in mine if topic not in one.kept.get(municipality, ()))
        return frozenset({municipality}).union(*(one.members for one in mine))

    def reach(
        self,
        municipality: str,
        topic: str,
        queued_at: float,
        opened: Opened,
        now: float,
        serves: Serves = anybody,
        *,
        is_outside: bool = False,
    ) -> Reach:
        """How far an inquiry is open by `now` that came at `queued_at`; what was `opened` before stays open.

        What came from outside is open to all who may answer it at once.
        """
        if is_outside:
            return Reach(self._members, self._outside, dict(opened), None)
        found: dict[int, Opening] = {}
        for number, agreement in self.agreements.items():
            for opening in rings.begin(municipality, topic, queued_at, (agreement,)):
                found[number] = rings.widen(_resume(opening, number, opened), municipality, serves, now)
        widens_at = min(map(rings.widens_at, found.values()), default=float("inf"))
        open_to = rings.open_to(municipality, tuple(found.values()))
        remembered = {
            str(number): None if one.ring is Ring.EVERYONE else one.since
            for number, one in found.items()
            if one.ring is not Ring.HOME
        }
        return Reach(
            open_to, self._word(open_to), {**opened, **remembered}, None if widens_at == float("inf") else widens_at
        )

    def asked(self, municipality: str, topic: str) -> Iterator[frozenset[str]]:
        """Those whom each ring waits for that a citizen's inquiry may rest in."""
        for agreement in self.agreements.values():
            if rings.begin(municipality, topic, 0.0, (agreement,)):
                yield frozenset({municipality})
                yield agreement.partners.get(municipality, frozenset())

    def open_to(self, circle: str) -> frozenset[str]:
        """The municipalities that this word stands for; none where it stands for none any more."""
        return self._circles.get(circle, (frozenset(), frozenset()))[0]

    def open_later(self, circle: str) -> frozenset[str]:
        """The same, with those to whom what it stands for may be open once rings widen."""
        return self._circles.get(circle, (frozenset(), frozenset()))[1]

    def shared_with(self, municipalities: frozenset[str]) -> list[str]:
        """The circles of what any of these may answer now."""
        return sorted(circle for circle, (now, _) in self._circles.items() if now & municipalities)

    @cached_property
    def circles(self) -> frozenset[str]:
        """Every word that stands for somebody now.

        A word stands for the municipalities that an inquiry is open to. It holds while nothing changes anywhere: after
        any change each word of before is none of these.
        """
        return frozenset(self._circles)

    @cached_property
    def home_first(self) -> tuple[Agreement, ...] | None:
        """All agreements, where by one of them not every member answers everything at once."""
        return rings.home_first(self.agreements.values())

    @cached_property
    def _circles(self) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
        """By its word each set of municipalities that something can be open to, and all who may answer that later."""
        later: dict[frozenset[str], frozenset[str]] = {}
        for home in self.municipalities:
            for openings in self._combinations(home):
                now = rings.open_to(home, openings)
                later[now] = later.get(now, frozenset()) | rings.answered_by(home, openings)
        inside = {self._word(now): (now, ever) for now, ever in later.items()}
        return inside | {self._outside: (self._members, self._members)}

    @cached_property
    def _members(self) -> frozenset[str]:
        return frozenset().union(*(one.members for one in self.agreements.values()))

    def _combinations(self, home: str) -> Iterator[tuple[Opening, ...]]:
        """Each way in which an inquiry of this municipality may be open under its agreements, whatever its topic."""
        mine = [one for one in self.agreements.values() if home in one.members]
        topics = frozenset[str]().union(*(one.kept.get(home, frozenset()) for one in mine))
        delegated = {tuple(n for n, one in enumerate(mine) if t not in one.kept.get(home, ())) for t in (None, *topics)}
        for numbers in sorted(delegated):
            yield from product(*(tuple(_rests(mine[number], home)) for number in numbers))

    @property
    def _outside(self) -> str:
        """A word apart, lest who comes last hide the members behind them."""
        return f"{self._version}-outside"

    def _word(self, municipalities: frozenset[str]) -> str:
        return f"{self._version}-{_short(municipalities)}"

    @cached_property
    def _version(self) -> str:
        return _short(
            f"{number}:{one.home_first_seconds}:{one.partner_seconds}:{sorted(one.members)}"
            f":{sorted((code, sorted(theirs)) for code, theirs in one.partners.items())}"
            f":{sorted((code, sorted(theirs)) for code, theirs in one.kept.items())}"
            for number, one in self.agreements.items()
        )


def _resume(opening: Opening, number: int, opened: Opened) -> Opening:
    if str(number) not in opened:
        return opening
    since = opened[str(number)]
    ring = Ring.EVERYONE if since is None else Ring.PARTNERS
    return Opening(opening.agreement, ring, opening.since if since is None else since)


def _rests(agreement: Agreement, home: str) -> Iterator[Opening]:
    """The rings that an inquiry of this municipality may stay in for a while."""
    if agreement.home_first_seconds:
        yield Opening(agreement, Ring.HOME, 0.0)
    if agreement.partner_seconds and agreement.partners.get(home):
        yield Opening(agreement, Ring.PARTNERS, 0.0)
    yield Opening(agreement, Ring.EVERYONE, 0.0)


def _short(words: Iterable[str]) -> str:
    return sha256(" ".join(sorted(words)).encode()).hexdigest()[:12]
