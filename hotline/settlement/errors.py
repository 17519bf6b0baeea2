"""What settlements refuse."""

from hotline.errors import HotlineError


class BadTerms(HotlineError, status=422):
    """Nobody can settle by these terms."""


class BadInhabitants(HotlineError, status=422):
    """The file with inhabitants cannot be used."""


class InhabitantsUnknown(HotlineError, status=409):
    """It is not known how many live there."""


class CannotClose(HotlineError, status=409):
    """This month cannot be closed."""


class BadCorrection(HotlineError, status=422):
    """This puts nothing right."""
