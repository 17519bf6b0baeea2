"""What each event of the journal tells, as a class of its own: writers hand one in, readers match on it.

A fact is stored as JSON under the names of its fields. The journal outlives its code, so a field that is added gets a
default, and a fact whose meaning changes gets a higher VERSION and a branch in its `upgraded`.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from typing import Any, ClassVar, TypedDict, dataclass_transform

from hotline.inquiries.states import Event

FACTS: dict[str, type["Fact"]] = {}


@dataclass_transform(frozen_default=True)
@dataclass(frozen=True)
class Fact:
    """One of those below. Times are RFC 3339 with a zone, durations seconds; nothing in it is about the citizen."""

    EVENT: ClassVar[Event]
    VERSION: ClassVar[int] = 1

    def __init_subclass__(cls, event: Event | None = None) -> None:
        """A frozen dataclass, read back from the lines of its event; none is what several facts have in common."""
        dataclass(frozen=True)(cls)
        if event is not None:
            cls.EVENT = event
            FACTS[event] = cls

    def data(self) -> dict[str, Any]:
        """Ready for JSON; what is None is left out, and so is the first version."""
        told = {name: value for name, value in asdict(self).items() if value is not None}
        return told if self.VERSION == 1 else told | {"v": self.VERSION}

    @classmethod
    def upgraded(cls, data: dict[str, Any], version: int) -> dict[str, Any]:
        """What an older version told, in the words of this one."""
        return data


class Spent(TypedDict):
    """Seconds in an agent's hands."""

    talk_seconds: float
    wrap_seconds: float


class OfArrival(Fact):
    """What tells when it had come in."""

    received_at: str


class Received(OfArrival, event=Event.RECEIVED):
    """It came in. `resumes` is the abandoned inquiry whose place it takes."""

    resumes: str | None = None


class Classified(OfArrival, event=Event.CLASSIFIED):
    """It was read, and waits from now on. `guessed` says that nobody had given the topic, `sure` that the reader was.

    Older lines do not say `sure`.
    """

    language: str
    priority: int
    urgent: bool
    guessed: bool = False
    confidence: float | None = None
    sure: bool | None = None


class OfOffer(Fact):
    """What became of an offer."""

    offer_id: int


class Offered(OfOffer, event=Event.OFFERED):
    """It is held for one agent until `lapses_at`."""

    lapses_at: str


class Accepted(OfOffer, event=Event.ACCEPTED):
    """An agent has it. `first`: nobody answered it before; `wait_seconds` count from its arrival."""

    first: bool
    wait_seconds: float
    target_seconds: float


class Refused(OfOffer, event=Event.REFUSED):
    """The agent said no; their reason stands in the offer alone."""


class Lapsed(OfOffer, event=Event.LAPSED):
    """The agent did not answer in time."""


class Withdrawn(OfOffer, event=Event.WITHDRAWN):
    """We took the offer back, for a reason of ours."""

    reason: str


class Wrapping(Fact, event=Event.WRAPPING):
    """The talk has ended."""


class Worked(Fact):
    """It left an agent's hands after so much talk and wrap-up."""

    talk_seconds: float
    wrap_seconds: float


class Transferred(Worked, event=Event.TRANSFERRED):
    """Back to the queue, for another topic or one agent (by id)."""

    to_topic: str | None = None
    to_agent: int | None = None


class Closed(Worked, event=Event.CLOSED):
    """The work has ended. `first_contact`: one agent did it all in one contact with the citizen.

    `received_at` is its arrival where nobody ever read it, so that no line `classified` tells of that. `again_after`
    says that the citizen rang again about it, so many seconds after their last call had been dealt with.
    """

    outcome: str
    first_contact: bool
    received_at: str | None = None
    again_after: float | None = None


class Reopened(Fact, event=Event.REOPENED):
    """The agent who had closed it at `closed_at` has it in hand again. The other two are what that closure told."""

    closed_at: str
    outcome: str
    first_contact: bool


class HandedOver(Worked, event=Event.HANDED_OVER):
    """The citizen's own municipality goes on with it; `reason` is one of ours, where nobody had it in hand."""

    reason: str | None = None


class Abandoned(OfArrival, event=Event.ABANDONED):
    """The citizen left before anybody answered; `answered` where somebody had, before a transfer."""

    wait_seconds: float
    target_seconds: float
    classified: bool
    answered: bool = False


class CalledBack(Fact, event=Event.CALLBACK):
    """The citizen is to be rung, not before `not_before`, and keeps the place.

    `again`: that was promised before, and `attempts` to ring them were in vain. Where an agent had it in hand it has
    their seconds of talk and wrap-up.
    """

    not_before: str | None = None
    again: bool | None = None
    attempts: int | None = None
    talk_seconds: float | None = None
    wrap_seconds: float | None = None


class Due(Fact, event=Event.DUE):
    """The citizen is to be rung from now on; it was parked for so long."""

    parked_seconds: float


class Unread(Fact, event=Event.UNREAD):
    """The same where it was parked before it had been classified, which comes first."""

    parked_seconds: float


class Widened(Fact, event=Event.WIDENED):
    """Agents of so many `municipalities` may answer it now; `early`: nobody asked before was at work for it."""

    municipalities: int
    early: bool | None = None


class Corrected(Fact, event=Event.CORRECTED):
    """An agent knew better: the fields that were said, as they were and as they are."""

    before: dict[str, Any]
    after: dict[str, Any]


class Wrote(Fact, event=Event.MESSAGE):
    """Somebody wrote message number `message_id`, the citizen or the agent; what, stands there alone."""

    message_id: int
    sender: str


class Flagged(Fact, event=Event.FLAGGED):
    """Somebody should look at it."""

    reason: str


class Released(Fact, event=Event.RELEASED):
    """It was taken out of an agent's hands and waits again. `by` is on whose behalf, `reason` one of ours.

    What somebody typed stands in a note alone. Older lines lack the agent's seconds.
    """

    by: str
    reason: str | None = None
    talk_seconds: float | None = None
    wrap_seconds: float | None = None


class TakenOver(Fact, event=Event.TAKEN_OVER):
    """What happens next is done by somebody else than the agent who has it, if one has. `by` is on whose behalf."""

    by: str


def fact_of(event: str, data: Mapping[str, Any]) -> Fact:
    """What a line of the journal tells, whichever version wrote it.

    Members that this version does not know are passed over: a newer one may have written them while both run. Raises
    KeyError for an event that is none, TypeError where a member is missing.
    """
    kind = FACTS[event]
    told = kind.upgraded(dict(data), data.get("v", 1))
    known = _members(event)
    return kind(**{name: value for name, value in told.items() if name in known})


@cache
def _members(event: str) -> frozenset[str]:
    return frozenset(field.name for field in fields(FACTS[event]))
