"""What plugging in refuses."""

from hotline.errors import HotlineError


class NotDialled(HotlineError, status=422):
    """That is no number that anybody dials."""


class UnknownAgent(HotlineError, status=422):
    """There is no agent of this user name."""


class AddressNotAllowed(HotlineError, status=422):
    """Nothing is sent to this address."""


class TooManyWebhooks(HotlineError, status=409):
    """An integrator has so many webhooks and no more."""


class WebhookEnded(HotlineError, status=409):
    """Nothing is sent to this webhook any more."""
