"""A query parameter that a call does not know is refused, so that a filter with a slip of the pen is not a longer list.

So is one that is given twice: nobody knows which of the two was meant.

Pages let them pass: mail programs and proxies add their own to links that people follow.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError


async def known_parameters(request: Request) -> None:
    """A dependency of every call of the API. Raises RequestValidationError that names the wrong parameters."""
    if request.scope["query_string"]:
        must_know(request, set(_names(request.scope["route"].dependant)))


def must_know(request: Request, known: set[str]) -> None:
    """Raises RequestValidationError where the request's query has parameters that are not `known`, or one twice."""
    given = Counter(name for name, _ in request.query_params.multi_items())
    wrong = {name: "there is no such parameter" for name in given if name not in known}
    wrong |= {name: "it is given more than once" for name, times in given.items() if name in known and times > 1}
    if wrong:
        raise RequestValidationError(
            [{"type": "extra_forbidden", "loc": ("query", name), "msg": why} for name, why in wrong.items()]
        )


def _names(dependant: Any) -> Iterator[str]:
    yield from (one.alias for one in dependant.query_params)
    for part in dependant.dependencies:
        yield from _names(part)
