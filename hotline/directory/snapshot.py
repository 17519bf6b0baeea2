"""The directory at one moment: who is a member, which topics there are, when a municipality's citizens can ring."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache

from hotline.clock import danish
from hotline.directory.errors import UnknownMunicipality
from hotline.directory.hours import NONE, Opening, SpecialDays, is_open, next_opening
from hotline.directory.models import Collaboration, Membership, Municipality, Topic


@lru_cache(maxsize=16)  # each inquiry asks several times for the day of its one moment
def _day(moment: datetime) -> date:
    return danish(moment).date()


@dataclass(frozen=True)
class Directory:
    """Municipalities by code, topics by slug, collaborations, their hours and special days by id, who belongs where,
    and which topics they keep (collaboration, municipality, topic): rows that no session holds, which nobody changes.
    """

    municipalities: Mapping[str, Municipality]
    topics: Mapping[str, Topic]
    collaborations: Mapping[int, Collaboration]
    memberships: tuple[Membership, ...]
    hours: Mapping[int, tuple[Opening, ...]]
    special_days: Mapping[int, SpecialDays] = field(default_factory=dict)
    kept: frozenset[tuple[int, str, str]] = frozenset()

    def collaborations_of(self, municipality: str, moment: datetime) -> list[Collaboration]:
        """Those a municipality is in at `moment` (aware), the one it joined first before the others."""
        day = _day(moment)
        if day not in self._joined:
            self._joined[day] = self._joined_on(day)
        return self._joined[day].get(municipality, [])

    def collaboration_of(self, municipality: str, moment: datetime) -> Collaboration:
        """The one whose rules hold for this municipality's citizens at `moment` (aware): the one it joined first.

        Raises UnknownMunicipality for those that are no members then.
        """
        found = self.collaborations_of(municipality, moment)
        if not found:
            raise UnknownMunicipality(f"{municipality} is not a member of the hotline.")
        return found[0]

    def keeps_cpr(self, municipality: str, moment: datetime) -> bool:
        """Whether an agent may have a CPR number shown that was taken out of an inquiry to this municipality."""
        return any(one.keep_cpr for one in self.collaborations_of(municipality, moment)[:1])

    def redial_seconds(self, municipality: str, moment: datetime) -> int:
        """For how long after hanging up one of its citizens who rings again takes the old place; 0 for no member."""
        return next((one.redial_seconds for one in self.collaborations_of(municipality, moment)), 0)

    def is_member(self, municipality: str, moment: datetime) -> bool:
        """Whether this code is that of a municipality which is in a collaboration at `moment` (aware)."""
        return bool(self.collaborations_of(municipality, moment))

    def members(self, moment: datetime) -> list[Municipality]:
        """The municipalities that are in a collaboration at `moment` (aware), by code."""
        return [facts for code, facts in self.municipalities.items() if self.is_member(code, moment)]

    def members_of(self, collaboration: int, moment: datetime) -> list[Municipality]:
        """The municipalities that are in this one at `moment` (aware)."""
        day = danish(moment).date()
        return [
            self.municipalities[one.municipality]
            for one in self.memberships
            if one.collaboration_id == collaboration and one.holds(day)
        ]

    def answering(self, municipality: str, moment: datetime, topic: str | None = None) -> frozenset[str]:
        """Those whose agents may ever answer its citizens about this topic at `moment` (aware): itself, and whoever it
        shares a collaboration with that it does not keep the topic from; of who is in none every member."""
        its = self.collaborations_of(municipality, moment)
        delegated = [one.id for one in its if one.id is not None and (one.id, municipality, topic) not in self.kept]
        others = [member.code for number in delegated for member in self.members_of(number, moment)]
        return frozenset({municipality, *others}) if its else frozenset(one.code for one in self.members(moment))

    def opening(self, municipality: str, moment: datetime, topic: str | None = None) -> datetime | None:
        """None when its citizens can ring about this topic at `moment` (aware), else when they can, in UTC.

        In several collaborations, one that is open is enough, of those from which it does not keep the topic; what it
        keeps from all of them goes by the hours of any, and so does a municipality that is in none. Raises
        UnknownMunicipality for those that there are not, and for all where nobody is a member.
        """
        its = self.collaborations_of(municipality, moment) or self._with_members(moment)
        if municipality not in self.municipalities or not its:
            raise UnknownMunicipality(municipality)
        delegated = [one for one in its if (one.id, municipality, topic) not in self.kept]
        openings = [self._opening(one, moment) for one in delegated or its]
        later = [opens for opens in openings if opens is not None]
        return min(later) if len(later) == len(openings) else None

    def is_open(self, collaboration: int, moment: datetime) -> bool:
        """Whether this collaboration's citizens can ring at `moment` (aware); false for one that there is not (yet)."""
        one = self.collaborations.get(collaboration)
        hours, special = self.hours.get(collaboration, ()), self.special_days.get(collaboration, NONE)
        return one is not None and (one.always_open or is_open(hours, moment, special))

    def _with_members(self, moment: datetime) -> list[Collaboration]:
        return [one for number, one in self.collaborations.items() if self.members_of(number, moment)]

    def _opening(self, one: Collaboration, moment: datetime) -> datetime | None:
        if one.id is None or self.is_open(one.id, moment):
            return None
        return next_opening(self.hours.get(one.id, ()), moment, self.special_days.get(one.id, NONE))

    @cached_property
    def _joined(self) -> dict[date, dict[str, list[Collaboration]]]:
        """By day and municipality; the intake path asks for it several times an inquiry."""
        return {}

    def _joined_on(self, day: date) -> dict[str, list[Collaboration]]:
        joined: dict[str, list[Collaboration]] = {}
        for membership in self.memberships:
            if membership.holds(day):
                joined.setdefault(membership.municipality, []).append(self.collaborations[membership.collaboration_id])
        return joined
