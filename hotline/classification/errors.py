"""What the reader cannot be taught."""

from hotline.errors import HotlineError


class NoExample(HotlineError, status=422):
    """This inquiry can be no example."""


class KnownTopic(HotlineError, status=409):
    """The reader knows this topic without examples."""


class BadWord(HotlineError, status=422):
    """This cannot be a word that points to a topic."""


class KnownWord(HotlineError, status=409):
    """The word is on the list already, or the list is full."""


class NoSuchWord(HotlineError, status=404):
    """There is no such word on the list."""
