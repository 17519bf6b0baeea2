"""What is wrong with a request, whatever it asks for."""

from hotline.errors import HotlineError


class BrokenRequest(HotlineError, status=400):
    """The request could not be read."""


class MethodNotAllowed(HotlineError, status=405):
    """That cannot be done here."""


class TooLarge(HotlineError, status=413):
    """The request is larger than what is taken in."""


class WrongContentType(HotlineError, status=415):
    """Content of this type or encoding is not read here; send application/json as it is."""
