"""What the reader cannot be taught."""

from hotline.errors import HotlineError


class NoExample(HotlineError, status=422):
    """This inquiry can be no example."""


class KnownTopic(HotlineError, status=409):
    """The reader knows this topic without examples."""
