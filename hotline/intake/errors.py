"""What intake refuses."""

from hotline.errors import HotlineError


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


class KeyReused(HotlineError):
    """The Idempotency-Key was used before with another request."""

    status = 422
