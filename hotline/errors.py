"""Errors named for what happened; a docstring is what the person reads, and each knows its own problem type.

Each room declares its own in its errors.py; here are their base and what any room may meet. Commands and pages go by
the same ones: what was wrong this time is in the catalogues as `detail.<type>`, with the error's members for its holes.
"""

import re
from importlib import import_module
from typing import Any, ClassVar

from hotline.resources import PACKAGE
from hotline.web.language import catalogue, translator


class HotlineError(Exception):
    """Something went wrong."""

    status: ClassVar[int] = 500

    def __init_subclass__(cls, status: int | None = None) -> None:
        """A kind of error is answered with the HTTP status that it names."""
        cls.status = status or cls.status

    def __init__(self, detail: str = "", **members: Any) -> None:
        """`members` are added to the problem document; a member `why` is the word for what was wrong.

        `detail` says what was wrong this time, where it is not in the catalogues and programs alone read it.
        """
        self.members = members
        self.detail = detail or self.said("en")
        super().__init__(f"{self.title().rstrip('.')}: {self.detail}" if self.detail else self.title())
        self.logged = False  # whether a line of the log tells of it already

    @classmethod
    def slug(cls) -> str:
        """The stable last part of the problem's type: OfferGone is `offer-gone`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()

    @classmethod
    def title(cls) -> str:
        """The sentence that a person reads: the first line of the docstring."""
        return (cls.__doc__ or cls.__name__).strip().splitlines()[0]

    def said(self, language: str) -> str:
        """What was wrong this time, in this language; empty where the kind of error says it all."""
        key = ".".join(["detail", self.slug(), *filter(None, [self.members.get("why")])])
        known = bool(self.members) and key in catalogue(language)
        return translator(language)(key, **self.members) if known else ""

    def line(self, language: str) -> str:
        """All that a person reads, in a line: what kind of error it is, and what was wrong."""
        title, said = translator(language)(f"problem.{self.slug()}"), self.said(language)
        return f"{title.rstrip('.')}: {said}" if said else title

    def problem(self) -> dict[str, Any]:
        """The document of RFC 9457 for this error, as a dict ready for JSON."""
        body: dict[str, Any] = {"type": f"/problems/{self.slug()}", "title": self.title(), "status": self.status}
        if self.detail:
            body["detail"] = self.detail
        return body | self.members


class NotFound(HotlineError, status=404):
    """There is no such thing, or it is not yours to see."""


class Invalid(HotlineError, status=422):
    """The request could be read but not accepted."""


class InternalError(HotlineError, status=500):
    """The hotline made a mistake; what it was stands in its log under this id."""


class NotReady(HotlineError, status=503):
    """A part that this needs does not answer just now; try again in a moment."""


def all_errors() -> list[type[HotlineError]]:
    """Every kind of error that the hotline answers with, in alphabetical order of its problem type."""
    for room in PACKAGE.glob("*/errors.py"):
        import_module(f"hotline.{room.parent.name}.errors")
    return sorted(HotlineError.__subclasses__(), key=lambda kind: kind.slug())
