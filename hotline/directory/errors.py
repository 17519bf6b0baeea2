"""What the directory refuses."""

from hotline.errors import HotlineError


class UnknownCollaboration(HotlineError, status=404):
    """There is no such collaboration."""


class CollaborationExists(HotlineError, status=409):
    """Each collaboration has a name of its own."""


class MemberAlready(HotlineError, status=409):
    """A municipality is in a collaboration once at a time."""


class NoMember(HotlineError, status=409):
    """That municipality is no member."""


class OwnPartner(HotlineError, status=422):
    """A municipality is no partner of its own."""


class LeavesBeforeItJoins(HotlineError, status=409):
    """A member cannot leave before the day it joins."""


class BadRule(HotlineError, status=422):
    """This rule cannot say that."""


class BadHours(HotlineError, status=422):
    """These are no opening hours."""


class BadName(HotlineError, status=422):
    """This name cannot be used."""


class BadListing(HotlineError, status=422):
    """The list of people cannot be used."""


class BadCvrFile(HotlineError, status=422):
    """The file with CVR numbers cannot be used."""


class UnknownMunicipality(HotlineError, status=422):
    """No municipality of the hotline has this code."""


class UnknownTopic(HotlineError, status=422):
    """There is no topic of this name."""


class TopicClosed(HotlineError, status=422):
    """This topic is not open now."""
