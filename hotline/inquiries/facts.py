"""What each event of the journal tells, as a class of its own: writers hand one in, readers match on it.

A fact is stored as JSON under the names of its fields. The journal outlives its code, so a field that is added gets a
default, and a fact whose meaning changes gets a higher VERSION and a branch in its `upgraded`.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar, TypedDict

from hotline.inquiries.states import Event


@dataclass(frozen=True)
class Fact:
    """One of those below. Times are RFC 3339 with a zone, durations seconds; nothing in it is about the citizen."""

    EVENT: ClassVar[Event]
    VERSION: ClassVar[int] = 1

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


@dataclass(frozen=True)
class Received(Fact):
    """It came in. `resumes` is the abandoned inquiry whose place it takes."""

    EVENT = Event.RECEIVED
    received_at: str
    resumes: str | None = None


@dataclass(frozen=True)
class Classified(Fact):
    """It was read, and waits from now on. `guessed` says that nobody had given the topic."""

    EVENT = Event.CLASSIFIED
    received_at: str
    language: str
    priority: int
    urgent: bool
    guessed: bool = False
    confidence: float | None = None


@dataclass(frozen=True)
class Offered(Fact):
    """It is held for one agent until `lapses_at`."""

    EVENT = Event.OFFERED
    offer_id: int
    lapses_at: str


@dataclass(frozen=True)
class Accepted(Fact):
    """An agent has it. `first`: nobody answered it before; `wait_seconds` count from its arrival."""

    EVENT = Event.ACCEPTED
    offer_id: int
    first: bool
    wait_seconds: float
    target_seconds: int


@dataclass(frozen=True)
class Refused(Fact):
    """The agent said no; their reason stands in the offer alone."""

    EVENT = Event.REFUSED
    offer_id: int


@dataclass(frozen=True)
class Lapsed(Fact):
    """The agent did not answer in time."""

    EVENT = Event.LAPSED
    offer_id: int


@dataclass(frozen=True)
class Withdrawn(Fact):
    """We took the offer back, for a reason of ours."""

    EVENT = Event.WITHDRAWN
    offer_id: int
    reason: str


@dataclass(frozen=True)
class Wrapping(Fact):
    """The talk has ended."""

    EVENT = Event.WRAPPING


@dataclass(frozen=True)
class Worked(Fact):
    """It left an agent's hands after so much talk and wrap-up."""

    talk_seconds: float
    wrap_seconds: float


@dataclass(frozen=True)
class Transferred(Worked):
    """Back to the queue, for another topic or one agent (by id)."""

    EVENT = Event.TRANSFERRED
    to_topic: str | None = None
    to_agent: int | None = None


@dataclass(frozen=True)
class Closed(Worked):
    """The work has ended. `first_contact`: it was never transferred.

    `received_at` is its arrival where nobody ever read it, so that no line `classified` tells of that.
    """

    EVENT = Event.CLOSED
    outcome: str
    first_contact: bool
    received_at: str | None = None


@dataclass(frozen=True)
class HandedOver(Worked):
    """The citizen's own municipality goes on with it."""

    EVENT = Event.HANDED_OVER


@dataclass(frozen=True)
class Abandoned(Fact):
    """The citizen left before anybody answered; `answered` where somebody had, before a transfer."""

    EVENT = Event.ABANDONED
    received_at: str
    wait_seconds: float
    target_seconds: int
    classified: bool
    answered: bool = False


@dataclass(frozen=True)
class CalledBack(Fact):
    """The citizen is to be rung, not before `not_before`, and keeps the place.

    `again`: that was promised before, and `attempts` to ring them were in vain. Where an agent had it in hand it has
    their seconds of talk and wrap-up.
    """

    EVENT = Event.CALLBACK
    not_before: str | None = None
    again: bool | None = None
    attempts: int | None = None
    talk_seconds: float | None = None
    wrap_seconds: float | None = None


@dataclass(frozen=True)
class Due(Fact):
    """The citizen is to be rung from now on; it was parked for so long."""

    EVENT = Event.DUE
    parked_seconds: float


@dataclass(frozen=True)
class Unread(Fact):
    """The same where it was parked before it had been classified, which comes first."""

    EVENT = Event.UNREAD
    parked_seconds: float


@dataclass(frozen=True)
class Corrected(Fact):
    """An agent knew better: the fields that were said, as they were and as they are."""

    EVENT = Event.CORRECTED
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True)
class Flagged(Fact):
    """Somebody should look at it."""

    EVENT = Event.FLAGGED
    reason: str


@dataclass(frozen=True)
class Released(Fact):
    """It was taken out of an agent's hands and waits again. `by` is on whose behalf, `reason` one of ours.

    What somebody typed stands in a note alone.
    """

    EVENT = Event.RELEASED
    by: str
    reason: str | None = None


@dataclass(frozen=True)
class TakenOver(Fact):
    """What happens next is done by somebody else than the agent who has it. `by` is on whose behalf."""

    EVENT = Event.TAKEN_OVER
    by: str


FACTS: dict[str, type[Fact]] = {
    kind.EVENT: kind
    for kind in (
        *(Received, Classified, Offered, Accepted, Refused, Lapsed, Withdrawn, Wrapping),
        *(Transferred, Closed, HandedOver, Abandoned, CalledBack, Corrected, Flagged),
        *(Released, TakenOver, Due, Unread),
    )
}


def fact_of(event: str, data: Mapping[str, Any]) -> Fact:
    """What a line of the journal tells, whichever version wrote it.

    Members that this version does not know are passed over: a newer one may have written them while both run. Raises
    KeyError for an event that is none, TypeError where a member is missing.
    """
    kind = FACTS[event]
    told = kind.upgraded(dict(data), data.get("v", 1))
    known = {field.name for field in fields(kind)}
    return kind(**{name: value for name, value in told.items() if name in known})
