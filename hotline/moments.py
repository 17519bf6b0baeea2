"""Times that others tell, as RFC 3339 writes them: no bare number, which may be seconds or milliseconds."""

import re
from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator

DATE_AND_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d")


def _written_out(said: Any) -> Any:
    """Raises ValueError for a string or a number that does not begin as a date and a time."""
    if isinstance(said, str | int | float) and not DATE_AND_TIME.match(str(said)):
        raise ValueError("a time is written as in 2026-11-21T08:00:00Z")
    return said


Moment = Annotated[AwareDatetime, BeforeValidator(_written_out)]
