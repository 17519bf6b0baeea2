"""What the directory refuses."""

from hotline.errors import HotlineError


class UnknownCollaboration(HotlineError):
    """There is no such collaboration."""

    status = 404


class CollaborationExists(HotlineError):
    """Each collaboration has a name of its own."""

    status = 409


class MemberAlready(HotlineError):
    """A municipality is in a collaboration once at a time."""

    status = 409


class NoMember(HotlineError):
    """Only members can leave."""

    status = 409


class LeavesBeforeItJoins(HotlineError):
    """A member cannot leave before the day it joins."""

    status = 409


class BadRule(HotlineError):
    """This rule cannot say that."""

    status = 422


class BadHours(HotlineError):
    """These are no opening hours.

    `why` is the word for what is wrong with them.
    """

    status = 422


class BadName(HotlineError):
    """This name cannot be used."""

    status = 422


class BadListing(HotlineError):
    """The list of people cannot be used.

    `why` is the word for what is wrong with it.
    """

    status = 422


class BadCvrFile(HotlineError):
    """The file with CVR numbers cannot be used.

    `why` is the word for what is wrong with it.
    """

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
