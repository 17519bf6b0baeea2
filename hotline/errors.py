"""Errors named for what happened; a docstring is what the person reads, and each knows its own problem type."""

import re
from typing import Any, ClassVar


class Refusal(Exception):
    """A command cannot do what it was asked to; the text, else the docstring, is the line that its user reads."""

    def __str__(self) -> str:
        return super().__str__() or (type(self).__doc__ or "").strip().splitlines()[0]


class HotlineError(Exception):
    """Something went wrong."""

    status: ClassVar[int] = 500

    def __init__(self, detail: str = "", **members: Any) -> None:
        """`detail` says what was wrong this time; `members` are added to the problem document."""
        super().__init__(detail or self.title())
        self.detail = detail
        self.members = members
        self.logged = False  # whether a line of the log tells of it already

    @classmethod
    def slug(cls) -> str:
        """The stable last part of the problem's type: OfferGone is `offer-gone`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()

    @classmethod
    def title(cls) -> str:
        """The sentence that a person reads: the first line of the docstring."""
        return (cls.__doc__ or cls.__name__).strip().splitlines()[0]

    def problem(self) -> dict[str, Any]:
        """The document of RFC 9457 for this error, as a dict ready for JSON."""
        body: dict[str, Any] = {"type": f"/problems/{self.slug()}", "title": self.title(), "status": self.status}
        if self.detail:
            body["detail"] = self.detail
        return body | self.members


class BrokenRequest(HotlineError):
    """The request could not be read."""

    status = 400


class NotSignedIn(HotlineError):
    """A valid key or sign-in is needed."""

    status = 401


class SomebodyElse(HotlineError):
    """Somebody else is signed in in this browser now."""

    status = 401


class WrongSignIn(HotlineError):
    """The user name or the password is wrong."""

    status = 401

    def __init__(self, person: int | None = None) -> None:
        """`person` is whose user name it was, if anybody's: for the log, and nothing that an answer tells."""
        super().__init__()
        self.person = person


class SignInNotProven(HotlineError):
    """The sign-in through your organisation could not be verified."""

    status = 401


class NoPlace(HotlineError):
    """Your organisation knows you, but it gives you no place in the hotline."""

    status = 403


class UnknownOrganisation(HotlineError):
    """No municipality of the hotline belongs to your organisation's CVR number."""

    status = 403


class NotAllowed(HotlineError):
    """This key or person may not do that."""

    status = 403


class MissingScope(HotlineError):
    """This key may be used for other things, but not for that."""

    status = 403


class NotFound(HotlineError):
    """There is no such thing, or it is not yours to see."""

    status = 404


class MethodNotAllowed(HotlineError):
    """That cannot be done here."""

    status = 405


class OfferGone(HotlineError):
    """Someone else answered first, or the offer ran out of time."""

    status = 409


class WrongState(HotlineError):
    """The inquiry is no longer where that can be done."""

    status = 409


class AgentDeactivated(HotlineError):
    """This agent answers no longer."""

    status = 409


class AgentAway(HotlineError):
    """This agent is not there just now."""

    status = 409


class AgentOnBreak(HotlineError):
    """This agent is on a break just now."""

    status = 409


class AgentOfOthers(HotlineError):
    """This agent's municipality does not answer this citizen's."""

    status = 409


class DuplicateExternalId(HotlineError):
    """An inquiry with this external id was taken in before."""

    status = 409


class StillRunning(HotlineError):
    """The first request with this Idempotency-Key is still being worked on."""

    status = 409


class Closed(HotlineError):
    """The hotline is closed at this hour."""

    status = 409


class QueueFull(HotlineError):
    """So many are waiting that nobody more is taken in by phone or chat."""

    status = 409


class TooLarge(HotlineError):
    """The request is larger than what is taken in."""

    status = 413


class WrongContentType(HotlineError):
    """This content type is not read here; send application/json."""

    status = 415


class Invalid(HotlineError):
    """The request could be read but not accepted."""

    status = 422


class UnknownMunicipality(HotlineError):
    """No municipality of the hotline has this code."""

    status = 422


class UnknownTopic(HotlineError):
    """There is no topic of this name."""

    status = 422


class TopicClosed(HotlineError):
    """This topic is not open now."""

    status = 422


class KeyReused(HotlineError):
    """The Idempotency-Key was used before with another request."""

    status = 422


class TooManyAttempts(HotlineError):
    """Too many sign-ins failed; wait a while before the next one."""

    status = 429


class TooManyRequests(HotlineError):
    """This key asks more often than it may."""

    status = 429


class InternalError(HotlineError):
    """The hotline made a mistake; what it was stands in its log under this id."""

    status = 500


class NotReady(HotlineError):
    """A part that this needs does not answer just now; try again in a moment."""

    status = 503


def all_errors() -> list[type[HotlineError]]:
    """Every kind of error that the hotline answers with, in alphabetical order of its problem type."""
    return sorted(HotlineError.__subclasses__(), key=lambda kind: kind.slug())
