"""What agents may send about an offer, and what every body of theirs is made of."""

from typing import Annotated

from fastapi import Path
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from hotline.privacy.cpr import redact

# NUL is what PostgreSQL cannot store.
Words = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
Reason = Annotated[Words, AfterValidator(lambda words: redact(words)[0])]
OfferId = Annotated[int, Path(ge=1, le=2**63 - 1)]


class Request(BaseModel):
    """A body in which every member must be known."""

    model_config = ConfigDict(extra="forbid")


class RefusalRequest(Request):
    """Why the agent does not take it."""

    reason: Reason | None = None
