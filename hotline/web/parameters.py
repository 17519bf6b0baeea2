"""A query parameter that a call does not know is refused, so that a filter with a slip of the pen is not a longer list.

Pages let them pass: mail programs and proxies add their own to links that people follow.
"""

from collections.abc import Iterator
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError


async def known_parameters(request: Request) -> None:
    """A dependency of every call of the API. Raises RequestValidationError that names the unknown parameters."""
    if request.scope["query_string"]:
        must_know(request, set(_names(request.scope["route"].dependant)))


def must_know(request: Request, known: set[str]) -> None:
    """Raises RequestValidationError where the request's query has parameters that are not `known`."""
    unknown = [name for name in dict.fromkeys(request.query_params.keys()) if name not in known]
    if unknown:
        wrong = [
            {"type": "extra_forbidden", "loc": ("query", name), "msg": "there is no such parameter"} for name in unknown
        ]
        raise RequestValidationError(wrong)


def _names(dependant: Any) -> Iterator[str]:
    yield from (one.alias for one in dependant.query_params)
    for part in dependant.dependencies:
        yield from _names(part)
