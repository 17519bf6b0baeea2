"""What intake refuses."""

from hotline.errors import HotlineError


class DuplicateExternalId(HotlineError, status=409):
    """An inquiry with this external id was taken in before."""


class StillRunning(HotlineError, status=409):
    """The first request with this Idempotency-Key is still being worked on."""


class Closed(HotlineError, status=409):
    """The hotline is closed at this hour."""


class QueueFull(HotlineError, status=409):
    """So many are waiting that nobody more is taken in by phone or chat."""


class OutsideThePool(HotlineError, status=409):
    """This citizen's municipality takes no part in the hotline, which answers its members' citizens alone."""


class KeyReused(HotlineError, status=422):
    """The Idempotency-Key was used before with another request."""
