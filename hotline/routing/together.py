"""Who answers whose citizens: municipalities that share a collaboration, and each its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256


@dataclass(frozen=True)
class Together:
    """The municipalities at one moment, each with the collaborations that it is in then (none, one or several)."""

    collaborations: tuple[tuple[str, frozenset[int]], ...]

    def answered_by(self, municipality: str) -> frozenset[str]:
        """The municipalities whose agents may answer its citizens, which are those whose citizens its agents answer."""
        return self._partners.get(municipality, frozenset({municipality}))

    def circle(self, municipality: str) -> str:
        """A word for who may answer its citizens: the same for all who are answered by the same municipalities.

        It holds while nothing changes anywhere: after any change each word of before is none of those in `circles`.
        """
        return self._circles.get(municipality) or self._word(frozenset({municipality}))

    def answers(self, municipality: str) -> list[str]:
        """The circles that its agents answer."""
        return sorted({self.circle(code) for code in self.answered_by(municipality)})

    @cached_property
    def circles(self) -> frozenset[str]:
        """Every word that stands for somebody now."""
        return frozenset(self._circles.values())

    @cached_property
    def _partners(self) -> dict[str, frozenset[str]]:
        members: dict[int, set[str]] = {}
        for code, held in self.collaborations:
            for one in held:
                members.setdefault(one, set()).add(code)
        return {code: frozenset({code}).union(*(members[one] for one in held)) for code, held in self.collaborations}

    @cached_property
    def _circles(self) -> dict[str, str]:
        return {code: self._word(partners) for code, partners in self._partners.items()}

    def _word(self, partners: frozenset[str]) -> str:
        return f"{self._version}-{_short(partners)}"

    @cached_property
    def _version(self) -> str:
        return _short(f"{code}:{one}" for code, held in self.collaborations for one in held)


def _short(words: Iterable[str]) -> str:
    return sha256(" ".join(sorted(words)).encode()).hexdigest()[:12]
